/** Speed of sending, from the minutes in which anything was answered: a pause of a day makes nothing slower. */

export const MINUTE_MS = 60_000

/** What was answered within one minute. */
export interface Minute {
  /** Minutes since 1970. */
  readonly minute: number
  readonly sent: number
  readonly deferred: number
  /** The first intent and the last reply among them, ms since 1970. */
  readonly firstAt: number
  readonly lastAt: number
}

export interface SentSpan {
  /** ISO 8601, its beginning. */
  readonly at: string
  readonly spanMs: number
  readonly sent: number
  readonly deferred: number
}

/** Messages a second while it ran; null when none was sent. Less than a second counts as one. */
export function speedOf(minutes: readonly Minute[]): number | null {
  const sent = minutes.reduce((sum, one) => sum + one.sent, 0)
  if (sent === 0) return null
  const active = new Set(minutes.map(({ minute }) => minute))
  const first = Math.min(...active)
  const last = Math.max(...active)
  // An intent may lie in the minute before the first reply.
  const beganAt = Math.min(...minutes.filter(({ minute }) => minute === first).map(({ firstAt }) => firstAt))
  const endedAt = Math.max(...minutes.filter(({ minute }) => minute === last).map(({ lastAt }) => lastAt))
  const activeMs =
    active.size * MINUTE_MS - (beganAt - first * MINUTE_MS) - ((last + 1) * MINUTE_MS - endedAt)
  return Number((sent / Math.max(1, activeMs / 1_000)).toFixed(2))
}

const HOUR_MS = 60 * MINUTE_MS
const SPANS_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS] as const
/** As many bars as a chart can show. */
const MOST_SPANS = 120

/** The same in spans of one length, the shortest that makes few enough; those with nothing in them are left out. */
export function inSpans(minutes: readonly Minute[]): readonly SentSpan[] {
  const spanMs = SPANS_MS.find((span) => spansOf(minutes, span).size <= MOST_SPANS) ?? 24 * HOUR_MS
  return [...spansOf(minutes, spanMs)]
    .sort(([one], [other]) => one - other)
    .map(([at, counts]) => ({ at: new Date(at).toISOString(), spanMs, ...counts }))
}

function spansOf(minutes: readonly Minute[], spanMs: number) {
  const spans = new Map<number, { sent: number; deferred: number }>()
  for (const { minute, sent, deferred } of minutes) {
    const at = Math.floor((minute * MINUTE_MS) / spanMs) * spanMs
    const before = spans.get(at) ?? { sent: 0, deferred: 0 }
    spans.set(at, { sent: before.sent + sent, deferred: before.deferred + deferred })
  }
  return spans
}
