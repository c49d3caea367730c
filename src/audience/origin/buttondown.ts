/** Buttondown: every subscriber has a `type`, and only some of them are to be mailed. */

import type { Said } from '../person.js'
import { evidenceOf, firstTime } from './evidence.js'
import { ADDRESS, NAME, noneOf, type Origin, TAGS } from './origin.js'

type State = { readonly status: Said['status']; readonly suppressed?: string }

const ACTIVE: State = { status: 'active' }
const LEFT: State = { status: 'unsubscribed' }

/** Kinds of readers by what may be sent to them. */
const TYPES: Readonly<Record<string, State>> = {
  regular: ACTIVE,
  premium: ACTIVE,
  gifted: ACTIVE,
  trialed: ACTIVE,
  past_due: ACTIVE,
  churning: ACTIVE,
  churned: ACTIVE,
  unpaid: ACTIVE,
  unactivated: { status: 'pending' },
  upcoming: { status: 'pending' },
  paused: LEFT,
  unsubscribed: LEFT,
  removed: LEFT,
  disabled: LEFT,
  blocked: { status: 'unsubscribed', suppressed: 'blocked at Buttondown' },
  spammy: { status: 'unsubscribed', suppressed: 'blocked at Buttondown' },
  complained: { status: 'unsubscribed', suppressed: 'complained at Buttondown' },
  undeliverable: { status: 'unsubscribed', suppressed: 'bounced at Buttondown' },
}

export const buttondown: Origin = {
  name: 'buttondown',
  title: 'Buttondown',
  signs: ['email', 'type', 'creation_date'],
  isHeader: (names) =>
    (names.has('email') || names.has('email_address')) &&
    (names.has('type') || names.has('subscriber_type')) &&
    names.has('creation_date'),
  columns: {
    email: ADDRESS,
    email_address: ADDRESS,
    name: NAME,
    tags: TAGS,
    metadata: { kind: 'json' },
    ...noneOf(
      'id',
      'secondary_id',
      'type',
      'subscriber_type',
      'creation_date',
      'ip_address',
      'notes',
      'avatar_url',
    ),
    ...noneOf(
      'unsubscription_date',
      'unsubscription_reason',
      'undeliverability_date',
      'undeliverability_reason',
    ),
    ...noneOf(
      'last_open_date',
      'last_click_date',
      'risk_score',
      'referral_code',
      'stripe_customer_id',
      'upgrade_date',
    ),
  },
  rest: 'attributes',
  said(field): Said | { problem: string } {
    const type = (field('type') || field('subscriber_type')).trim().toLowerCase()
    const state = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined
    if (state === undefined)
      return { problem: `the type ${JSON.stringify(type.slice(0, 40))} is none that is known` }
    const asked = field('creation_date')
    const left = field('unsubscription_date')
    const hasLeft = left.trim() !== '' && state.status === 'active'
    return {
      status: hasLeft ? 'unsubscribed' : state.status,
      leftBy: 'person',
      suppressed: state.suppressed ?? null,
      wishes: null,
      joinedAt: firstTime(asked),
      evidence: evidenceOf({ from: 'Buttondown', asked, askedFrom: field('ip_address'), left, type }),
    }
  },
}
