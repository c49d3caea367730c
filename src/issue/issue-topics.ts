/** `topics` in front matter: what an Issue is about, by the names that a List gives its topics. Which there are is not known here. */

import { z } from 'zod'

const NAME = /^[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?$/
/** More are no choice but a catalogue. */
export const MAX_TOPICS = 20

const FORM = '"topics" wants names of topics, as in topics: harbour, fishing'

export function isTopicName(text: string): boolean {
  return NAME.test(text)
}

/** Each once; empty: the Issue is for everyone. */
export const issueTopics = z
  .unknown()
  .default(null)
  .transform((given, context): readonly string[] => {
    const complain = (message: string) => context.addIssue({ code: 'custom', message })
    const written = typeof given === 'string' ? given.split(',') : (given ?? [])
    const read = z.array(z.string()).safeParse(written)
    if (!read.success) {
      complain(FORM)
      return z.NEVER
    }
    const names = read.data.map((name) => name.trim()).filter((name) => name !== '')
    const bad = names.find((name) => !isTopicName(name))
    if (bad !== undefined)
      complain(
        `"topics": ${JSON.stringify(bad.slice(0, 60))} names no topic; use small letters, digits, - and _, as in topics: harbour, fishing`,
      )
    if (names.length > MAX_TOPICS) complain(`"topics" names ${names.length}; ${MAX_TOPICS} are the most`)
    return [...new Set(names)]
  })
