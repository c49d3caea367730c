/** Pressrun's own export (`export.ts`): everything comes back as it was. */

import { SUBSCRIPTION_STATUSES } from '../../db/schema.js'
import { READER_LANGUAGES } from '../../issue/reader-language.js'
import { cleanValue } from '../field.js'
import type { Said } from '../person.js'
import { firstTime } from './evidence.js'
import { ADDRESS, NAME, noneOf, type Origin, TAGS } from './origin.js'

const MAX_TOPICS = 100

/** What stands in the header besides attributes. */
export const EXPORT_COLUMNS = [
  'address',
  'name',
  'tags',
  'status',
  'left_by',
  'joined',
  'suppressed',
  'lang',
  'preferences',
  'paused_until',
  'tracking',
] as const

export const pressrun: Origin = {
  name: 'pressrun',
  title: 'Pressrun',
  signs: EXPORT_COLUMNS,
  isHeader: (names) => EXPORT_COLUMNS.every((column) => names.has(column)),
  columns: {
    address: ADDRESS,
    name: NAME,
    tags: TAGS,
    ...noneOf('status', 'left_by', 'joined', 'suppressed', 'lang', 'preferences', 'paused_until', 'tracking'),
  },
  rest: 'attributes',
  said(field): Said | { problem: string } {
    const text = field('status').trim()
    const status = SUBSCRIPTION_STATUSES.find((one) => one === text)
    if (status === undefined)
      return {
        problem: `the status ${JSON.stringify(text.slice(0, 40))} is none of ${SUBSCRIPTION_STATUSES.join(', ')}`,
      }
    const suppressed = cleanValue(field('suppressed'))
    const preferences = readPreferences(field('preferences'))
    if (preferences === null) return { problem: 'the preferences are none that Pressrun writes' }
    return {
      status,
      leftBy: field('left_by') === 'editor' ? 'editor' : 'person',
      suppressed: suppressed === '' ? null : suppressed,
      joinedAt: firstTime(field('joined')),
      evidence: { from: 'Pressrun' },
      wishes: {
        lang: READER_LANGUAGES.find((one) => one === field('lang')) ?? null,
        preferences,
        pausedUntil: firstTime(field('paused_until')),
        isUntracked: field('tracking').trim() === 'off',
      },
    }
  },
}

/** In their one form, JSON; null when they are none. */
function readPreferences(text: string): string | null {
  if (text.trim() === '') return '{}'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { topics, monthly } = value as { topics?: unknown; monthly?: unknown }
  return JSON.stringify({ ...(isTopics(topics) ? { topics } : {}), ...(monthly === true ? { monthly } : {}) })
}

function isTopics(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.length <= MAX_TOPICS && given.every((one) => typeof one === 'string')
}
