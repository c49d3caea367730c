/**
 * Bounce: a message that was accepted has come back. The address's fault: never mailed again; a full mailbox: counted over
 * Issues; our own, or the message's: a person has to look, and nobody is blamed.
 */

import { parseAddress } from '../../address.js'
import { REPORTED } from '../../audience/suppression.js'
import type { Query } from '../../db/db.js'
import { insertEvents } from '../../event/event.js'
import { honourReport } from '../../send/evidence.js'
import type { Claim, Fault } from './feedback.js'
import { letGo } from './let-go.js'
import { isWornOut } from './soft-rule.js'
import type { Subject } from './subject.js'
import type { Act, ActContext, TakeRequest } from './take.js'

export const BOUNCED = 'bounced'

export async function takeBounce(
  trx: Query,
  claim: Extract<Claim, { kind: 'bounced' }>,
  { subject, isProven, request }: ActContext,
): Promise<Act> {
  const { deliveryId } = subject
  const { keys, rules, now } = request
  await honourReport(trx, { deliveryId, says: claim.fault === 'hard' ? 'refused' : 'arrived', now })
  const isNews = !(await isKnown(trx, subject, claim.fault))
  if (isNews) await record(trx, claim, { subject, request })
  const parsed = parseAddress(subject.address)
  // Of an erased person a Suppression stands already.
  if (parsed.kind === 'refused') return { isNews, isSuppressed: false }
  const isOver =
    claim.fault === 'hard' ||
    (claim.fault === 'soft' &&
      rules.softBounces !== null &&
      (await isWornOut(trx, subject, { rule: rules.softBounces, now })))
  if (!isOver) return { isNews, isSuppressed: false }
  const by = claim.fault === 'hard' ? 'a bounce report' : 'soft bounces'
  const reason = isProven ? BOUNCED : REPORTED
  return {
    isNews,
    isSuppressed: await letGo(trx, subject, { addressKey: parsed.key, reason, by, keys, now }),
  }
}

/** By one who says the same, or worse: several servers may report one message, and a webhook what a mail says too. */
async function isKnown(trx: Query, { subscriberId, deliveryId }: Subject, fault: Fault): Promise<boolean> {
  const known = await readFaults(trx, { subscriberId, deliveryId })
  return known.includes('hard') || known.includes(fault)
}

async function readFaults(
  trx: Query,
  { subscriberId, deliveryId }: Pick<Subject, 'subscriberId' | 'deliveryId'>,
): Promise<readonly string[]> {
  const rows = await trx
    .selectFrom('event')
    .select('detail')
    .where('subscriber_id', '=', subscriberId)
    .where('delivery_id', '=', deliveryId)
    .where('kind', '=', 'bounced')
    .execute()
  // Written by insertEvents. What a relay refused at once says no fault: it was the address's.
  return rows.map(({ detail }) => (JSON.parse(detail) as { readonly fault?: string }).fault ?? 'hard')
}

async function record(
  trx: Query,
  { fault, status, code, text }: Extract<Claim, { kind: 'bounced' }>,
  { subject, request }: { readonly subject: Subject; readonly request: TakeRequest },
): Promise<void> {
  const { subscriberId, listId, sendId, deliveryId, address } = subject
  await insertEvents(trx, [
    {
      kind: 'bounced',
      at: request.now,
      subscriberId,
      listId,
      sendId,
      deliveryId,
      detail: {
        how: 'report',
        fault,
        ...(status === null ? {} : { status }),
        ...(code === null ? {} : { code }),
        // Of whoever is erased only the codes are kept.
        ...(address === '' ? {} : { text }),
        source: request.source,
      },
    },
  ])
}
