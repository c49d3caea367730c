/** I01: the subject, as the list of an inbox shows it. */

import { displayWidth } from '../wrap.js'
import type { CheckInput, Found } from './check.js'
import { fallbackText } from './reading.js'

/** A phone shows some 40 columns, a desk some 60. */
const LONGEST_COLUMNS = 60
/** Shorter ones may be an abbreviation. */
const FEWEST_CAPITALS = 8
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f/u
const REPLY = /^(?:re|fwd?|aw|wg|rif|sv|antw)\s*:/i

/** Judged as a reader of whom nothing is known gets it; emptiness, for every sample reader. */
export function describeSubject(input: CheckInput): readonly Found[] {
  const { issue, publication, lineOf, past, copies } = input
  const line = lineOf('subject') ?? lineOf('title') ?? 1
  const subject = fallbackText(issue.subject).trim()
  const empty = copies.find((copy) => copy.subject.trim() === '')
  if (empty !== undefined)
    return [
      {
        severity: 'error',
        line,
        message: `the subject is empty for ${empty.label}`,
        hint: 'give its hole a fallback, as in {{subscriber.name "reader"}}, or write words beside it',
      },
    ]
  const broken = copies.find((copy) => /[\r\n]/.test(copy.subject))
  return [
    ...(broken === undefined
      ? []
      : [
          {
            severity: 'error' as const,
            line,
            message: `the subject has a line break for ${broken.label}`,
            hint: 'write it in one line',
          },
        ]),
    ...describeManner(subject, publication.name).map((said) => ({
      severity: 'warn' as const,
      line,
      ...said,
    })),
    ...past
      .filter((earlier) => isSame(earlier.subject, subject))
      .slice(0, 1)
      .map(({ file }) => ({
        severity: 'warn' as const,
        line,
        message: `the subject is also that of ${file}; mail programs will put the two into one conversation`,
        hint: 'write what is new in this issue',
      })),
  ]
}

function describeManner(subject: string, name: string): readonly Pick<Found, 'message' | 'hint'>[] {
  const said: Pick<Found, 'message' | 'hint'>[] = []
  const columns = displayWidth(subject)
  if (columns > LONGEST_COLUMNS)
    said.push({
      message: `the subject is ${columns} columns wide, and inboxes cut it near ${LONGEST_COLUMNS}`,
      hint: 'put what matters first, and shorten the rest',
    })
  // A name that is written so is not shouted, and one that is not hides what is.
  if (isShouted(subject.replace(name, '')))
    said.push({ message: 'the subject is in capitals, as spam is', hint: 'write it as a sentence' })
  if (/[!?！？¡¿]{2,}/.test(subject.replaceAll('?!', '?')))
    said.push({ message: 'the subject has several marks in a row, as spam has', hint: 'one is enough' })
  if (countEmoji(subject) > 1)
    said.push({
      message: 'the subject has more than one emoji',
      hint: 'a screen reader says each by name; keep one',
    })
  if (REPLY.test(subject))
    said.push({
      message: `the subject begins with "${REPLY.exec(subject)?.[0]}" as if it answered something`,
      hint: 'take it out; filters and the law mind',
    })
  return said
}

/** Words in capitals throughout, in scripts that have them. */
function isShouted(subject: string): boolean {
  const capitals = subject.match(/\p{Lu}/gu)?.length ?? 0
  return capitals >= FEWEST_CAPITALS && !/\p{Ll}/u.test(subject) && /\p{Lu}{2}.*\s.*\p{Lu}{2}/u.test(subject)
}

function countEmoji(subject: string): number {
  const graphemes = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(subject)]
  return graphemes.filter(({ segment }) => EMOJI.test(segment)).length
}

function isSame(one: string, other: string): boolean {
  const bare = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim()
  return bare(one) === bare(other)
}
