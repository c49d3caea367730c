/** Postmark's bounce and spam complaint webhooks: one record a request. */

import { z } from 'zod'
import type { Claim, NoHarm } from './feedback.js'
import {
  malformed,
  optionalText,
  type ProviderReading,
  providerEvent,
  readProviderBounce,
  text,
} from './provider-event.js'

const record = z.object({
  RecordType: text,
  ID: z.union([z.number(), text]).nullish(),
  Type: optionalText,
  Email: optionalText,
  Recipient: optionalText,
  MessageID: optionalText,
  Description: optionalText,
  Details: optionalText,
  /** What came back, when the webhook was told to include it. */
  Content: z.string().nullish(),
})

type Record = z.infer<typeof record>

const HARMLESS: Readonly<{ [type: string]: NoHarm }> = {
  Transient: 'delayed',
  AutoResponder: 'autoReply',
  AddressChange: 'autoReply',
  Subscribe: 'autoReply',
  Unsubscribe: 'autoReply',
  ChallengeVerification: 'challenge',
}
const ABOUT_CONTENT = ['SpamNotification', 'VirusNotification']
const ABOUT_US = ['Blocked', 'DMARCPolicy', 'ISPBlock']
const PERMANENT = ['HardBounce', 'BadEmailAddress']
const BOUNCES = [...ABOUT_CONTENT, ...ABOUT_US, ...PERMANENT, 'SoftBounce', 'DnsError', 'Unknown']

export function readPostmark(body: unknown): ProviderReading {
  const parsed = record.safeParse(body)
  if (!parsed.success) return malformed(parsed.error)
  const { data } = parsed
  const claim = claimIn(data)
  if (claim === null) return { kind: 'events', events: [] }
  const id = `${data.RecordType} ${data.ID ?? `${data.MessageID} ${data.Email}`}`
  return { kind: 'events', events: [providerEvent(id, claim, [data.Content ?? ''])] }
}

function claimIn(record: Record): Claim | null {
  const { RecordType, Type, Email: recipient } = record
  if (RecordType === 'SpamComplaint' || (RecordType === 'Bounce' && Type === 'SpamComplaint'))
    return { kind: 'complained', type: 'abuse', recipient }
  if (RecordType !== 'Bounce') return null
  const why = Object.hasOwn(HARMLESS, Type) ? HARMLESS[Type] : undefined
  if (why !== undefined) return { kind: 'nothing', why }
  return BOUNCES.includes(Type) ? bounceIn(record) : null
}

function bounceIn({ Type, Email: recipient, Details, Description }: Record): Claim {
  const claim = readProviderBounce({
    isPermanent: PERMANENT.includes(Type),
    status: null,
    said: Details || Description,
    recipient,
  })
  if (claim.kind !== 'bounced') return claim
  if (ABOUT_CONTENT.includes(Type)) return { ...claim, fault: 'content' }
  return ABOUT_US.includes(Type) ? { ...claim, fault: 'policy' } : claim
}
