/**
 * Preferences: the Lists a person is on or may join, what they want of each, and their language. What a form shows and
 * what it says are compared, and only what its person has changed is done: a page that stood open in another tab takes
 * nothing back.
 */

import { parseTopics } from '../audience/list.js'
import { parsePreferences } from '../audience/preferences.js'
import type { Topic } from '../audience/topic.js'
import type { Query } from '../db/db.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { asReaderLanguage, type ReaderLanguage } from '../issue/reader-language.js'
import type { Keys } from '../link/token.js'
import { findRestorable } from './restore.js'

/** What a person may choose about a List. */
export interface ListChoice {
  readonly id: number
  readonly name: string
  readonly title: string
  readonly description: string
  /** Null: they never were on it. */
  readonly subscriptionId: number | null
  /** `active`: on it. `left`: may come back at once. `pending`, `open`: may join by a mail of ours. */
  readonly standing: 'active' | 'left' | 'pending' | 'open'
  /** Those there are. */
  readonly topics: readonly Topic[]
  /** Names of those they want; all of them when they have not chosen. */
  readonly wanted: readonly string[]
  readonly hasMonthly: boolean
  readonly monthly: boolean
  readonly pausedUntil: number | null
}

export interface PersonPreferences {
  readonly subscriberId: number
  readonly address: string
  readonly addressKey: string
  readonly name: string
  /** Null: none chosen. */
  readonly lang: ReaderLanguage | null
  /** Nothing is kept of what they open and click. */
  readonly isUntracked: boolean
  readonly lists: readonly ListChoice[]
}

/** More than anyone offers; a page has to end somewhere. */
const MAX_LISTS = 100

/** Null: there is no such person any more. */
export async function readPreferences(
  query: Query,
  subscriberId: number,
  { keys, now }: { readonly keys: Keys; readonly now: number },
): Promise<PersonPreferences | null> {
  const person = await query
    .selectFrom('subscriber')
    .select(['address', 'address_key', 'name', 'lang', 'is_untracked'])
    .where('id', '=', subscriberId)
    .executeTakeFirst()
  if (person === undefined) return null
  const lists: ListChoice[] = []
  for (const row of await readLists(query, subscriberId)) {
    const standing = await standingOf(query, row, { keys, now })
    if (standing !== null) lists.push({ ...toChoice(row), standing })
  }
  return {
    subscriberId,
    address: person.address,
    addressKey: person.address_key,
    name: person.name,
    lang: asReaderLanguage(person.lang ?? ''),
    isUntracked: person.is_untracked === 1,
    lists,
  }
}

type ListRow = Awaited<ReturnType<typeof readLists>>[number]

function readLists(query: Query, subscriberId: number) {
  return query
    .selectFrom('list')
    .leftJoin('subscription', (join) =>
      join.onRef('subscription.list_id', '=', 'list.id').on('subscription.subscriber_id', '=', subscriberId),
    )
    .select([
      'list.id',
      'list.name',
      'list.title',
      'list.description',
      'list.visibility',
      'list.is_open',
      'list.topics',
      'list.has_monthly',
      'subscription.id as subscription_id',
      'subscription.status',
      'subscription.preferences',
      'subscription.paused_until',
    ])
    .where((list) =>
      list.or([
        list('subscription.id', 'is not', null),
        list.and([list('list.visibility', '=', 'public'), list('list.is_open', '=', 1)]),
      ]),
    )
    .orderBy('list.title')
    .orderBy('list.id')
    .limit(MAX_LISTS)
    .execute()
}

/** Null: it is nothing to this person, and they learn nothing of it. */
async function standingOf(
  query: Query,
  row: ListRow,
  context: { readonly keys: Keys; readonly now: number },
): Promise<ListChoice['standing'] | null> {
  const isOpen = row.visibility === 'public' && row.is_open === 1
  const { subscription_id: subscriptionId, status } = row
  if (subscriptionId === null || status === null) return isOpen ? 'open' : null
  return standing(status, {
    isOpen,
    mayComeBack: async () => (await findRestorable(query, { subscriptionId, ...context })) !== null,
  })
}

async function standing(
  status: SubscriptionStatus,
  { isOpen, mayComeBack }: { readonly isOpen: boolean; readonly mayComeBack: () => Promise<boolean> },
): Promise<ListChoice['standing'] | null> {
  switch (status) {
    case 'active':
      return 'active'
    case 'pending':
      return isOpen ? 'pending' : null
    case 'unsubscribed':
      if (await mayComeBack()) return 'left'
      return isOpen ? 'open' : null
  }
}

function toChoice(row: ListRow): Omit<ListChoice, 'standing'> {
  const topics = parseTopics(row.topics)
  const { topics: chosen = [], monthly } = parsePreferences(row.preferences ?? '{}')
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    description: row.description,
    subscriptionId: row.subscription_id,
    topics,
    wanted: topics.map(({ name }) => name).filter((name) => chosen.length === 0 || chosen.includes(name)),
    hasMonthly: row.has_monthly === 1,
    monthly: monthly === true,
    pausedUntil: row.paused_until,
  }
}

/**
 * All topics, or none, are not written down: whoever wants everything gets what is added later too. What else the
 * column holds stays.
 */
export function printPreferences(
  before: string,
  list: Pick<ListChoice, 'topics' | 'hasMonthly'>,
  { topics, monthly }: { readonly topics: readonly string[]; readonly monthly: boolean },
): string {
  const { topics: _, monthly: __, ...rest } = parsePreferences(before)
  const wanted = list.topics.map(({ name }) => name).filter((name) => topics.includes(name))
  const isChoice = wanted.length > 0 && wanted.length < list.topics.length
  return JSON.stringify({
    ...rest,
    ...(isChoice ? { topics: wanted } : {}),
    ...(monthly && list.hasMonthly ? { monthly: true } : {}),
  })
}
