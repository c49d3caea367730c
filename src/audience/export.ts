/**
 * Export of a List as CSV that our import reads back to the same people, page by page, so that a million need little memory.
 * Fields that a spreadsheet would take for formulas are guarded (`guard.ts`).
 */

import { type RawBuilder, sql } from 'kysely'
import type { Query } from '../db/db.js'
import { membersOf } from '../db/json.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { InputError } from '../errors.js'
import { hashAddress, type Keys } from '../link/token.js'
import { ATTRIBUTE_PREFIX } from './csv-map.js'
import { writeCsvRow } from './csv-write.js'
import { guard } from './guard.js'
import { EXPORT_COLUMNS } from './origin/pressrun.js'
import { parseAttributes } from './subscriber.js'
import { findSuppressions } from './suppression.js'
import { findTags } from './tag.js'

export interface ExportRequest {
  readonly listId: number
  /** Null: all. */
  readonly status: SubscriptionStatus | null
  /** Whether a row of `subscription` joined with `subscriber` is wanted; null: each is. */
  readonly where: RawBuilder<boolean> | null
}

export interface ExportedPage {
  readonly text: string
  readonly rows: number
}

const PAGE = 2_000

/** The header first. Throws InputError when someone gets an attribute that nobody had when it began. */
export async function* exportSubscribers(
  query: Query,
  request: ExportRequest,
  keys: Keys,
): AsyncGenerator<ExportedPage> {
  const attributes = await readAttributeNames(query, request)
  const [before, after] = [EXPORT_COLUMNS.slice(0, 2), EXPORT_COLUMNS.slice(2)]
  const columns = attributes.map((name) => (isOurs(name) ? `${ATTRIBUTE_PREFIX}${name}` : name))
  yield { text: writeCsvRow([...before, ...columns, ...after]), rows: 0 }
  for (let last = 0; ; ) {
    const page = await readPage(query, request, last)
    const end = page.at(-1)
    if (end === undefined) return
    yield { text: await writePage(query, page, { attributes, keys }), rows: page.length }
    last = end.id
  }
}

function isOurs(name: string): boolean {
  return EXPORT_COLUMNS.some((column) => column === name)
}

async function readAttributeNames(query: Query, request: ExportRequest): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select distinct member.key as name from subscription join subscriber on subscriber.id = subscription.subscriber_id,
      ${membersOf(query, sql`subscriber.attributes`)}
    where ${condition(request)} and subscriber.attributes <> '{}'`.execute(query)
  return rows.map(({ name }) => name).sort()
}

/** `isWalked`: by id. The expression keeps SQLite from the List's index, which would be sorted anew for each page. */
function condition({
  listId,
  status,
  where,
  isWalked = false,
}: ExportRequest & { readonly isWalked?: boolean }): RawBuilder<boolean> {
  const list = isWalked ? sql`subscription.list_id + 0` : sql`subscription.list_id`
  const ofStatus = status === null ? sql`` : sql`and subscription.status = ${status}`
  const wanted = where === null ? sql`` : sql`and ${where}`
  return sql<boolean>`${list} = ${sql.lit(listId)} ${ofStatus} ${wanted}`
}

interface Row {
  readonly id: number
  readonly subscriber_id: number
  readonly address: string
  readonly address_key: string
  readonly address_hash: string | null
  readonly name: string
  readonly attributes: string
  readonly lang: string | null
  readonly is_untracked: number
  readonly status: SubscriptionStatus
  readonly left_by: 'person' | 'editor' | null
  readonly preferences: string
  readonly paused_until: number | null
  readonly created_at: number
}

async function readPage(query: Query, request: ExportRequest, last: number): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select subscription.id, subscription.subscriber_id, subscriber.address, subscriber.address_key,
      subscriber.address_hash, subscriber.name, subscriber.attributes, subscriber.lang,
      subscriber.is_untracked, subscription.status, subscription.left_by, subscription.preferences, subscription.paused_until, subscription.created_at
    from subscription join subscriber on subscriber.id = subscription.subscriber_id
    where ${condition({ ...request, isWalked: true })} and subscription.id > ${sql.lit(last)}
    order by subscription.id limit ${sql.lit(PAGE)}`.execute(query)
  return rows
}

async function writePage(
  query: Query,
  page: readonly Row[],
  { attributes, keys }: { readonly attributes: readonly string[]; readonly keys: Keys },
): Promise<string> {
  const tags = await findTags(
    query,
    page.map(({ subscriber_id }) => subscriber_id),
  )
  const hashes = page.map(({ address_hash, address_key }) => address_hash ?? hashAddress(keys, address_key))
  const suppressions = await findSuppressions(query, hashes)
  const known = new Set(attributes)
  return page
    .map((row, at) => {
      const values = parseAttributes(row.attributes)
      const strange = Object.keys(values).find((name) => !known.has(name))
      if (strange !== undefined)
        throw new InputError(`someone got the attribute "${strange}" meanwhile; export once more`)
      const fields = [
        row.address,
        row.name,
        ...attributes.map((name) => (Object.hasOwn(values, name) ? (values[name] ?? '') : '')),
        (tags.get(row.subscriber_id) ?? []).join(', '),
        row.status,
        row.left_by ?? '',
        new Date(row.created_at).toISOString(),
        suppressions.get(hashes[at] ?? '')?.reason ?? '',
        row.lang ?? '',
        row.preferences === '{}' ? '' : row.preferences,
        row.paused_until === null ? '' : new Date(row.paused_until).toISOString(),
        row.is_untracked === 1 ? 'off' : '',
      ]
      return writeCsvRow(fields.map(guard))
    })
    .join('')
}
