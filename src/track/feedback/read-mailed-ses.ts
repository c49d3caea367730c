/** Amazon's notifications may be subscribed to by mail: then a Mail holds the JSON that a webhook would. Unsigned, so not verified. */

import { parseJson } from '../../json.js'
import type { Claim } from './feedback.js'
import type { Mail } from './read-mail.js'
import { readSes } from './read-ses.js'

/** Null when it holds no bounce, complaint or delay. */
export function readMailedSes({ text }: Mail): readonly Claim[] | null {
  if (!text.startsWith('{')) return null
  // Below a line of its own SNS tells how to get no more of them.
  const [json = ''] = text.split(/\r?\n-- ?\r?\n/, 1)
  // Its lines are longer than mail allows, so they were broken on the way.
  const outer = parseJson(json.replace(/\r?\n /g, ''))
  const reading = readSes(messageIn(outer) ?? outer)
  if (reading.kind === 'malformed') return null
  const claims = reading.events.flatMap(({ feedback }) => feedback.claims).slice(0, 100)
  return claims.length === 0 ? null : claims
}

/** Unless its delivery is raw, SNS wraps the notification up. */
function messageIn(outer: unknown): unknown {
  if (typeof outer !== 'object' || outer === null || !('Message' in outer)) return null
  return typeof outer.Message === 'string' ? parseJson(outer.Message) : null
}
