/** `pressrun comments show`, `hide`, `hold`: what an editor decides about comments, each taken back by another. */

import type { Db } from '../db/db.js'
import { InputError } from '../errors.js'
import { type ConfirmedState, type Decided, decideComments } from '../track/moderate.js'

/** More at once come from a slip, or a script that wants to be told. */
const MAX_IDS = 500

export interface DecisionAnswer extends Decided {
  readonly state: ConfirmedState
  readonly by: string
}

/** Throws InputError for what is no number of a comment. */
export async function decideCommand(
  { ids, to, by }: { readonly ids: readonly string[]; readonly to: ConfirmedState; readonly by: string },
  { db, now }: { readonly db: Pick<Db, 'query'>; readonly now: () => number },
): Promise<DecisionAnswer> {
  if (ids.length > MAX_IDS)
    throw new InputError(`${ids.length} comments at once; ${MAX_IDS} is the most, call again for the others`)
  const decided = await decideComments(db, { ids: ids.map(readCommentId), to, by, now: now() })
  return { state: to, by, ...decided }
}

export function printDecision({ state, changed, already, unknown }: DecisionAnswer): string {
  const word = WORDS[state]
  const lines = [
    ...(changed.length === 0 ? [] : [`${name(changed)} ${word.now}`]),
    ...(already.length === 0 ? [] : [`${name(already)} ${word.before}`]),
    ...(unknown.length === 0
      ? []
      : [`there is nothing to decide about ${name(unknown)}; pressrun comments --all lists what there is`]),
  ]
  return `${lines.join('\n')}\n`
}

const WORDS = {
  shown: { now: 'shown to everybody', before: 'shown already' },
  hidden: { now: 'shown to nobody', before: 'hidden already' },
  held: { now: 'held: shown to nobody until you decide', before: 'held already' },
} as const satisfies Readonly<Record<ConfirmedState, { readonly now: string; readonly before: string }>>

function readCommentId(text: string): number {
  const digits = /^#?([1-9]\d{0,14})$/.exec(text)?.[1]
  if (digits === undefined)
    throw new InputError(
      `"${text}" is no comment; name its number, as in pressrun comments show 12 (pressrun comments lists them)`,
    )
  return Number(digits)
}

/** `#1, #2 and #3` */
function name(ids: readonly number[]): string {
  return new Intl.ListFormat('en-GB').format(ids.map((id) => `#${id}`))
}
