/** `pressrun subscribers show`: all that is known about one address. */

import { parseAddress } from '../address.js'
import { findSubscriber } from '../audience/subscriber.js'
import { listSubscriptions } from '../audience/subscription.js'
import { findSuppressions } from '../audience/suppression.js'
import type { Db } from '../db/db.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { InputError } from '../errors.js'
import { hashAddress, type Keys } from '../link/token.js'
import { alignColumns, type Cell } from '../report/columns.js'
import { readTimeline, type TimelineEntry } from '../report/timeline.js'

export interface SubscriberRecord {
  readonly address: string
  /** Null for an address that is suppressed and nobody's. */
  readonly subscriber: {
    readonly name: string
    readonly attributes: Readonly<Record<string, string>>
    /** ISO 8601. */
    readonly since: string
  } | null
  readonly suppression: { readonly reason: string; readonly since: string } | null
  readonly subscriptions: readonly {
    readonly list: string
    readonly status: SubscriptionStatus
    readonly since: string
  }[]
  readonly timeline: readonly TimelineEntry[]
}

/** Throws InputError when the text is no address, or nothing is known about it. */
export async function showSubscriber({
  address: text,
  db: { query },
  keys,
}: {
  readonly address: string
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
}): Promise<SubscriberRecord> {
  const { address, key } = readAddress(text)
  const subscriber = await findSubscriber(query, key)
  const hash = hashAddress(keys, key)
  const suppression = (await findSuppressions(query, [hash])).get(hash) ?? null
  if (subscriber === null && suppression === null)
    throw new InputError(`there is no subscriber ${address}; pressrun subscribers list names those there are`)
  const subscriptions = subscriber ? await listSubscriptions(query, subscriber.id) : []
  return {
    address: subscriber?.address ?? address,
    subscriber: subscriber && {
      name: subscriber.name,
      attributes: subscriber.attributes,
      since: toIso(subscriber.createdAt),
    },
    suppression: suppression && { reason: suppression.reason, since: toIso(suppression.createdAt) },
    subscriptions: subscriptions.map(({ list, status, changedAt }) => ({
      list: list.name,
      status,
      since: toIso(changedAt),
    })),
    timeline: subscriber ? await readTimeline(query, subscriber.id) : [],
  }
}

/** Throws InputError saying what is wrong with it. */
export function readAddress(text: string): { readonly address: string; readonly key: string } {
  const parsed = parseAddress(text)
  if (parsed.kind === 'refused') throw new InputError(`the address ${JSON.stringify(text)} ${parsed.reason}`)
  return parsed
}

export function printSubscriber(record: SubscriberRecord): string {
  const { address, subscriber, suppression, subscriptions, timeline } = record
  const facts: Cell[][] = subscriber === null ? [] : [['name', subscriber.name || '(none)']]
  for (const [name, value] of Object.entries(subscriber?.attributes ?? {})) facts.push([name, value])
  for (const { list, status, since } of subscriptions)
    facts.push([`List ${list}`, `${status} since ${writeTime(since)}`])
  if (suppression !== null)
    facts.push(['suppressed', `${suppression.reason}, since ${writeTime(suppression.since)}`])
  const events = timeline.map(({ at, what, list, send, issue, detail }): Cell[] => [
    writeTime(at),
    what,
    send === null ? (list ?? '') : `Send ${send}, ${issue}${list === null ? '' : ` to ${list}`}`,
    detail,
  ])
  const history = events.length === 0 ? [] : ['', ...alignColumns(events)]
  return `${[address, ...alignColumns(facts).map((line) => `  ${line}`), ...history].join('\n')}\n`
}

function toIso(at: number): string {
  return new Date(at).toISOString()
}

function writeTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}
