/**
 * Checks a Send's books against what receivers accepted: I1-I9, one function each, for the policies hold and resend, and
 * then `verify`. A(r) is how often a receiver kept a message for r; each violation is a sentence.
 */

import type { Store } from '../../src/app/store.js'
import type { DeliveryState } from '../../src/db/schema.js'
import { verifySend } from '../../src/send/verify.js'
import type { LedgerLine } from './chaos.js'

export interface AccountsRequest {
  readonly sendId: number
  /** Of all receivers together. */
  readonly ledger: readonly LedgerLine[]
  /** Everyone who was on the List. */
  readonly audience: number
  /** In flight at the faults, all added up, and the faults of the receiver itself: more may not be uncertain. */
  readonly maxUncertain: number
  /** When an opt-out was committed, ms since 1970, by address. */
  readonly optOuts?: ReadonlyMap<string, number>
}

interface Row {
  readonly id: number
  readonly address: string
  readonly state: DeliveryState
  /** Attempts that were intended and have no reply on record. */
  readonly unanswered: number
}

interface Books extends Required<AccountsRequest> {
  readonly rows: readonly Row[]
  readonly send: {
    readonly state: string
    readonly policy: 'hold' | 'resend'
    readonly audience: number | null
    readonly alarm: string | null
  }
  readonly accepted: ReadonlyMap<string, readonly LedgerLine[]>
}

/** The violations; none when the accounts hold. To be asked when the Send is over and nothing is in flight. */
export async function checkAccounts(store: Store, request: AccountsRequest): Promise<readonly string[]> {
  const books = await readBooks(store, request)
  const said = Object.entries(INVARIANTS).flatMap(([name, check]) =>
    check(books).map((sentence) => `${name}: ${sentence}`),
  )
  return [...said, ...(await verified(store, books))]
}

const INVARIANTS: Readonly<Record<string, (books: Books) => readonly string[]>> = {
  I1({ rows, audience, send }) {
    if (rows.length === audience && send.audience === audience) return []
    return [`${audience} were on the List, ${send.audience} were frozen, ${rows.length} are on record`]
  },
  I2: ({ rows, accepted }) =>
    rows
      .filter(({ state, address }) => state === 'sent' && arrivals(accepted, address) === 0)
      .map(({ address }) => `${address} is sent, but no receiver has it`),
  I3: ({ rows, accepted }) =>
    rows
      .filter(({ state, unanswered }) => !MAY_HAVE_IT.has(state) && unanswered === 0)
      .filter(({ address }) => arrivals(accepted, address) > 0)
      .map(({ address, state }) => `${address} is ${state}, but a receiver has it`),
  I4: ({ rows, accepted, send }) =>
    rows
      .filter(({ address }) => send.policy === 'hold' && arrivals(accepted, address) > 1)
      .map(({ address }) => `${address} got it ${arrivals(accepted, address)} times under hold`),
  I5({ rows, accepted, send, maxUncertain }) {
    if (send.policy === 'hold') return []
    const lost = rows
      .filter(({ state, address }) => MAY_HAVE_IT.has(state) && arrivals(accepted, address) === 0)
      .map(({ address, state }) => `${address} is ${state} under resend, but no receiver has it`)
    const surplus = rows.reduce((sum, { address }) => sum + Math.max(0, arrivals(accepted, address) - 1), 0)
    const tooMany = `${surplus} copies too many under resend; ${maxUncertain} can be explained`
    return surplus > maxUncertain ? [...lost, tooMany] : lost
  },
  I6({ rows, maxUncertain }) {
    const uncertain = rows.reduce((sum, { unanswered }) => sum + unanswered, 0)
    return uncertain > maxUncertain
      ? [`${uncertain} Attempts without a reply; ${maxUncertain} were in flight at the faults`]
      : []
  },
  I7: ({ accepted, optOuts }) =>
    [...optOuts].flatMap(([address, committedAt]) =>
      (accepted.get(address) ?? [])
        .filter(({ began }) => began > committedAt)
        .map(
          ({ began }) =>
            `${address} left, and a message for it began ${Math.ceil(began - committedAt)} ms later`,
        ),
    ),
  I8({ rows, send }) {
    const open = rows.filter(({ state }) => OPEN.has(state))
    const isOver = send.state === 'finished' || send.state === 'cancelled'
    if (!isOver) return [`the Send is ${send.state}, not over`]
    return open.map(({ address, state }) => `the Send is ${send.state}, but ${address} is ${state}`)
  },
  I9({ accepted }) {
    const owners = new Map<string, string>()
    const said: string[] = []
    for (const [address, lines] of accepted) {
      for (const messageId of new Set(lines.map((line) => line.messageId ?? 'none'))) {
        const other = owners.get(messageId)
        if (other !== undefined) said.push(`${address} and ${other} got the Message-ID ${messageId}`)
        owners.set(messageId, address)
      }
      if (new Set(lines.map((line) => line.messageId)).size > 1)
        said.push(`${address} got several Message-IDs`)
    }
    return said
  },
}

const MAY_HAVE_IT: ReadonlySet<string> = new Set<DeliveryState>(['sent', 'uncertain'])
const OPEN: ReadonlySet<string> = new Set<DeliveryState>(['queued', 'sending', 'deferred'])
async function verified(
  { db: { query }, keys }: Store,
  { sendId, ledger, send }: Books,
): Promise<readonly string[]> {
  const entries = ledger.map(({ to, messageId }) => ({ to, messageId: messageId ?? '' }))
  const { findings } = await verifySend(sendId, { query, keys, ledger: () => entries })
  const said = findings.map(
    ({ rule, count, examples }) => `verify: ${rule}: ${count} (${examples.join(', ')})`,
  )
  return send.alarm === null ? said : [...said, `verify raised an alarm at the finish: ${send.alarm}`]
}

async function readBooks({ db: { query } }: Store, request: AccountsRequest): Promise<Books> {
  const send = await query
    .selectFrom('send')
    .select(['state', 'uncertain_policy as policy', 'audience', 'alarm'])
    .where('id', '=', request.sendId)
    .executeTakeFirstOrThrow()
  const deliveries = await query
    .selectFrom('delivery')
    .select(['id', 'address', 'state'])
    .where('send_id', '=', request.sendId)
    .execute()
  const unanswered = await query
    .selectFrom('attempt')
    .select(['delivery_id', ({ fn }) => fn.countAll<number>().as('count')])
    .where('send_id', '=', request.sendId)
    .where((attempt) => attempt.or([attempt('outcome', 'is', null), attempt('outcome', '=', 'uncertain')]))
    .groupBy('delivery_id')
    .execute()
  const counts = new Map(unanswered.map(({ delivery_id, count }) => [delivery_id, count]))
  const accepted = new Map<string, LedgerLine[]>()
  for (const line of request.ledger) accepted.set(line.to, [...(accepted.get(line.to) ?? []), line])
  return {
    optOuts: new Map(),
    ...request,
    rows: deliveries.map((row) => ({ ...row, unanswered: counts.get(row.id) ?? 0 })),
    send,
    accepted,
  }
}

function arrivals(accepted: ReadonlyMap<string, readonly LedgerLine[]>, address: string): number {
  return accepted.get(address)?.length ?? 0
}
