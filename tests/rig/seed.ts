/** Puts a Send with its List, Issue and people into an empty database, as a freeze would have left it. */

import { createHash } from 'node:crypto'
import type { CompiledIssue } from '../../src/compile/compiled.js'
import type { Query } from '../../src/db/db.js'
import type { DeliveryState, SendState } from '../../src/db/schema.js'
import type { Link } from '../../src/link/link.js'

export interface SeedDelivery {
  /** `alice` has the address alice@example.com. */
  readonly who: string
  readonly state?: DeliveryState
  readonly reason?: string
}

export interface SeedSend {
  readonly deliveries: readonly SeedDelivery[]
  /** `LIST` names and entitles the List; the same name again is the same List. */
  readonly list?: string
  /** Of that List when it is new; public when not given. */
  readonly visibility?: 'public' | 'private'
  readonly state?: SendState
  readonly links?: readonly (Partial<Link> & { readonly url: string })[]
  readonly issue?: Partial<CompiledIssue>
  readonly now?: number
}

export interface SeededSend {
  readonly sendId: number
  readonly listId: number
  readonly hash: string
  /** Delivery id by who gets it. */
  readonly deliveries: Readonly<Record<string, number>>
}

export function seedSend(query: Query, seed: SeedSend): Promise<SeededSend> {
  return query.transaction().execute((trx) => seedAll(trx, seed))
}

async function seedAll(query: Query, seed: SeedSend): Promise<SeededSend> {
  const { deliveries, list = 'Harbour', visibility = 'public', state = 'sending', now = 1_000_000 } = seed
  const listId = await seedList(query, { title: list, visibility, now })
  const { hash, slug } = await seedCompiled(query, seed, now)
  const issueId = await seedIssue(query, slug, now)
  const send = await query
    .insertInto('send')
    .values({
      issue_id: issueId,
      compiled_hash: hash,
      list_id: listId,
      segment: null,
      state,
      created_at: now,
      started_at: now,
      finished_at: state === 'finished' ? now + 60_000 : null,
      audience: state === 'preparing' ? null : deliveries.length,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const ids: Record<string, number> = {}
  for (const delivery of deliveries)
    ids[delivery.who] = await seedDelivery(query, delivery, { sendId: send.id, issueId, listId, now })
  return { sendId: send.id, listId, hash, deliveries: ids }
}

interface ListSeed {
  readonly title: string
  readonly visibility: 'public' | 'private'
  readonly now: number
}

async function seedList(query: Query, { title, visibility, now }: ListSeed): Promise<number> {
  const name = title.toLowerCase().replaceAll(' ', '-')
  const known = await query.selectFrom('list').select('id').where('name', '=', name).executeTakeFirst()
  if (known) return known.id
  const { id } = await query
    .insertInto('list')
    .values({ name, title, visibility, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function seedCompiled(query: Query, { links = [], issue = {} }: SeedSend, now: number) {
  const compiled: CompiledIssue = {
    slug: '2026-03-01-cranes',
    title: 'Cranes stand still',
    number: 12,
    date: '2026-03-01',
    lang: 'en',
    publication: {
      name: 'The Harbour Brief',
      from: { name: 'The Harbour Brief', address: 'brief@example.com' },
      replyTo: null,
      publicUrl: 'https://brief.example.com',
    },
    subject: ['Cranes stand still'],
    html: ['<p>Cranes stand still</p>'],
    text: ['Cranes stand still\n'],
    web: '<!doctype html><html lang="en"><title>Cranes stand still</title><h1>Cranes stand still</h1></html>',
    links: links.map((link, index) => ({ index, section: '', heading: '', text: '', ...link })),
    images: [],
    versions: { pressrun: '0.0.0', mjml: '5.4.1' },
    ...issue,
  }
  const content = JSON.stringify(compiled)
  const hash = createHash('sha256').update(content).digest('hex')
  await query
    .insertInto('compiled_issue')
    .values({ hash, slug: compiled.slug, content, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return { hash, slug: compiled.slug }
}

async function seedIssue(query: Query, slug: string, now: number): Promise<number> {
  await query
    .insertInto('issue')
    .values({ slug, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { id } = await query
    .selectFrom('issue')
    .select('id')
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow()
  return id
}

interface SeedPlace {
  readonly sendId: number
  readonly issueId: number
  readonly listId: number
  readonly now: number
}

async function seedDelivery(
  query: Query,
  { who, state = 'sent', reason }: SeedDelivery,
  { sendId, issueId, listId, now }: SeedPlace,
): Promise<number> {
  const address = `${who}@example.com`
  const subscriberId = await seedSubscriber(query, { who, address, now })
  const subscriptionId = await seedSubscription(query, { listId, subscriberId, now })
  const { id } = await query
    .insertInto('delivery')
    .values({
      send_id: sendId,
      issue_id: issueId,
      subscriber_id: subscriberId,
      subscription_id: subscriptionId,
      batch_id: null,
      lane: 'other',
      copy: 0,
      address,
      address_key: state === 'excluded' ? null : address,
      name: who,
      attributes: '{}',
      state,
      reason: reason ?? null,
      attempt: state === 'queued' || state === 'excluded' ? 0 : 1,
      reply_code: state === 'sent' ? 250 : null,
      reply_text: state === 'sent' ? '2.0.0 Ok' : null,
      changed_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function seedSubscriber(
  query: Query,
  { who, address, now }: { readonly who: string; readonly address: string; readonly now: number },
): Promise<number> {
  const known = await query
    .selectFrom('subscriber')
    .select('id')
    .where('address_key', '=', address)
    .executeTakeFirst()
  if (known) return known.id
  const { id } = await query
    .insertInto('subscriber')
    .values({ address, address_key: address, name: who, attributes: '{}', created_at: now, changed_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function seedSubscription(
  query: Query,
  {
    listId,
    subscriberId,
    now,
  }: { readonly listId: number; readonly subscriberId: number; readonly now: number },
): Promise<number> {
  await query
    .insertInto('subscription')
    .values({
      list_id: listId,
      subscriber_id: subscriberId,
      status: 'active',
      created_at: now,
      changed_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { id } = await query
    .selectFrom('subscription')
    .select('id')
    .where('list_id', '=', listId)
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirstOrThrow()
  return id
}
