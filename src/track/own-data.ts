/**
 * Own data: all that is kept about one person, for themselves, and nothing of anyone else. Times are ISO 8601. What the
 * publication wrote (Issues, Lists) is named, not copied.
 */

import { readIdsOfPerson } from '../audience/merged.js'
import { findSuppressions } from '../audience/suppression.js'
import type { Query } from '../db/db.js'
import { insertEvents } from '../event/event.js'
import { isHitOf } from '../event/file-hits.js'
import { groupBy } from '../group.js'
import { hashAddress, type Keys } from '../link/token.js'

export type OwnData = NonNullable<Awaited<ReturnType<typeof readOwnData>>>

/** Null: there is no such person any more. */
export async function readOwnData(
  query: Query,
  subscriberId: number,
  { keys, now }: { readonly keys: Keys; readonly now: number },
) {
  const person = await query
    .selectFrom('subscriber')
    .select(['address', 'address_key', 'name', 'attributes', 'lang', 'created_at', 'changed_at'])
    .select('is_untracked')
    .where('id', '=', subscriberId)
    .executeTakeFirst()
  if (person === undefined) return null
  const ids = await readIdsOfPerson(query, subscriberId)
  const hash = hashAddress(keys, person.address_key)
  const suppression = (await findSuppressions(query, [hash])).get(hash)
  const [tags, subscriptions, deliveries, events, notices, comments, imports] = await Promise.all([
    readTags(query, ids),
    readSubscriptions(query, ids),
    readDeliveries(query, ids),
    readEvents(query, ids),
    readNotices(query, ids, hash),
    readComments(query, ids),
    readImports(query, ids),
  ])
  return {
    made: iso(now),
    address: person.address,
    name: person.name,
    language: person.lang,
    // Written as objects of strings.
    attributes: JSON.parse(person.attributes) as Record<string, string>,
    tags,
    tracking: wordOf(person.is_untracked),
    since: iso(person.created_at),
    changed: iso(person.changed_at),
    suppression: suppression ? { reason: suppression.reason, since: iso(suppression.createdAt) } : null,
    subscriptions,
    deliveries,
    events,
    notices,
    comments,
    imports,
  }
}

/** Puts down that someone took their data, by the act that let them. */
export async function noteExport(
  trx: Query,
  subscriberId: number,
  { detail, now }: { readonly detail: Readonly<Record<string, string | number>>; readonly now: number },
): Promise<void> {
  await insertEvents(trx, [{ kind: 'exported', at: now, subscriberId, detail }])
}

async function readTags(query: Query, ids: readonly number[]) {
  const rows = await query
    .selectFrom('tag')
    .select('name')
    .where('subscriber_id', 'in', ids)
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}

async function readSubscriptions(query: Query, ids: readonly number[]) {
  const rows = await query
    .selectFrom('subscription')
    .innerJoin('list', 'list.id', 'subscription.list_id')
    .select([
      'list.name',
      'list.title',
      'subscription.status',
      'subscription.preferences',
      'subscription.left_by',
    ])
    .select(['subscription.paused_until', 'subscription.created_at', 'subscription.changed_at'])
    .where('subscription.subscriber_id', 'in', ids)
    .orderBy('list.name')
    .execute()
  return rows.map((row) => ({
    list: row.name,
    title: row.title,
    status: row.status,
    endedBy: row.left_by,
    preferences: JSON.parse(row.preferences) as unknown,
    pausedUntil: isoOrNull(row.paused_until),
    since: iso(row.created_at),
    changed: iso(row.changed_at),
  }))
}

async function readDeliveries(query: Query, ids: readonly number[]) {
  const mine = query.selectFrom('delivery').where('delivery.subscriber_id', 'in', ids)
  const rows = await mine
    .innerJoin('send', 'send.id', 'delivery.send_id')
    .innerJoin('issue', 'issue.id', 'send.issue_id')
    .innerJoin('list', 'list.id', 'send.list_id')
    .select(['delivery.id', 'issue.slug', 'list.name as list', 'delivery.address', 'delivery.name'])
    .select(['delivery.attributes', 'delivery.state', 'delivery.reason', 'delivery.changed_at'])
    .select('delivery.is_untracked')
    .orderBy('delivery.id')
    .execute()
  const attempts = await mine
    .innerJoin('attempt', 'attempt.delivery_id', 'delivery.id')
    .select(['delivery.id', 'attempt.intended_at', 'attempt.replied_at', 'attempt.outcome', 'attempt.text'])
    .orderBy('delivery.id')
    .orderBy('attempt.number')
    .execute()
  const hits = await query
    .selectFrom('hit')
    .where(isHitOf(query, mine.select('delivery.id')))
    .select(['delivery_id as id', 'kind', 'link', 'at', 'network', 'user_agent', 'headers'])
    .orderBy('hit.id')
    .execute()
  const attemptsOf = groupBy(attempts, ({ id }) => id)
  const hitsOf = groupBy(hits, ({ id }) => id)
  return rows.map((row) => ({
    issue: row.slug,
    list: row.list,
    address: row.address,
    name: row.name,
    attributes: JSON.parse(row.attributes) as unknown,
    state: row.state,
    reason: row.reason,
    tracking: wordOf(row.is_untracked),
    changed: iso(row.changed_at),
    attempts: (attemptsOf.get(row.id) ?? []).map(({ intended_at, replied_at, outcome, text }) => ({
      at: iso(intended_at),
      outcome,
      reply: text,
      repliedAt: isoOrNull(replied_at),
    })),
    requests: (hitsOf.get(row.id) ?? []).map(({ kind, link, at, network, user_agent, headers }) => ({
      at: iso(at),
      kind,
      link,
      network,
      userAgent: user_agent,
      headers: JSON.parse(headers) as unknown,
    })),
  }))
}

async function readEvents(query: Query, ids: readonly number[]) {
  const rows = await query
    .selectFrom('event')
    .leftJoin('list', 'list.id', 'event.list_id')
    .leftJoin('send', 'send.id', 'event.send_id')
    .leftJoin('issue', 'issue.id', 'send.issue_id')
    .select(['event.at', 'event.kind', 'list.name as list', 'issue.slug', 'event.link', 'event.detail'])
    .where('event.subscriber_id', 'in', ids)
    .orderBy('event.id')
    .execute()
  return rows.map(({ at, kind, list, slug, link, detail }) => ({
    at: iso(at),
    kind,
    list,
    issue: slug,
    link,
    detail: JSON.parse(detail) as unknown,
  }))
}

/** Also those from before there was a Subscriber, by the hash of the address. */
async function readNotices(query: Query, ids: readonly number[], hash: string) {
  const rows = await query
    .selectFrom('notice')
    .select(['kind', 'address', 'lang', 'state', 'created_at', 'expires_at', 'used_at'])
    .where((notice) => notice.or([notice('subscriber_id', 'in', ids), notice('address_hash', '=', hash)]))
    .where('address', '!=', '')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    kind: row.kind,
    to: row.address,
    language: row.lang,
    state: row.state,
    at: iso(row.created_at),
    expires: iso(row.expires_at),
    used: isoOrNull(row.used_at),
  }))
}

async function readComments(query: Query, ids: readonly number[]) {
  const rows = await query
    .selectFrom('comment')
    .innerJoin('issue', 'issue.id', 'comment.issue_id')
    .select(['issue.slug', 'comment.name', 'comment.text', 'comment.state', 'comment.at'])
    .where('comment.subscriber_id', 'in', ids)
    .orderBy('comment.id')
    .execute()
  return rows.map(({ slug, name, text, state, at }) => ({ issue: slug, name, text, state, at: iso(at) }))
}

async function readImports(query: Query, ids: readonly number[]) {
  const rows = await query
    .selectFrom('import_change')
    .innerJoin('import', 'import.id', 'import_change.import_id')
    .select([
      'import.file',
      'import.created_at',
      'import_change.subscriber_before',
      'import_change.subscription_before',
    ])
    .where('import_change.subscriber_id', 'in', ids)
    .orderBy('import.id')
    .execute()
  return rows.map((row) => ({
    file: row.file,
    at: iso(row.created_at),
    personBefore: parseOrNull(row.subscriber_before),
    subscriptionBefore: parseOrNull(row.subscription_before),
  }))
}

function parseOrNull(json: string | null): unknown {
  return json === null ? null : JSON.parse(json)
}

function wordOf(isUntracked: number): 'on' | 'off' {
  return isUntracked === 1 ? 'off' : 'on'
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at)
}
