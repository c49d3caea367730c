/**
 * Where the Links of the Issue that a Delivery carries lead. Both halves stay in memory: which Issue, by blocks of
 * Delivery ids, since a freeze makes neighbours of them, and its targets, since a CompiledIssue never changes under its hash.
 */

import type { Query } from '../../db/db.js'
import type { Link } from '../../link/link.js'
import { readCompiled } from '../../send/send.js'
import { inTime } from '../in-time.js'
import { openRecent } from '../recent.js'
import type { Answer } from './answer.js'
import { redirectTo } from './redirect.js'

/** What stands behind `/c/TOKEN/` → the redirect to where it leads. */
export type Targets = ReadonlyMap<string, Answer>

export interface TargetFinder {
  /** Null when there is no such Delivery. At once where it is known, as nearly always; rejects when the database takes three seconds. */
  ofDelivery(deliveryId: number): Targets | Promise<Targets | null>
}

const BLOCK = 1_024
/** Of a database that hangs: a reader hears sooner that it is away. */
const PATIENCE_MS = 3_000
/** Ten million Deliveries; a block takes a few hundred bytes. */
const MAX_BLOCKS = 10_000
/** Some 5 KB each. */
const MAX_ISSUES = 1_000

/** Deliveries of one Send whose ids follow each other without a gap. */
interface Run {
  readonly first: number
  readonly last: number
  readonly hash: string
}

export function openTargets(query: Query): TargetFinder {
  const blocks = new Map<number, readonly Run[]>()
  const reading = new Map<number, Promise<readonly Run[]>>()
  const readIssue = openRecent(MAX_ISSUES, (hash) => readTargets(query, hash))
  /** Those that were read, by hash. */
  const known = new Map<string, Targets>()

  function ofDelivery(deliveryId: number): Targets | Promise<Targets | null> {
    const hash = hashOf(deliveryId)
    return (hash === null ? undefined : known.get(hash)) ?? find(deliveryId)
  }

  function hashOf(deliveryId: number): string | null {
    return hashIn(blocks.get(blockOf(deliveryId)) ?? [], deliveryId)
  }

  async function find(deliveryId: number): Promise<Targets | null> {
    // A Delivery may be younger than what is remembered of its neighbours.
    const inPatience = AbortSignal.timeout(PATIENCE_MS)
    const hash = hashOf(deliveryId) ?? hashIn(await inTime(inPatience, read(blockOf(deliveryId))), deliveryId)
    if (hash === null) return null
    const targets = await inTime(inPatience, readIssue(hash))
    keep(known, { key: hash, value: targets, max: MAX_ISSUES })
    return targets
  }

  function read(block: number): Promise<readonly Run[]> {
    const underWay = reading.get(block)
    if (underWay !== undefined) return underWay
    const runs = readBlock(query, block)
      .then((found) => remember(block, found))
      .finally(() => reading.delete(block))
    reading.set(block, runs)
    return runs
  }

  function remember(block: number, runs: readonly Run[]): readonly Run[] {
    keep(blocks, { key: block, value: runs, max: MAX_BLOCKS })
    return runs
  }

  return { ofDelivery }
}

function keep<K, V>(map: Map<K, V>, { key, value, max }: { key: K; value: V; max: number }): void {
  map.set(key, value)
  const [oldest] = map.size > max ? map.keys() : []
  if (oldest !== undefined) map.delete(oldest)
}

function blockOf(deliveryId: number): number {
  return Math.floor(deliveryId / BLOCK)
}

function hashIn(runs: readonly Run[], id: number): string | null {
  return runs.find(({ first, last }) => first <= id && id <= last)?.hash ?? null
}

async function readBlock(query: Query, block: number): Promise<readonly Run[]> {
  const rows = await query
    .selectFrom('delivery')
    .innerJoin('send', 'send.id', 'delivery.send_id')
    .select(['delivery.id', 'send.compiled_hash as hash'])
    .where('delivery.id', '>=', block * BLOCK)
    .where('delivery.id', '<', (block + 1) * BLOCK)
    .orderBy('delivery.id')
    .execute()
  const runs: { first: number; last: number; hash: string }[] = []
  for (const { id, hash } of rows) {
    const run = runs.at(-1)
    if (run !== undefined && run.hash === hash && run.last === id - 1) run.last = id
    else runs.push({ first: id, last: id, hash })
  }
  return runs
}

/** Only the one way to write a number finds a Link: `07`, `7.0` and `+7` don't. */
async function readTargets(query: Query, hash: string): Promise<Targets> {
  const { links } = await readCompiled(query, hash)
  return new Map(links.flatMap(targetOf))
}

/** A Link that is no web address leads nowhere, though no compiler of ours has written one. */
function targetOf({ index, url }: Link): readonly [string, Answer][] {
  return /^https?:\/\//i.test(url) && URL.canParse(url) ? [[String(index), redirectTo(headerUrl(url))]] : []
}

/** A header carries ASCII (RFC 9110 section 5.5); any other URL goes as browsers would write it on the wire. */
function headerUrl(url: string): string {
  return /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href
}
