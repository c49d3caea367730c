/**
 * Whole text: what was written of a report that was cut in the middle of a character is half of one, which Postgres takes as text and
 * refuses as JSON. And a Suppression says apart from its reason that its person was erased: then no editor lifts it.
 */

import type { Engine } from '../db.js'

export function wholeText(engine: Engine): readonly string[] {
  return [
    ...(engine === 'postgres' ? [mend('event', AFTER), mend('feedback', 'true')] : []),
    'alter table suppression add column is_erased bigint not null default 0',
    `update suppression set is_erased = 1 where reason = 'erased'`,
  ]
}

const AFTER = `kind in ('unsubscribed', 'complained', 'bounced')`
/** An escape of half a character, or of a NUL, that is no text after a backslash. */
const BROKEN = String.raw`(?<!\\)((?:\\\\)*)\\u(?:d[89a-f][0-9a-f]{2}|0000)`

/** Of the rows that Pressrun reads into. */
function mend(table: 'event' | 'feedback', rows: string): string {
  return `update ${table} set detail = regexp_replace(detail, '${BROKEN}', '\\1', 'gi')
    where ${rows} and detail ~* '\\\\u(d[89a-f]|0000)'`
}
