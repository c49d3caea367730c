/** Mailgun's webhooks: one event a request, in `event-data`. */

import { z } from 'zod'
import type { Claim } from './feedback.js'
import {
  malformed,
  optionalText,
  type ProviderReading,
  providerEvent,
  readProviderBounce,
  text,
} from './provider-event.js'

const eventData = z.object({
  id: text,
  event: text,
  severity: optionalText,
  reason: optionalText,
  recipient: optionalText,
  'delivery-status': z
    .object({ code: optionalText, message: optionalText, description: optionalText })
    .nullish(),
  message: z.object({ headers: z.object({ 'message-id': optionalText }).nullish() }).nullish(),
  envelope: z.object({ sender: optionalText }).nullish(),
})

type EventData = z.infer<typeof eventData>

/** `body`: what stands under `event-data`. */
export function readMailgun(body: unknown): ProviderReading {
  const parsed = eventData.safeParse(body)
  if (!parsed.success) return malformed(parsed.error)
  const { id, message, envelope } = parsed.data
  const claim = claimIn(parsed.data)
  if (claim === null) return { kind: 'events', events: [] }
  const messageId = message?.headers?.['message-id'] ?? ''
  // It leaves the angle brackets out.
  const names = [envelope?.sender ?? '', messageId.startsWith('<') ? messageId : `<${messageId}>`]
  return { kind: 'events', events: [providerEvent(id, claim, names)] }
}

function claimIn(data: EventData): Claim | null {
  const { event, severity, reason, recipient } = data
  if (event === 'complained') return { kind: 'complained', type: 'abuse', recipient }
  if (event === 'unsubscribed') return { kind: 'complained', type: 'opt-out', recipient }
  if (event !== 'failed') return null
  // It goes on trying.
  if (severity === 'temporary') return { kind: 'nothing', why: 'delayed' }
  // Not sent at all, since it keeps a list of its own.
  if (reason === 'suppress-complaint') return { kind: 'complained', type: 'abuse', recipient }
  if (reason === 'suppress-unsubscribe') return { kind: 'complained', type: 'opt-out', recipient }
  return readProviderBounce({ isPermanent: true, status: null, said: saidIn(data), recipient })
}

/** What the server said, its code first; Mailgun's own codes (605: on its list) are no SMTP codes. */
function saidIn({ 'delivery-status': status }: EventData): string {
  const said = status?.message || status?.description || ''
  const code = status?.code ?? ''
  return /^[45]\d\d$/.test(code) && !said.startsWith(code) ? `${code} ${said}` : said
}
