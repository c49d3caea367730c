/**
 * Amazon SES, through SNS. A message is believed when it comes from the topic that was named, and is signed by a certificate that
 * SNS itself shows; its question whether to send here is answered then, and only then.
 */

import { verify } from 'node:crypto'
import { parseJson } from '../../json.js'
import { readSes } from '../../track/feedback/read-ses.js'
import { type CertificatesContext, openCertificates } from './certificates.js'
import { type HookReading, isSame, NO_JSON, type ReadHook, unproven } from './hook.js'
import { isCertificateUrl, isConfirmUrl } from './sns-address.js'
import { type SnsMessage, signedText, snsMessage } from './sns-message.js'

const HASH = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const

export function sesHook(topic: string, context: CertificatesContext): ReadHook {
  const certificates = openCertificates(context)

  return async ({ body }) => {
    const json = parseJson(body.toString('utf8'))
    if (json === undefined) return NO_JSON
    const parsed = snsMessage.safeParse(json)
    if (!parsed.success) return { kind: 'malformed', why: `${wrongField(parsed.error)} is missing or wrong` }
    const message = parsed.data
    if (!isSame(message.TopicArn, topic)) return unproven('it comes from another topic')
    if (!isCertificateUrl(message.SigningCertURL, topic))
      return unproven('its certificate does not lie with SNS')
    const certificate = await certificates.get(message.SigningCertURL)
    if (certificate === null) return { kind: 'later', why: 'the certificate could not be had' }
    const isSigned = verify(
      HASH[message.SignatureVersion],
      Buffer.from(signedText(message), 'utf8'),
      certificate.publicKey,
      Buffer.from(message.Signature, 'base64'),
    )
    return isSigned ? readSigned(message) : unproven('the signature does not hold')
  }

  async function readSigned({ Type, Message, SubscribeURL }: SnsMessage): Promise<HookReading> {
    if (Type === 'Notification') return readNotification(Message)
    if (Type === 'UnsubscribeConfirmation')
      return { kind: 'answered', words: 'this topic sends here no longer' }
    const url = SubscribeURL ?? ''
    if (!isConfirmUrl(url, topic)) return unproven('its SubscribeURL does not lie with SNS')
    try {
      await context.fetchText(url)
    } catch {
      return { kind: 'later', why: 'SNS did not take the confirmation' }
    }
    return { kind: 'answered', words: 'the subscription is confirmed' }
  }
}

/** SES also tells in a sentence that a topic was set up; that is no report. */
function readNotification(message: string): HookReading {
  const notification = parseJson(message)
  return notification === undefined || typeof notification !== 'object'
    ? { kind: 'answered', words: 'no report' }
    : readSes(notification)
}

function wrongField(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[] }[]
}): string {
  return String(error.issues[0]?.path[0] ?? 'the body')
}
