/** The part `tracking:` of newsletter.yaml: `off`, or keys of what is tracked; what is not said is as usual. */

import { z } from 'zod'
import { type Tracking, USUAL_TRACKING } from './tracking.js'

const FORM = '"tracking" wants on, off, or keys below it, such as opens: off'
const MAX_DAYS = 9_999

/** Null where there is no value: as usual. */
function oneOf<Word extends string>(key: string, words: readonly [Word, ...Word[]]) {
  return z
    .enum(words, { error: `"${key}" wants ${words.join(' or ')}, as in ${key}: ${words[0]}` })
    .nullable()
    .default(null)
}

const keep = z
  .unknown()
  .default(null)
  .transform((given, context): number | 'for-ever' | null => {
    if (given === null || given === 'for-ever') return given
    const [, digits = ''] = /^(\d{1,5})d$/.exec(String(given)) ?? []
    const days = Number(digits)
    if (days >= 1 && days <= MAX_DAYS) return days
    const message = `"keep" wants days from 1d to ${MAX_DAYS}d, or for-ever, as in keep: ${USUAL_TRACKING.keepDays}d`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })

const fields = z.strictObject(
  {
    opens: oneOf('opens', ['on', 'off']),
    clicks: oneOf('clicks', ['on', 'off']),
    'do-not-track': oneOf('do-not-track', ['honour', 'ignore']),
    keep,
    honeypot: oneOf('honeypot', ['on', 'off']),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? FORM : undefined) },
)

export const TRACKING_KEYS: readonly string[] = Object.keys(fields.shape)

export const trackingSchema = z.preprocess(spelledOut, fields).transform((given, context): Tracking => {
  const clicks = isOn(given.clicks, USUAL_TRACKING.clicks)
  const honeypot = isOn(given.honeypot, USUAL_TRACKING.honeypot)
  if (honeypot && !clicks) {
    const message = '"honeypot" tells clicks of machines from those of people; it wants clicks: on'
    context.addIssue({ code: 'custom', message, path: ['honeypot'] })
  }
  return {
    opens: isOn(given.opens, USUAL_TRACKING.opens),
    clicks,
    doNotTrack: given['do-not-track'] ?? USUAL_TRACKING.doNotTrack,
    keepDays: given.keep === 'for-ever' ? null : (given.keep ?? USUAL_TRACKING.keepDays),
    honeypot,
  }
})

/** A word for all of it. `off` is about opens and clicks; what was kept before still goes in its time. */
function spelledOut(given: unknown): unknown {
  if (given === undefined || given === null || given === 'on') return {}
  return given === 'off' ? { opens: 'off', clicks: 'off' } : given
}

function isOn(given: 'on' | 'off' | null, usual: boolean): boolean {
  return given === null ? usual : given === 'on'
}
