/** Topic: what readers of a List may choose among, and what an Issue says it is about. */

import { InputError } from '../errors.js'
import { isTopicName, MAX_TOPICS } from '../issue/issue-topics.js'
import { cleanName } from './field.js'

export interface Topic {
  /** Stands in Issues and preferences. */
  readonly name: string
  /** What readers see. */
  readonly title: string
}

const MAX_TITLE = 100

/** `harbour: Harbour news, fishing: Fishing`; '' for none. Throws InputError that says what would be right. */
export function readTopics(text: string): readonly Topic[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const topics = parts.map(readTopic)
  if (topics.length > MAX_TOPICS)
    throw new InputError(`--topics: names ${topics.length} topics; ${MAX_TOPICS} are the most`)
  const twice = topics.find(({ name }, at) => topics.findIndex((other) => other.name === name) !== at)
  if (twice !== undefined) throw new InputError(`--topics: "${twice.name}" is there twice; keep one`)
  return topics
}

function readTopic(part: string): Topic {
  const colon = part.indexOf(':')
  const name = (colon === -1 ? part : part.slice(0, colon)).trim()
  const title = colon === -1 ? name : cleanName(part.slice(colon + 1))
  if (!isTopicName(name))
    throw new InputError(
      `--topics: "${name.slice(0, MAX_TITLE)}" names no topic; use small letters, digits, - and _, as in harbour: Harbour news`,
    )
  if (title === '' || title.length > MAX_TITLE)
    throw new InputError(
      `--topics: "${name}" wants a title of up to ${MAX_TITLE} characters behind its colon`,
    )
  return { name, title }
}
