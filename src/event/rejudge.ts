/**
 * Rejudge: the reach of a Send made anew from its raw Hits, page by page while more come in, and all of them judged by the
 * rules of today. What was counted stands until the new count is whole; one that a crash has left is taken up again.
 */

import { sql } from 'kysely'
import { readByIndex } from '../db/by-index.js'
import { engineOf, type Query } from '../db/db.js'
import { readRows } from '../db/rows.js'
import type { HitKind, Verdict } from '../db/schema.js'
import { transact } from '../db/transact.js'
import { InputError } from '../errors.js'
import { fileHits } from './file-hits.js'
import { pagesByHits } from './hit-count.js'
import { type JudgedDelivery, judgeAll } from './judged.js'
import { replaceReach } from './reach-rows.js'
import { readTurns, TurnLost, type Turns, takeTurns, takeTurnsAfter } from './reach-turn.js'
import { isSame, writeJudged } from './write-judged.js'

export interface Rejudged {
  readonly hits: number
  /** Those that have Hits. */
  readonly deliveries: number
  /** How many Hits were taken for what before and are taken for what now; null: nobody had looked at them. */
  readonly verdicts: readonly VerdictChange[]
  /** Verdicts, reasons or versions that are others now. */
  readonly changed: number
  /** Of those, judged by the rules of today before, and yet otherwise. */
  readonly drifted: number
  /** Rows of the reach that were not what its Hits come to. */
  readonly differing: number
}

export interface VerdictChange {
  readonly kind: HitKind
  readonly before: Verdict | null
  readonly now: Verdict
  readonly hits: number
}

/** Whoever has not got on for so long has died. */
const SILENT_MS = 30_000
const PAGE = 1_000

export interface RejudgeContext {
  readonly now: () => number
  /** After each page: Hits so far. */
  readonly onPage?: (hits: number) => void
  /** Aborted: what is done stands, and the rest is left to whoever goes on. */
  readonly signal?: AbortSignal
}

/** Throws InputError while another process is at it. */
export async function rejudge(query: Query, sendId: number, context: RejudgeContext): Promise<Rejudged> {
  await beginRebuild(query, sendId, context)
  return continueRebuild(query, sendId, context)
}

/** What a rejudge would find; changes no verdict and no number. */
export async function lookAgain(
  query: Query,
  sendId: number,
  { onPage = () => {} }: Pick<RejudgeContext, 'onPage'> = {},
): Promise<Rejudged> {
  const findings = noFindings()
  await fileHits(query)
  const span = await readSpan(query, sendId)
  for (let { after } = span; ; ) {
    const ids = await readReached(query, { ...span, after })
    const last = ids.at(-1)
    if (last === undefined) return toRejudged(findings, 0)
    for await (const page of pagesByHits(query, ids)) {
      note(findings, (await judgeAll(query, page)).deliveries, page)
      onPage(findings.hits)
    }
    after = last
  }
}

/** Sends whose rebuild has begun and nobody goes on with. */
export async function abandonedRebuilds(query: Query, now: number): Promise<readonly number[]> {
  const rows = await query
    .selectFrom('rebuild')
    .select('send_id')
    .where('touched_at', '<', now - SILENT_MS)
    .orderBy('send_id', 'desc')
    .execute()
  return rows.map(({ send_id: id }) => id)
}

async function beginRebuild(query: Query, sendId: number, { now }: RejudgeContext): Promise<void> {
  await fileHits(query)
  const hasBegun = await transact(query, 'rebuild', async (trx) => {
    await takeTurns(trx, [sendId])
    const { rows } = await sql`
      insert into rebuild (send_id, after, is_first, touched_at)
      values (${sendId}, 0, 0, ${now()})
      on conflict (send_id) do update set after = 0, touched_at = excluded.touched_at
      where rebuild.touched_at < ${now() - SILENT_MS}
      returning send_id`.execute(trx)
    if (rows.length > 0) await trx.deleteFrom('reach_anew').where('send_id', '=', sendId).execute()
    return rows.length > 0
  })
  if (!hasBegun)
    throw new InputError(`the numbers of Send ${sendId} are being made anew by another process; wait for it`)
}

/** From where it stands to its end. */
export async function continueRebuild(
  query: Query,
  sendId: number,
  { now, onPage = () => {}, signal }: RejudgeContext,
): Promise<Rejudged> {
  const findings = noFindings()
  const span = await readSpan(query, sendId)
  for (;;) {
    if (signal?.aborted) return toRejudged(findings, 0)
    const step = await rebuildPage(query, span, now)
    if (step.kind === 'page') {
      note(findings, step.deliveries, step.ids)
      onPage(findings.hits)
    } else if (step.kind === 'end') {
      const differing = await endRebuild(query, sendId, step.turns)
      // Null: others took a turn meanwhile.
      if (differing !== null) return toRejudged(findings, differing)
    } else if (step.kind === 'gone') return toRejudged(findings, 0)
  }
}

type Step =
  | { readonly kind: 'page'; readonly ids: readonly number[]; readonly deliveries: readonly JudgedDelivery[] }
  | { readonly kind: 'end'; readonly turns: Turns }
  /** Somebody else has ended it. */
  | { readonly kind: 'gone' }
  /** Others took a turn meanwhile. */
  | { readonly kind: 'again' }

async function rebuildPage(query: Query, span: Span, now: () => number): Promise<Step> {
  const { sendId } = span
  // Before the page is chosen: a Delivery whose first Hit is counted from here on makes this page void.
  const turns = await readTurns(query, [sendId])
  const rebuild = await query
    .selectFrom('rebuild')
    .select('after')
    .where('send_id', '=', sendId)
    .executeTakeFirst()
  if (rebuild === undefined) return { kind: 'gone' }
  const after = Math.max(span.after, rebuild.after)
  const ids = await readReached(query, { ...span, after })
  if (ids.length === 0) return { kind: 'end', turns }
  for await (const page of pagesByHits(query, ids)) {
    const upTo = page.at(-1) ?? after
    const { deliveries } = await judgeAll(query, page)
    const isWritten = await writeJudged(query, { turns, deliveries }, { sendId, upTo, now: now() })
    // The next page begins with a turn of its own.
    return isWritten ? { kind: 'page', ids: page, deliveries } : { kind: 'again' }
  }
  return { kind: 'again' }
}

/** Where the Deliveries of a Send lie; they are all there before the first Hit. */
interface Span {
  readonly sendId: number
  readonly after: number
  readonly upTo: number
}

async function readSpan(query: Query, sendId: number): Promise<Span> {
  const row = await query
    .selectFrom('delivery')
    .select(({ fn }) => [fn.min('id').as('first'), fn.max('id').as('last')])
    .where('send_id', '=', sendId)
    .executeTakeFirst()
  return { sendId, after: Number(row?.first ?? 1) - 1, upTo: Number(row?.last ?? 0) }
}

/** The next ones that were asked for anything, in the order of their ids. */
async function readReached(query: Query, { sendId, after, upTo }: Span): Promise<readonly number[]> {
  const read = async (reading: Query) => {
    // By id, not by any index on the Send, whose order is another.
    const rows = await readRows(
      reading,
      sql<{ id: number }>`
      select id from delivery where id > ${after} and id <= ${upTo} and +send_id = ${sendId} and (
        exists (select 1 from hit where hit.delivery_id = delivery.id and hit.is_filed = 1)
        or exists (select 1 from surplus where surplus.delivery_id = delivery.id)
      )
      order by id limit ${PAGE}`,
    )
    return rows.map(({ id }) => id).sort((one, other) => one - other)
  }
  if (engineOf(query) === 'sqlite') return read(query)
  return query.transaction().execute(async (trx) => {
    await readByIndex(trx)
    return read(trx)
  })
}

/** How many rows differed; null: the reach has changed since it was found to be at its end. */
async function endRebuild(query: Query, sendId: number, turns: Turns): Promise<number | null> {
  try {
    return await transact(query, 'rebuild', async (trx) => {
      await takeTurnsAfter(trx, turns)
      const { numDeletedRows } = await trx
        .deleteFrom('rebuild')
        .where('send_id', '=', sendId)
        .executeTakeFirst()
      return numDeletedRows === 0n ? 0 : replaceReach(trx, sendId)
    })
  } catch (error) {
    if (error instanceof TurnLost) return null
    throw error
  }
}

interface Findings {
  hits: number
  deliveries: number
  changed: number
  drifted: number
  readonly verdicts: Map<string, { readonly change: Omit<VerdictChange, 'hits'>; hits: number }>
}

function noFindings(): Findings {
  return { hits: 0, deliveries: 0, changed: 0, drifted: 0, verdicts: new Map() }
}

/** Others that were judged because of a crowd have a page of their own. */
function note(findings: Findings, deliveries: readonly JudgedDelivery[], ids: readonly number[]): void {
  const asked = new Set(ids)
  for (const { id, hits } of deliveries) {
    if (!asked.has(id)) continue
    findings.deliveries += 1
    for (const { hit, before, now } of hits) {
      if (now === null) continue
      findings.hits += 1
      if (!isSame(before, now)) findings.changed += 1
      if (before?.version === now.version && !isSame(before, now)) findings.drifted += 1
      const change = { kind: hit.kind, before: before?.verdict ?? null, now: now.verdict }
      const name = Object.values(change).join(' ')
      const known = findings.verdicts.get(name) ?? { change, hits: 0 }
      known.hits += 1
      findings.verdicts.set(name, known)
    }
  }
}

function toRejudged({ verdicts, ...counts }: Findings, differing: number): Rejudged {
  return {
    ...counts,
    verdicts: [...verdicts.values()].map(({ change, hits: count }) => ({ ...change, hits: count })),
    differing,
  }
}
