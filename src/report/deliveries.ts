/** The Deliveries of a Send one by one: who, in which state, why. Read in pages, so that a million fit. */

import { idsOfPerson } from '../audience/merged.js'
import { findSubscriber } from '../audience/subscriber.js'
import type { Query } from '../db/db.js'
import type { DeliveryState } from '../db/schema.js'
import { readCompiled } from '../send/send.js'
import { type After, readAfter, type Tracking } from './after.js'
import { type Moment, readMoments } from './moments.js'
import { writeReply } from './reply.js'
import { toIso } from './status.js'

/** A Delivery as it stands. */
export interface BareDelivery {
  readonly address: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attempts: number
  /** The last reply, such as `250 2.0.0 Ok`. */
  readonly reply: string | null
  /** What was decided of an Attempt without a reply, last; null when nothing had to be. */
  readonly decided: Decided | null
}

/** With what came after. */
export interface DeliveryLine extends BareDelivery, After {}

export interface Decided {
  readonly decision: 'resend' | 'leave' | 'arrived' | 'bounced'
  readonly by: string
  /** ISO 8601. */
  readonly at: string | null
}

export interface DeliveryFilter {
  readonly sendId: number
  /** Null: all. */
  readonly state: DeliveryState | null
  /** Key of the address of one person, theirs now or when it was frozen; null: everyone. */
  readonly addressKey: string | null
}

/** A Delivery with everything that happened to it. */
export interface ToldDelivery extends DeliveryLine {
  /** ISO 8601; when it is tried next, null: never again. */
  readonly nextTry: string | null
  readonly timeline: readonly Moment[]
}

const PAGE = 1_000

/** In the order of the freeze. */
export async function* readDeliveries(
  query: Query,
  filter: DeliveryFilter,
): AsyncGenerator<DeliveryLine, void> {
  for await (const page of readLines(query, filter)) for (const { line } of page) yield line
}

/** The same for whoever does not ask what came after, which takes most of the time. */
export async function* readBareDeliveries(
  query: Query,
  filter: DeliveryFilter,
): AsyncGenerator<BareDelivery, void> {
  for await (const page of readPages(query, filter)) for (const { bare } of page) yield bare
}

/** The Deliveries of one person, a handful at most, with their timelines. */
export async function tellDeliveries(
  query: Query,
  filter: DeliveryFilter & { readonly addressKey: string },
): Promise<readonly ToldDelivery[]> {
  const told: ToldDelivery[] = []
  for await (const page of readLines(query, filter))
    for (const { row, line } of page) {
      const { id, subscriber_id: subscriberId, state, not_before } = row
      const timeline = await readMoments(query, { id, sendId: filter.sendId, subscriberId })
      told.push({ ...line, nextTry: state === 'deferred' ? toIso(not_before) : null, timeline })
    }
  return told
}

interface ReadDelivery {
  readonly row: Awaited<ReturnType<typeof readPage>>[number]
  readonly bare: BareDelivery
}

async function* readLines(query: Query, filter: DeliveryFilter) {
  const tracking = await readTracking(query, filter.sendId)
  for await (const page of readPages(query, filter)) {
    const rows = page.map(({ row }) => row)
    const afterOf = await readAfter(query, rows, tracking)
    yield page.map(({ row, bare }) => ({ row, line: { ...bare, ...afterOf(row) } }))
  }
}

async function* readPages(
  query: Query,
  filter: DeliveryFilter,
): AsyncGenerator<readonly ReadDelivery[], void> {
  const ids = filter.addressKey === null ? null : await findOfPerson(query, filter.sendId, filter.addressKey)
  let after = 0
  for (;;) {
    const page = await readPage(query, { ...filter, ids }, after)
    const decisions = await readDecisions(
      query,
      page.map(({ id }) => id),
    )
    yield page.map((row) => {
      const { address, state, reason, attempt: attempts } = row
      const decided = decisions.get(row.id) ?? null
      const reply = writeReply({ code: row.reply_code, text: row.reply_text })
      return { row, bare: { address, state, reason, attempts, reply, decided } }
    })
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.id
  }
}

/** Of a Send that there is not, nobody asks further. */
async function readTracking(query: Query, sendId: number): Promise<Tracking> {
  const send = await query
    .selectFrom('send')
    .select('compiled_hash')
    .where('id', '=', sendId)
    .executeTakeFirst()
  const compiled = send && (await readCompiled(query, send.compiled_hash))
  return compiled?.publication.tracking ?? { opens: true, clicks: true }
}

/** By who they are now, and by the address that the Send was frozen with: people move, and some are gone. */
async function findOfPerson(query: Query, sendId: number, addressKey: string): Promise<readonly number[]> {
  const subscriber = await findSubscriber(query, addressKey)
  const theirs = await query
    .selectFrom('delivery')
    .select('id')
    .where('send_id', '=', sendId)
    .where('subscriber_id', 'in', idsOfPerson(subscriber?.id ?? 0))
    .execute()
  const frozen = await query
    .selectFrom('delivery')
    .select('id')
    .where('issue_id', '=', (send) => send.selectFrom('send').select('issue_id').where('id', '=', sendId))
    .where('address_key', '=', addressKey)
    .where('send_id', '=', sendId)
    .execute()
  return [...new Set([...theirs, ...frozen].map(({ id }) => id))]
}

interface PageFilter extends DeliveryFilter {
  readonly ids: readonly number[] | null
}

async function readPage(query: Query, { sendId, state, ids }: PageFilter, after: number) {
  let page = query
    .selectFrom('delivery')
    .select([
      'id',
      'subscriber_id',
      'address',
      'state',
      'reason',
      'attempt',
      'reply_code',
      'reply_text',
      'not_before',
      'is_untracked',
    ])
    .where('send_id', '=', sendId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(PAGE)
  if (state !== null) page = page.where('state', '=', state)
  // One person's: a handful.
  if (ids !== null) page = page.where('id', 'in', ids.length === 0 ? [0] : ids)
  return page.execute()
}

async function readDecisions(query: Query, ids: readonly number[]): Promise<ReadonlyMap<number, Decided>> {
  if (ids.length === 0) return new Map()
  const rows = await query
    .selectFrom('attempt')
    .select(['delivery_id', 'decision', 'decided_by', 'decided_at'])
    .where('delivery_id', 'in', ids)
    .where('decision', 'is not', null)
    .orderBy('number')
    .execute()
  return new Map(
    rows.flatMap(({ delivery_id: id, decision, decided_by: by, decided_at: at }) =>
      decision === null ? [] : [[id, { decision, by: by ?? '', at: toIso(at) }] as const],
    ),
  )
}
