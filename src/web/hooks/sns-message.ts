/** What Amazon SNS posts, and the text of it that is signed. */

import { z } from 'zod'

const field = z.string().max(300_000)

export const snsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: field,
  TopicArn: field,
  Message: field,
  Subject: field.nullish(),
  Timestamp: field,
  SignatureVersion: z.enum(['1', '2']),
  Signature: field,
  SigningCertURL: field,
  SubscribeURL: field.nullish(),
  Token: field.nullish(),
})

export type SnsMessage = z.infer<typeof snsMessage>

const OF_NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const
const OF_CONFIRMATION = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
] as const

/** Names and values, each on a line; a field that is not there is left out (SNS developer guide, "Verifying the signatures"). */
export function signedText(message: SnsMessage): string {
  const names = message.Type === 'Notification' ? OF_NOTIFICATION : OF_CONFIRMATION
  return names
    .map((name) => {
      const value = message[name]
      return value === undefined || value === null ? '' : `${name}\n${value}\n`
    })
    .join('')
}
