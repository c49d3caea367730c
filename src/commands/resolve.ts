/** `pressrun resolve`: what a person decides about the uncertain ones of a Send. */

import { makeOwner } from '../app/owner.js'
import { replyTimeoutMs } from '../app/relay-check.js'
import type { Store } from '../app/store.js'
import type { Config } from '../config.js'
import type { SendState } from '../db/schema.js'
import { InputError } from '../errors.js'
import { formatNumber } from '../report/columns.js'
import { type Resolved, resolveUncertain } from '../send/resolve.js'
import { findSend } from '../send/send.js'
import { readAddress } from './subscribers-show.js'

export interface ResolveAnswer extends Resolved {
  readonly kind: 'resolved'
  readonly send: number
  /** Of the Send, as it is now. */
  readonly state: SendState
  readonly decision: 'resend' | 'leave'
  readonly by: string
}

export interface ResolveRefusal {
  readonly kind: 'refused'
  readonly send: number
  readonly state: SendState
  readonly message: string
}

/** Throws InputError for a Send or address that there is nothing to decide about. */
export async function resolveCommand(
  request: {
    readonly sendId: number
    readonly decision: 'resend' | 'leave'
    readonly address: string | null
    readonly by: string
  },
  { config, store }: { readonly config: Config; readonly store: Store },
): Promise<ResolveAnswer | ResolveRefusal> {
  const { sendId, decision, by } = request
  const { db, keys, now } = store
  const { state } = await findSend(db.query, sendId)
  if (state === 'cancelled' && decision === 'resend')
    return {
      kind: 'refused',
      send: sendId,
      state,
      message: `Send ${sendId} is cancelled: nobody gets it any more; --leave says that you have seen it`,
    }
  const addressKey = request.address === null ? null : readAddress(request.address).key
  const resolved = await resolveUncertain(
    { sendId, decision, addressKey, by },
    {
      query: db.query,
      keys,
      now,
      wireTimeoutMs: replyTimeoutMs(config),
      isDead: makeOwner({ isAlone: false }).isDead,
    },
  )
  if (addressKey !== null && resolved.decided + resolved.tooYoung + resolved.optedOut === 0)
    throw new InputError(
      `--address: ${request.address} is not uncertain in Send ${sendId}; pressrun deliveries ${sendId} --state uncertain lists who is`,
    )
  const after = await findSend(db.query, sendId)
  return { kind: 'resolved', send: sendId, state: after.state, decision, by, ...resolved }
}

export function printResolved({
  send,
  decision,
  decided,
  tooYoung,
  optedOut,
  decidableAt,
}: Omit<ResolveAnswer, 'kind'>): string {
  if (decided + tooYoung + optedOut === 0) return `nobody is left to decide about in Send ${send}\n`
  const lines = [
    decision === 'resend'
      ? `${formatNumber(decided)} queued again, with the same Message-ID`
      : `${formatNumber(decided)} left as ${decided === 1 ? 'it is' : 'they are'}`,
  ]
  if (optedOut > 0)
    lines.push(
      `${formatNumber(optedOut)} unsubscribed or ${optedOut === 1 ? 'was' : 'were'} suppressed meanwhile; nothing is sent to them`,
    )
  if (tooYoung > 0 && decidableAt !== null)
    lines.push(
      `${formatNumber(tooYoung)} not yet: a reply may still come until ${new Date(decidableAt).toISOString()}; call again then`,
    )
  return `${lines.join('\n')}\n`
}
