/** What `lists new` and `lists edit` are told of a List. */

import { cleanValue } from '../audience/field.js'
import type { ListSettings } from '../audience/list.js'
import { readTopics, type Topic } from '../audience/topic.js'
import { InputError } from '../errors.js'

export interface ListFlags {
  readonly title?: string
  readonly description?: string
  readonly public?: boolean
  readonly private?: boolean
  readonly open?: boolean
  readonly closed?: boolean
  /** False: `--no-topics`. */
  readonly topics?: string | false
  readonly monthly?: boolean
}

const MAX_TITLE = 100
const MAX_DESCRIPTION = 500

/** Only what was said. Throws InputError that says what would be right. */
export function readSettings(flags: ListFlags): Partial<ListSettings> {
  return {
    ...(flags.title === undefined ? {} : { title: readLine('--title', flags.title, MAX_TITLE) }),
    ...(flags.description === undefined ? {} : { description: readDescription(flags.description) }),
    ...readSwitch('isPublic', flags.public, flags.private),
    ...readSwitch('isOpen', flags.open, flags.closed),
    ...(flags.topics === undefined ? {} : { topics: flags.topics === false ? [] : readTopics(flags.topics) }),
    ...(flags.monthly === undefined ? {} : { hasMonthly: flags.monthly }),
  }
}

/** Who signs up on a page has seen it: a private List has none. */
export function checkSettings(name: string, { isPublic, isOpen }: ListSettings): void {
  if (isOpen && !isPublic)
    throw new InputError(
      `the List "${name}" would be private and open; people sign up to public ones alone, so say --public or --closed too`,
    )
}

/** `public, open; topics Harbour news (harbour), Fishing (fishing); one a month on request` */
export function describeSettings({ isPublic, isOpen, topics, hasMonthly }: ListSettings): string {
  const parts = [`${isPublic ? 'public' : 'private'}, ${isOpen ? 'open for sign-up' : 'closed'}`]
  if (topics.length > 0) parts.push(`topics ${describeTopics(topics)}`)
  if (hasMonthly) parts.push('one issue a month for those who ask')
  return parts.join('; ')
}

export function describeTopics(topics: readonly Topic[]): string {
  return topics.length === 0
    ? 'none'
    : topics.map(({ name, title }) => (name === title ? name : `${name} (${title})`)).join(', ')
}

function readSwitch<K extends string>(key: K, yes: boolean | undefined, no: boolean | undefined) {
  return yes || no ? ({ [key]: yes === true } as { readonly [P in K]: boolean }) : {}
}

function readDescription(text: string): string {
  return text.trim() === '' ? '' : readLine('--description', text, MAX_DESCRIPTION)
}

function readLine(flag: string, text: string, most: number): string {
  const line = cleanValue(text)
  if (line === '') throw new InputError(`${flag}: is empty; write what readers shall see`)
  if (line.length > most) throw new InputError(`${flag}: is longer than ${most} characters; say it shorter`)
  return line
}
