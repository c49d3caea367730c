/** List: a named audience. Its name is typed on command lines and stands in List-ID, so it is a plain word. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'
import type { Topic } from './topic.js'

export interface List extends ListSettings {
  readonly id: number
  readonly name: string
}

/** What an editor decides about a List. */
export interface ListSettings {
  /** What people read. */
  readonly title: string
  /** Who may be on it and what it brings, as its public pages say; '' for nothing. */
  readonly description: string
  /** Its Issues stand in the public archive. */
  readonly isPublic: boolean
  /** People may subscribe by themselves; a public one alone can be open. */
  readonly isOpen: boolean
  /** What readers may choose among; empty: no choice. */
  readonly topics: readonly Topic[]
  /** Readers may ask for one Issue a month at most. */
  readonly hasMonthly: boolean
}

export interface CountedList extends List {
  readonly active: number
  readonly pending: number
  readonly unsubscribed: number
  /** Of the active ones: who gets nothing for now. */
  readonly paused: number
}

export interface NewList extends Partial<ListSettings> {
  readonly name: string
  readonly now: number
}

/** A label of a domain name, with underscores: RFC 2919 section 2. */
const NAME = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i

/** Throws InputError when the name is no name of a List, or is taken; case makes no difference. */
export async function createList(query: Query, { name, now, ...given }: NewList): Promise<List> {
  checkListName(name)
  const existing = await lookUpList(query, name)
  if (existing !== null) throw new InputError(`there is a List "${existing.name}" already`)
  const settings = { ...PLAIN, title: name, ...given }
  const created = await query
    .insertInto('list')
    .values({ name, ...toColumns(settings), created_at: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (created === undefined) throw new InputError(`there is a List "${name}" already`)
  return { id: created.id, name, ...settings }
}

const PLAIN = { description: '', isPublic: false, isOpen: false, topics: [], hasMonthly: false } as const

/** All of them anew. */
export async function saveSettings(query: Query, listId: number, settings: ListSettings): Promise<void> {
  await query.updateTable('list').set(toColumns(settings)).where('id', '=', listId).execute()
}

function toColumns({ title, description, isPublic, isOpen, topics, hasMonthly }: ListSettings) {
  return {
    title,
    description,
    visibility: isPublic ? ('public' as const) : ('private' as const),
    is_open: isOpen ? 1 : 0,
    topics: JSON.stringify(topics),
    has_monthly: hasMonthly ? 1 : 0,
  }
}

/** Throws InputError when no List can be called that. */
export function checkListName(name: string): void {
  if (!NAME.test(name))
    throw new InputError(
      `"${name}" cannot name a List; use up to 63 letters, digits, - and _, with a letter or digit at both ends`,
    )
}

/** Throws InputError naming the Lists there are. */
export async function findList(query: Query, name: string): Promise<List> {
  const list = await lookUpList(query, name)
  if (list !== null) return list
  const lists = await query.selectFrom('list').select('name').orderBy('name').execute()
  const names = lists.map((one) => one.name).join(', ')
  throw new InputError(
    names === ''
      ? `there is no List "${name}"; pressrun lists new ${name} makes one, and so does an import with --create-list`
      : `there is no List "${name}"; there is ${names}`,
  )
}

/** Case makes no difference, as in List-ID (RFC 2919 section 6). */
export async function lookUpList(query: Query, name: string): Promise<List | null> {
  if (!NAME.test(name)) return null
  const row = await query
    .selectFrom('list')
    .select(COLUMNS)
    .where(sql<string>`lower(list.name)`, '=', name.toLowerCase())
    .executeTakeFirst()
  return row === undefined ? null : toList(row)
}

/** By name, with how many are on each at a time. */
export async function countLists(query: Query, now: number): Promise<readonly CountedList[]> {
  const rows = await query
    .selectFrom('list')
    .leftJoin('subscription', 'subscription.list_id', 'list.id')
    .select(COLUMNS)
    .select(({ fn }) => {
      const count = () => fn.count<number>('subscription.id')
      return [
        count().filterWhere('subscription.status', '=', 'active').as('active'),
        count().filterWhere('subscription.status', '=', 'pending').as('pending'),
        count().filterWhere('subscription.status', '=', 'unsubscribed').as('unsubscribed'),
        count()
          .filterWhere('subscription.status', '=', 'active')
          .filterWhere('subscription.paused_until', '>', now)
          .as('paused'),
      ]
    })
    .groupBy('list.id')
    .orderBy('list.name')
    .execute()
  return rows.map((row) => {
    const { active, pending, unsubscribed, paused } = row
    return { ...toList(row), active, pending, unsubscribed, paused }
  })
}

const COLUMNS = [
  'list.id',
  'list.name',
  'list.title',
  'list.description',
  'list.visibility',
  'list.is_open',
  'list.topics',
  'list.has_monthly',
] as const

interface ListRow {
  readonly id: number
  readonly name: string
  readonly title: string
  readonly description: string
  readonly visibility: 'public' | 'private'
  readonly is_open: number
  readonly topics: string
  readonly has_monthly: number
}

function toList(row: ListRow): List {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    description: row.description,
    isPublic: row.visibility === 'public',
    isOpen: row.is_open === 1,
    topics: parseTopics(row.topics),
    hasMonthly: row.has_monthly === 1,
  }
}

export function parseTopics(json: string): readonly Topic[] {
  // Written by `toColumns` alone.
  return JSON.parse(json) as Topic[]
}
