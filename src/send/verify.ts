/**
 * `verify` re-derives every Delivery's state from its Attempts and compares the set with the frozen one (invariant 1).
 * With a receiver's ledger it compares both ways.
 */

import type { Query } from '../db/db.js'
import { type Keys, messageIdLeft } from '../link/token.js'
import { checkRows, type Finding, MAX_EXAMPLES } from './check-rows.js'
import { findSend, isSettled } from './send.js'
import { digestSet } from './set.js'

/** One message that a receiver says it has accepted. */
export interface LedgerEntry {
  readonly to: string
  readonly messageId: string
}

export interface Verification {
  readonly send: number
  readonly audience: number
  readonly isClean: boolean
  readonly findings: readonly Finding[]
  /** Null without one. */
  readonly ledger: ComparedLedger | null
}

/** What a ledger came to. A receiver's holds what else it has accepted, too: only what is of this Send is compared. */
export interface ComparedLedger {
  readonly entries: number
  readonly ofThisSend: number
  readonly uncertainThatArrived: number
}

const PAGE = 5_000

export interface VerifyOptions {
  readonly query: Query
  readonly keys: Keys
  /** Read after the database: while a Send runs, a message may be accepted between the two. */
  readonly ledger?: () => readonly LedgerEntry[]
}

/** Throws InputError when there is no such Send. */
export async function verifySend(
  sendId: number,
  { query, keys, ledger }: VerifyOptions,
): Promise<Verification> {
  const send = await findSend(query, sendId)
  const { audience, digest } = await digestSet(query, sendId)
  const findings: Finding[] = []
  if (send.audience !== null && (send.audience !== audience || send.setDigest !== digest))
    findings.push({
      rule: 'the set is not the frozen one',
      count: Math.abs(audience - send.audience),
      examples: [],
    })
  findings.push(...(await checkRows(query, send)))
  const isOver = await isSettled(query, sendId)
  const compared = ledger ? await compareLedger(query, { sendId, isOver, keys, ledger }) : null
  findings.push(...(compared?.findings ?? []))
  return {
    send: sendId,
    audience,
    isClean: findings.length === 0,
    findings,
    ledger: compared?.ledger ?? null,
  }
}

interface Comparison {
  readonly sendId: number
  /** Nothing of it is under way any more. */
  readonly isOver: boolean
  readonly keys: Keys
  readonly ledger: () => readonly LedgerEntry[]
}

/**
 * Both ways: every sent one is in the ledger once, every entry of this Send belongs to someone who may have it. One that holds
 * nothing of this Send is another's, which says nothing of anyone; one that holds a part says of the rest that it is not there.
 */
async function compareLedger(
  query: Query,
  { sendId, isOver, keys, ledger }: Comparison,
): Promise<{ findings: readonly Finding[]; ledger: ComparedLedger }> {
  const deliveries = await readDeliveries(query, sendId)
  const resent = await countDecisions(query, sendId, 'resend')
  const refusedLater = await countDecisions(query, sendId, 'bounced')
  const entries = ledger()
  const accepted = arrivalsByMessage(entries)
  const twice: string[] = []
  const missing: string[] = []
  const surplus: string[] = []
  const misdirected: string[] = []
  let uncertainThatArrived = 0
  let ofThisSend = 0
  for (const { id, address, state } of deliveries) {
    const arrivals = accepted.get(messageIdLeft(keys, id)) ?? []
    ofThisSend += arrivals.length
    const resends = resent.get(id) ?? 0
    if (arrivals.length > 1 + resends) twice.push(address)
    // Of whoever is erased only the Message-ID can be compared.
    const isMisdirected = (to: string) => address !== '' && to.toLowerCase() !== address.toLowerCase()
    if (arrivals.some(isMisdirected)) misdirected.push(address)
    if (state === 'sent' && arrivals.length === 0) missing.push(address)
    if (state === 'uncertain' && arrivals.length > 0) uncertainThatArrived++
    const mayArrive =
      state === 'sent' ||
      state === 'uncertain' ||
      resends > 0 ||
      refusedLater.has(id) ||
      (!isOver && UNDER_WAY.has(state))
    if (!mayArrive && arrivals.length > 0) surplus.push(address)
  }
  const compared = { entries: entries.length, ofThisSend, uncertainThatArrived }
  if (ofThisSend === 0 && missing.length > 0)
    return { ledger: compared, findings: [{ rule: NOT_ITS_LEDGER, count: missing.length, examples: [] }] }
  const findings = [
    { rule: 'accepted more than once by the receiver', addresses: twice },
    { rule: 'sent, but not in the ledger', addresses: missing },
    { rule: 'in the ledger, but not sent', addresses: surplus },
    { rule: 'accepted for another address', addresses: misdirected },
  ]
  return {
    ledger: compared,
    findings: findings
      .filter(({ addresses }) => addresses.length > 0)
      .map(({ rule, addresses }) => ({
        rule,
        count: addresses.length,
        examples: addresses.slice(0, MAX_EXAMPLES),
      })),
  }
}

const NOT_ITS_LEDGER = 'the ledger holds no message of this Send, so it proves nothing of those sent'

const UNDER_WAY: ReadonlySet<string> = new Set(['queued', 'sending', 'deferred'])

/** What stands for a Delivery in its Message-ID → the addresses it was accepted for. */
function arrivalsByMessage(entries: readonly LedgerEntry[]): ReadonlyMap<string, readonly string[]> {
  const accepted = new Map<string, string[]>()
  for (const { to, messageId } of entries) {
    const left = /^<?([^@>]+)@/.exec(messageId)?.[1] ?? messageId
    const others = accepted.get(left)
    if (others) others.push(to)
    else accepted.set(left, [to])
  }
  return accepted
}

/**
 * Delivery → how often. `resend`: to send once more, not knowing; each may have made one message more. `bounced`: by a
 * report of a message that had been accepted.
 */
async function countDecisions(
  query: Query,
  sendId: number,
  decision: 'resend' | 'bounced',
): Promise<ReadonlyMap<number, number>> {
  const rows = await query
    .selectFrom('attempt')
    .select(({ fn }) => ['delivery_id', fn.countAll<number>().as('count')])
    .where('send_id', '=', sendId)
    .where('decision', '=', decision)
    .groupBy('delivery_id')
    .execute()
  return new Map(rows.map(({ delivery_id, count }) => [delivery_id, count]))
}

async function readDeliveries(query: Query, sendId: number) {
  const deliveries: { readonly id: number; readonly address: string; readonly state: string }[] = []
  for (;;) {
    const page = await query
      .selectFrom('delivery')
      .select(['id', 'address', 'state'])
      .where('send_id', '=', sendId)
      .where('id', '>', deliveries.at(-1)?.id ?? 0)
      .orderBy('id')
      .limit(PAGE)
      .execute()
    if (page.length === 0) return deliveries
    deliveries.push(...page)
  }
}
