/**
 * listmonk: the subscribers' export, attributes as JSON. Its `status` is the person's; who has left one list of several is
 * told only by exporting that list's subscribers by their subscription status there.
 */

import type { Said } from '../person.js'
import { evidenceOf, firstTime } from './evidence.js'
import { ADDRESS, NAME, noneOf, type Origin } from './origin.js'

export const listmonk: Origin = {
  name: 'listmonk',
  title: 'listmonk',
  signs: ['uuid', 'email', 'attributes', 'status'],
  isHeader: (names) => ['uuid', 'email', 'attributes', 'status'].every((sign) => names.has(sign)),
  columns: {
    email: ADDRESS,
    name: NAME,
    attributes: { kind: 'json' },
    ...noneOf('uuid', 'status', 'created_at', 'updated_at', 'lists', 'subscription_status'),
  },
  rest: 'none',
  said(field): Said | { problem: string } {
    const status = field('status').trim().toLowerCase()
    if (!['enabled', 'disabled', 'blocklisted'].includes(status))
      return {
        problem: `the status ${JSON.stringify(status.slice(0, 40))} is none of enabled, disabled, blocklisted`,
      }
    const subscription = field('subscription_status').trim().toLowerCase()
    const hasLeft = status !== 'enabled' || subscription === 'unsubscribed'
    const asked = field('created_at')
    return {
      status: hasLeft ? 'unsubscribed' : subscription === 'unconfirmed' ? 'pending' : 'active',
      leftBy: 'person',
      suppressed: status === 'blocklisted' ? 'blocked at listmonk' : null,
      wishes: null,
      joinedAt: firstTime(asked),
      evidence: evidenceOf({ from: 'listmonk', asked, status }),
    }
  },
}
