/** Ghost: the members' export. A member who gets no mail stays a member, with `subscribed_to_emails` false. */

import type { Said } from '../person.js'
import { evidenceOf, firstTime } from './evidence.js'
import { ADDRESS, NAME, noneOf, type Origin, TAGS } from './origin.js'
import { isClearlyYes } from './yes.js'

export const ghost: Origin = {
  name: 'ghost',
  title: 'Ghost',
  signs: ['email', 'subscribed_to_emails', 'complimentary_plan'],
  isHeader: (names) => names.has('email') && names.has('subscribed_to_emails'),
  columns: {
    email: ADDRESS,
    name: NAME,
    labels: TAGS,
    ...noneOf('id', 'subscribed_to_emails', 'stripe_customer_id', 'created_at', 'deleted_at', 'gift_id'),
  },
  rest: 'attributes',
  said(field): Said {
    const joined = field('created_at')
    const left = field('deleted_at')
    const isOn = isClearlyYes(field('subscribed_to_emails')) && left === ''
    return {
      status: isOn ? 'active' : 'unsubscribed',
      leftBy: 'person',
      suppressed: null,
      wishes: null,
      joinedAt: firstTime(joined),
      evidence: evidenceOf({ from: 'Ghost', asked: joined, left }),
    }
  },
}
