/** SendGrid's event webhook: an array of events, opens and clicks among them, which are not ours to count. */

import { z } from 'zod'
import type { Claim } from './feedback.js'
import {
  MAX_EVENTS,
  malformed,
  optionalText,
  type ProviderEvent,
  type ProviderReading,
  providerEvent,
  readProviderBounce,
  text,
} from './provider-event.js'

const oneEvent = z.object({
  event: text,
  email: optionalText,
  sg_event_id: optionalText,
  sg_message_id: optionalText,
  'smtp-id': optionalText,
  /** Of a bounce: `bounce`, or `blocked` where the address may be well. */
  type: optionalText,
  reason: optionalText,
  response: optionalText,
  status: optionalText,
})

type OneEvent = z.infer<typeof oneEvent>

const batch = z.array(oneEvent).max(MAX_EVENTS)

export function readSendgrid(body: unknown): ProviderReading {
  const parsed = batch.safeParse(body)
  if (!parsed.success) return malformed(parsed.error)
  const events = parsed.data.flatMap((event): ProviderEvent[] => {
    const claim = claimIn(event)
    return claim === null ? [] : [providerEvent(idOf(event), claim, [event['smtp-id']])]
  })
  return { kind: 'events', events }
}

function idOf({ sg_event_id: id, sg_message_id: messageId, event, email }: OneEvent): string {
  return id || `${event} ${messageId} ${email}`
}

function claimIn({ event, type, reason, response, status, email: recipient }: OneEvent): Claim | null {
  switch (event) {
    case 'bounce':
    case 'blocked':
      return readProviderBounce({
        isPermanent: event === 'bounce' && type !== 'blocked',
        status: /^[45]\.\d{1,3}\.\d{1,3}$/.test(status) ? status : null,
        said: reason || response,
        recipient,
      })
    case 'dropped':
      return droppedFor(reason, recipient)
    case 'deferred':
      return { kind: 'nothing', why: 'delayed' }
    case 'spamreport':
      return { kind: 'complained', type: 'abuse', recipient }
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { kind: 'complained', type: 'opt-out', recipient }
    default:
      return null
  }
}

/** Not sent at all, since SendGrid keeps a list of its own. */
function droppedFor(reason: string, recipient: string): Claim | null {
  if (/spam reporting address/i.test(reason)) return { kind: 'complained', type: 'abuse', recipient }
  if (/unsubscribed address/i.test(reason)) return { kind: 'complained', type: 'opt-out', recipient }
  return /bounced address|invalid/i.test(reason)
    ? readProviderBounce({ isPermanent: true, status: null, said: '', recipient })
    : null
}
