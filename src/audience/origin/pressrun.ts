/** Pressrun's own export (`export.ts`): everything comes back as it was. */

import { SUBSCRIPTION_STATUSES } from '../../db/schema.js'
import { cleanValue } from '../field.js'
import type { Said } from '../person.js'
import { firstTime } from './evidence.js'
import { ADDRESS, NAME, noneOf, type Origin, TAGS } from './origin.js'

/** What stands in the header besides attributes. */
export const EXPORT_COLUMNS = [
  'address',
  'name',
  'tags',
  'status',
  'left_by',
  'joined',
  'suppressed',
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
    ...noneOf('status', 'left_by', 'joined', 'suppressed'),
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
    return {
      status,
      leftBy: field('left_by') === 'editor' ? 'editor' : 'person',
      suppressed: suppressed === '' ? null : suppressed,
      joinedAt: firstTime(field('joined')),
      evidence: { from: 'Pressrun' },
    }
  },
}
