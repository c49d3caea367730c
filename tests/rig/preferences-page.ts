/** Alice's page of preferences, with Lists of every kind, and what stands behind it. */

import type { Db } from '../../src/db/db.js'
import { leaveOf, preferencesOf } from './links.js'
import { seedSend } from './seed.js'
import type { WebPlace } from './web-place.js'

type Store = Pick<Db, 'query'>

/** What an open page shows, as its form carries it. */
export async function openPage(
  web: WebPlace,
  path: string,
): Promise<{ readonly text: string; readonly shown: string }> {
  const text = await web.read(path)
  const [, shown = ''] = /name="shown" value="([^"]*)"/.exec(text) ?? []
  return { text, shown: shown.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&amp;', '&') }
}

/** Alice is on Harbour, which has topics, and on Canal; Quay is open to anyone; Vault is private and not hers. */
export async function seedAlice({ query }: Store) {
  const first = await seedSend(query, { deliveries: [{ who: 'alice' }], list: 'Harbour' })
  const second = await seedSend(query, {
    deliveries: [{ who: 'alice' }],
    list: 'Canal',
    visibility: 'private',
    issue: { slug: '2026-03-16-locks' },
  })
  const topics = [
    { name: 'cranes', title: 'Cranes & <lifts>' },
    { name: 'tides', title: 'Tides' },
  ]
  await query
    .updateTable('list')
    .set({ is_open: 1, topics: JSON.stringify(topics), has_monthly: 1 })
    .where('id', '=', first.listId)
    .execute()
  const lists = await query
    .insertInto('list')
    .values([
      { name: 'quay', title: 'Quay', visibility: 'public', is_open: 1, created_at: 1 },
      { name: 'vault', title: 'Vault', visibility: 'private', is_open: 0, created_at: 1 },
    ])
    .returning('id')
    .execute()
  const deliveryId = first.deliveries.alice ?? 0
  const { subscriber_id: subscriberId } = await query
    .selectFrom('delivery')
    .select('subscriber_id')
    .where('id', '=', deliveryId)
    .executeTakeFirstOrThrow()
  return {
    subscriberId,
    harbour: String(first.listId),
    canal: String(second.listId),
    quay: String(lists[0]?.id),
    vault: String(lists[1]?.id),
    page: preferencesOf(deliveryId),
    leave: leaveOf(deliveryId),
  }
}

/** By the List's name. */
export async function subscriptionsIn({ query }: Store) {
  const rows = await query
    .selectFrom('subscription')
    .innerJoin('list', 'list.id', 'subscription.list_id')
    .select(['list.name', 'subscription.status', 'subscription.preferences', 'subscription.paused_until'])
    .execute()
  return new Map(rows.map((row) => [row.name, row]))
}
