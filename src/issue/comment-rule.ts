/** Who may comment on an Issue: its subscribers, nobody, or its subscribers until so many days after it was first sent. */

import { z } from 'zod'

/** A number: days. */
export type CommentRule = 'on' | 'off' | number

const MAX_DAYS = 9999

/** `comments` in front matter and in newsletter.yaml; null where it says nothing. */
export const commentRule = z
  .unknown()
  .default(null)
  .transform((given, context): CommentRule | null => {
    if (given === null || given === undefined) return null
    if (given === 'on' || given === 'off') return given
    const [, digits = ''] = /^(\d{1,5})d$/.exec(String(given)) ?? []
    const days = Number(digits)
    if (days >= 1 && days <= MAX_DAYS) return days
    const message = `"comments" wants on, off, or the days that they are open, as in comments: 30d`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
