/** SendGrid signs the timestamp and the body as they are: ECDSA with SHA-256, by the key that its settings show. */

import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { parseJson } from '../../json.js'
import { readSendgrid } from '../../track/feedback/read-sendgrid.js'
import { isFresh, NO_JSON, type ReadHook, unproven } from './hook.js'

const SIGNATURE = 'x-twilio-email-event-webhook-signature'
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp'
/** It tries again for a day; what comes twice is known by its id, whatever its age. */
const OLDEST_MS = 26 * 3_600_000

/** `publicKey`: base64 of the DER form (SPKI). */
export function sendgridHook(publicKey: string): ReadHook {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return ({ body, header, now }) => {
    const timestamp = header(TIMESTAMP)
    const signed = Buffer.concat([Buffer.from(timestamp, 'latin1'), body])
    if (!holds(signed, { key, signature: header(SIGNATURE) }))
      return unproven('the signature is not of this key')
    if (!isFresh(timestamp, { now, oldestMs: OLDEST_MS })) return unproven('the signature is too old')
    const json = parseJson(body.toString('utf8'))
    return json === undefined ? NO_JSON : readSendgrid(json)
  }
}

function holds(
  signed: Buffer,
  { key, signature }: { readonly key: KeyObject; readonly signature: string },
): boolean {
  return signature !== '' && verify('sha256', signed, key, Buffer.from(signature, 'base64'))
}
