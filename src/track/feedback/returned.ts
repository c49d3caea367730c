/** What names the Delivery that a report is about, best first: its envelope, its own fields, the message that came with it. */

import type { Feedback } from './feedback.js'
import { distinct, findLeaveTokens, findMessageIds, findReturnTokens } from './find-tokens.js'
import type { Mail } from './read-mail.js'

/** Addresses before an `@` that are looked at, in one text. */
const MAX_ADDRESSES = 2_000
/** RFC 5321 allows 64; forwarders and their like write longer ones. */
const MAX_LOCAL = 200

export function findNames(
  mail: Mail,
  envelopeTo: readonly string[],
): Pick<Feedback, 'returnTokens' | 'leaveTokens' | 'messageIds'> {
  const texts = [...fieldsThatName(mail), ...mail.parts.map(({ content }) => content), mail.text]
  return {
    returnTokens: distinct([
      ...findReturnTokens(envelopeTo),
      ...texts.flatMap((text) => findReturnTokens(localParts(text))),
    ]),
    leaveTokens: distinct(texts.flatMap(findLeaveTokens)),
    messageIds: distinct(texts.flatMap(findMessageIds)),
  }
}

/** Of the report's own header. */
function fieldsThatName({ fields }: Mail): readonly string[] {
  return ['delivered-to', 'x-original-to', 'envelope-to', 'to', 'in-reply-to', 'references'].flatMap(
    (name) => fields.get(name) ?? [],
  )
}

/** What stands before each `@`, cut: a search that cannot run away. */
function localParts(text: string): readonly string[] {
  const found: string[] = []
  let at = text.indexOf('@')
  while (at >= 0 && found.length < MAX_ADDRESSES) {
    const before = text.slice(Math.max(0, at - MAX_LOCAL), at)
    if (/[a-z2-7]{26}/i.test(before)) found.push(before.replace(/^.*[\s<>:;,"'()]/s, ''))
    at = text.indexOf('@', at + 1)
  }
  return found
}
