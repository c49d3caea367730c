/** Mailgun signs a timestamp and a token of its own: HMAC-SHA-256 with the account's signing key, in the body beside the event. */

import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { readMailgun } from '../../track/feedback/read-mailgun.js'
import { isFresh, isSame, NO_JSON, parseJson, type ReadHook, unproven } from './hook.js'

const signed = z.object({
  signature: z.object({
    timestamp: z.union([z.string().max(20), z.number().transform(String)]),
    token: z.string().max(200),
    signature: z.string().max(200),
  }),
  'event-data': z.unknown(),
})

export function mailgunHook(signingKey: string): ReadHook {
  return ({ body, now }) => {
    const json = parseJson(body.toString('utf8'))
    if (json === undefined) return NO_JSON
    const parsed = signed.safeParse(json)
    if (!parsed.success)
      return { kind: 'malformed', why: 'signature: timestamp, token and signature should stand here' }
    const { timestamp, token, signature } = parsed.data.signature
    const ours = createHmac('sha256', signingKey).update(`${timestamp}${token}`).digest('hex')
    if (!isSame(signature.toLowerCase(), ours)) return unproven('the signature is not of this signing key')
    if (!isFresh(timestamp, now)) return unproven('the signature is too old')
    return readMailgun(parsed.data['event-data'])
  }
}
