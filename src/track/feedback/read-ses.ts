/**
 * Amazon SES, as it speaks through SNS: notifications (`notificationType`) and event publishing (`eventType`), the same objects
 * in both. One event a recipient.
 */

import { z } from 'zod'
import type { Claim } from './feedback.js'
import {
  MAX_EVENTS,
  malformed,
  optionalText,
  type ProviderReading,
  providerEvent,
  readProviderBounce,
  text,
} from './provider-event.js'

const recipients = z.array(z.object({ emailAddress: text })).max(MAX_EVENTS)

const notification = z.object({
  notificationType: optionalText,
  eventType: optionalText,
  mail: z
    .object({
      messageId: optionalText,
      source: optionalText,
      headers: z
        .array(z.object({ name: text, value: text }))
        .max(500)
        .nullish(),
      commonHeaders: z.object({ messageId: optionalText }).nullish(),
    })
    .nullish(),
  bounce: z
    .object({
      bounceType: text,
      bounceSubType: optionalText,
      feedbackId: optionalText,
      bouncedRecipients: z
        .array(
          z.object({
            emailAddress: text,
            action: optionalText,
            status: optionalText,
            diagnosticCode: optionalText,
          }),
        )
        .max(MAX_EVENTS),
    })
    .nullish(),
  complaint: z
    .object({
      feedbackId: optionalText,
      complaintFeedbackType: optionalText,
      complainedRecipients: recipients,
    })
    .nullish(),
  deliveryDelay: z.object({ delayType: optionalText, delayedRecipients: recipients }).nullish(),
})

type Notification = z.infer<typeof notification>

/** `body`: the Message of an SNS notification, parsed. What is not about bounces or complaints has no events. */
export function readSes(body: unknown): ProviderReading {
  const parsed = notification.safeParse(body)
  if (!parsed.success) return malformed(parsed.error)
  const names = namesIn(parsed.data)
  const events = claimsIn(parsed.data).map(({ id, recipient, claim }) =>
    providerEvent(`${id} ${recipient}`, claim, names),
  )
  return { kind: 'events', events }
}

interface Reported {
  readonly id: string
  readonly recipient: string
  readonly claim: Claim
}

function claimsIn({ notificationType, eventType, mail, bounce, complaint, deliveryDelay }: Notification) {
  const messageId = mail?.messageId ?? ''
  const type = (notificationType || eventType).toLowerCase()
  if (type === 'bounce' && bounce) return bounced(bounce, bounce.feedbackId || messageId)
  if (type === 'complaint' && complaint) return complained(complaint, complaint.feedbackId || messageId)
  if (type === 'deliverydelay' && deliveryDelay)
    return deliveryDelay.delayedRecipients.map(
      ({ emailAddress }): Reported => ({
        id: `delay ${messageId}`,
        recipient: emailAddress,
        claim: { kind: 'nothing', why: 'delayed' },
      }),
    )
  return []
}

function bounced(bounce: NonNullable<Notification['bounce']>, id: string): readonly Reported[] {
  const { bounceType, bounceSubType, bouncedRecipients } = bounce
  return bouncedRecipients.map(({ emailAddress, status, diagnosticCode }) => {
    const claim = readProviderBounce({
      isPermanent: bounceType.toLowerCase() === 'permanent',
      status: status === '' ? null : status,
      said: diagnosticCode.replace(/^[\w-]+;\s*/, ''),
      recipient: emailAddress,
    })
    return { id, recipient: emailAddress, claim: withSubType(claim, bounceSubType) }
  })
}

/** What SES knows beside the receiver's answer. */
function withSubType(claim: Claim, subType: string): Claim {
  if (claim.kind !== 'bounced') return claim
  if (/^(MessageTooLarge|ContentRejected|AttachmentRejected)$/i.test(subType))
    return { ...claim, fault: 'content' }
  return /^MailboxFull$/i.test(subType) ? { ...claim, fault: 'soft' } : claim
}

function complained(
  { complaintFeedbackType, complainedRecipients }: NonNullable<Notification['complaint']>,
  id: string,
): readonly Reported[] {
  const type = complaintFeedbackType.toLowerCase().slice(0, 30)
  return complainedRecipients.map(({ emailAddress }) => ({
    id,
    recipient: emailAddress,
    claim:
      type === 'not-spam'
        ? { kind: 'nothing', why: 'notSpam' }
        : { kind: 'complained', type: type || 'abuse', recipient: emailAddress },
  }))
}

/** SES writes a Message-ID of its own over ours; ours stands among the headers, when the topic includes them. */
function namesIn({ mail }: Notification): readonly string[] {
  const named = /^(message-id|list-unsubscribe|return-path)$/i
  return [
    mail?.source ?? '',
    mail?.commonHeaders?.messageId ?? '',
    ...(mail?.headers ?? []).filter(({ name }) => named.test(name)).map(({ value }) => value),
  ]
}
