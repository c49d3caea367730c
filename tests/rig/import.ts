/** Imports into a test's database, each a second after the one before, and what has become of people. */

import { Readable } from 'node:stream'
import { type ImportRequest, type ImportResult, importSubscribers } from '../../src/audience/import.js'
import { undoImport } from '../../src/audience/import-undo.js'
import { findSubscriber } from '../../src/audience/subscriber.js'
import { findTags } from '../../src/audience/tag.js'
import type { RowVerdict } from '../../src/audience/verdict.js'
import type { Db } from '../../src/db/db.js'
import { makeKeys } from '../../src/link/token.js'
import { excludePeople } from '../../src/send/exclude.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'

export const keys = makeKeys(['a secret of the tests, long enough for a key'])
export const NOON = Date.UTC(2026, 0, 5, 12)

export interface Imported extends ImportResult {
  readonly verdicts: readonly RowVerdict[]
}

export interface Importer {
  /** The clock: a second later each time. */
  readonly now: () => number
  readonly importText: (text: string | Buffer, options?: Partial<ImportRequest>) => Promise<Imported>
  readonly undo: (importId: number | null, how?: 'write' | 'foresee') => ReturnType<typeof undoImport>
  /** `a@x.test Alice {"city":"Köln"} [vip] active`; null for nobody. */
  readonly show: (addressKey: string) => Promise<string | null>
  /** Off the List, by the person. */
  readonly leave: (addressKey: string) => Promise<void>
  /** Kind and detail of a person's Events, oldest first. */
  readonly events: (addressKey: string) => Promise<readonly (readonly [string, unknown])[]>
  readonly count: (
    table: 'subscriber' | 'subscription' | 'event' | 'import_change' | 'suppression',
  ) => Promise<number>
}

export function openImporter(db: Db): Importer {
  const { query } = db
  let seconds = 0
  const now = () => NOON + 1_000 * seconds++
  const subscriptionOf = (addressKey: string) =>
    query
      .selectFrom('subscription')
      .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
      .select(['subscription.id', 'subscription.status', 'subscription.left_by'])
      .where('subscriber.address_key', '=', addressKey)
      .executeTakeFirst()
  return {
    now,
    async importText(text, options = {}) {
      const verdicts: RowVerdict[] = []
      const result = await importSubscribers(
        {
          file: 'members.csv',
          open: () => Readable.from([Buffer.from(text)]),
          listName: 'readers',
          missingList: 'create',
          mode: 'update',
          how: 'write',
          encoding: null,
          map: new Map(),
          from: null,
          attributes: [],
          onVerdicts: async (some) => void verdicts.push(...some),
          ...options,
        },
        { db, keys, exclude: excludePeople, now },
      )
      return { ...result, verdicts }
    },
    undo: (importId, how = 'write') =>
      undoImport({ importId: importId ?? 0, how }, { db, exclude: excludePeople, now }),
    async show(addressKey) {
      const subscriber = await findSubscriber(query, addressKey)
      if (subscriber === null) return null
      const { id, address, name, attributes } = subscriber
      const tags = (await findTags(query, [id])).get(id) ?? []
      const subscription = await subscriptionOf(addressKey)
      const leftBy = subscription?.left_by == null ? '' : ` by ${subscription.left_by}`
      const status = `${subscription?.status ?? 'on no List'}${leftBy}`
      return `${address} ${name} ${JSON.stringify(attributes)} [${tags.join(', ')}] ${status}`
    },
    async leave(addressKey) {
      const subscription = await subscriptionOf(addressKey)
      await unsubscribe(db, { subscriptionId: subscription?.id ?? 0, how: 'page', now: now() })
    },
    async events(addressKey) {
      const rows = await query
        .selectFrom('event')
        .innerJoin('subscriber', 'subscriber.id', 'event.subscriber_id')
        .select(['event.kind', 'event.detail'])
        .where('subscriber.address_key', '=', addressKey)
        .orderBy('event.id')
        .execute()
      return rows.map(({ kind, detail }) => [kind, JSON.parse(detail)] as const)
    },
    async count(table) {
      const { rows } = await query
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('rows'))
        .executeTakeFirstOrThrow()
      return rows
    },
  }
}
