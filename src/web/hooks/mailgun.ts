/**
 * Mailgun signs a timestamp and a token of its own, not the event: HMAC-SHA-256 with the account's signing key, in the body beside
 * it. So each token is taken once; its documentation asks for that too.
 */

import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Query } from '../../db/db.js'
import { parseJson } from '../../json.js'
import { digestOf } from '../../track/feedback/digest.js'
import { readMailgun } from '../../track/feedback/read-mailgun.js'
import { isFresh, isSame, NEWEST_MS, NO_JSON, type ReadHook, unproven } from './hook.js'
import { takeHookToken } from './hook-token.js'

const signed = z.object({
  signature: z.object({
    timestamp: z.union([z.string().max(20), z.number().transform(String)]),
    token: z.string().max(200),
    signature: z.string().max(200),
  }),
  'event-data': z.unknown(),
})

/** It tries again for eight hours. */
const OLDEST_MS = 9 * 3_600_000

export function mailgunHook(signingKey: string, { query }: { readonly query: Query }): ReadHook {
  return async ({ body, now }) => {
    const json = parseJson(body.toString('utf8'))
    if (json === undefined) return NO_JSON
    const parsed = signed.safeParse(json)
    if (!parsed.success)
      return { kind: 'malformed', why: 'signature: timestamp, token and signature should stand here' }
    const { timestamp, token, signature } = parsed.data.signature
    const ours = createHmac('sha256', signingKey).update(`${timestamp}${token}`).digest('hex')
    if (!isSame(signature.toLowerCase(), ours)) return unproven('the signature is not of this signing key')
    if (!isFresh(timestamp, { now, oldestMs: OLDEST_MS })) return unproven('the signature is too old')
    const data = parsed.data['event-data']
    const event = digestOf(Buffer.from(JSON.stringify(data) ?? '', 'utf8'))
    const validMs = OLDEST_MS + 2 * NEWEST_MS
    // What is signed is both as one text: another cut between them is no other token.
    const isIts = await takeHookToken(query, { token: `${timestamp}${token}`, event, validMs, now })
    return isIts ? readMailgun(data) : unproven('the signature has been used for another event')
  }
}
