/** List: a named audience. Its name is typed on command lines and stands in List-ID, so it is a plain word. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'

export interface List {
  readonly id: number
  readonly name: string
  readonly title: string
}

export interface CountedList extends List {
  readonly active: number
  readonly pending: number
  readonly unsubscribed: number
}

export interface NewList {
  readonly name: string
  /** What people read; the name when not given. */
  readonly title?: string
  readonly now: number
}

/** A label of a domain name, with underscores: RFC 2919 section 2. */
const NAME = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i

/** Throws InputError when the name is no name of a List, or is taken; case makes no difference. */
export async function createList(query: Query, { name, title = name, now }: NewList): Promise<List> {
  checkListName(name)
  const existing = await lookUpList(query, name)
  if (existing !== null) throw new InputError(`there is a List "${existing.name}" already`)
  const created = await query
    .insertInto('list')
    .values({ name, title, visibility: 'private', created_at: now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (created === undefined) throw new InputError(`there is a List "${name}" already`)
  return { id: created.id, name, title }
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
      ? `there is no List "${name}"; pressrun subscribers import FILE.csv --list ${name} --create-list makes one`
      : `there is no List "${name}"; there is ${names}`,
  )
}

/** Case makes no difference, as in List-ID (RFC 2919 section 6). */
export async function lookUpList(query: Query, name: string): Promise<List | null> {
  if (!NAME.test(name)) return null
  const row = await query
    .selectFrom('list')
    .select(['id', 'name', 'title'])
    .where(sql<string>`lower(name)`, '=', name.toLowerCase())
    .executeTakeFirst()
  return row ?? null
}

export async function countLists(query: Query): Promise<readonly CountedList[]> {
  const rows = await query
    .selectFrom('list')
    .leftJoin('subscription', 'subscription.list_id', 'list.id')
    .select(({ fn }) => [
      'list.id',
      'list.name',
      'list.title',
      fn.count<number>('subscription.id').filterWhere('subscription.status', '=', 'active').as('active'),
      fn.count<number>('subscription.id').filterWhere('subscription.status', '=', 'pending').as('pending'),
      fn
        .count<number>('subscription.id')
        .filterWhere('subscription.status', '=', 'unsubscribed')
        .as('unsubscribed'),
    ])
    .groupBy(['list.id', 'list.name', 'list.title'])
    .orderBy('list.name')
    .execute()
  return rows
}
