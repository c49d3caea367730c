/** Substack: `email_list.….csv`. Who has turned mail off there stays on its list with `email_disabled`. */

import type { Said } from '../person.js'
import { evidenceOf, firstTime } from './evidence.js'
import { ADDRESS, NAME, noneOf, type Origin } from './origin.js'
import { isYes } from './yes.js'

export const substack: Origin = {
  name: 'substack',
  title: 'Substack',
  signs: ['email', 'active_subscription', 'email_disabled'],
  isHeader: (names) => names.has('email') && names.has('active_subscription'),
  columns: {
    email: ADDRESS,
    name: NAME,
    ...noneOf('email_disabled', 'digest_enabled', 'prefer_digests', 'created_at', 'first_payment_at'),
  },
  rest: 'attributes',
  said(field, { has }): Said | { problem: string } {
    if (!has('email_disabled')) return { problem: 'has no "email_disabled", which says who has left' }
    const joined = field('created_at')
    return {
      status: isYes(field('email_disabled')) ? 'unsubscribed' : 'active',
      leftBy: 'person',
      suppressed: null,
      wishes: null,
      joinedAt: firstTime(joined),
      evidence: evidenceOf({ from: 'Substack', asked: joined }),
    }
  },
}
