/** `pressrun subscribers show`: all that is known about one address. */

import { parseAddress } from '../address.js'
import { ATTRIBUTE_PREFIX } from '../audience/csv-map.js'
import { findSubscriber } from '../audience/subscriber.js'
import { listSubscriptions } from '../audience/subscription.js'
import { findSuppressions } from '../audience/suppression.js'
import { findTags } from '../audience/tag.js'
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
    readonly tags: readonly string[]
    /** Null: none chosen. */
    readonly language: string | null
    /** `off`: nothing is kept of what they open and click. */
    readonly tracking: 'on' | 'off'
    /** ISO 8601. */
    readonly since: string
  } | null
  readonly suppression: { readonly reason: string; readonly since: string } | null
  readonly subscriptions: readonly {
    readonly list: string
    readonly status: SubscriptionStatus
    readonly since: string
    /** Names of topics; empty: all. */
    readonly topics: readonly string[]
    /** One Issue a month at most. */
    readonly monthly: boolean
    /** ISO 8601; null: not paused. */
    readonly pausedUntil: string | null
  }[]
  readonly timeline: readonly TimelineEntry[]
}

/** Throws InputError when the text is no address, or nothing is known about it. */
export async function showSubscriber({
  address: text,
  db: { query },
  keys,
  now,
}: {
  readonly address: string
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly now: () => number
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
      tags: (await findTags(query, [subscriber.id])).get(subscriber.id) ?? [],
      language: subscriber.lang,
      tracking: subscriber.isUntracked ? 'off' : 'on',
      since: toIso(subscriber.createdAt),
    },
    suppression: suppression && { reason: suppression.reason, since: toIso(suppression.createdAt) },
    subscriptions: subscriptions.map(({ list, status, preferences, pausedUntil, changedAt }) => ({
      list: list.name,
      status,
      since: toIso(changedAt),
      topics: preferences.topics ?? [],
      monthly: preferences.monthly ?? false,
      pausedUntil: pausedUntil !== null && pausedUntil > now() ? toIso(pausedUntil) : null,
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

/** An attribute that is called like one of these is told from it, as in an export. */
const OURS: ReadonlySet<string> = new Set(['name', 'tags', 'language', 'tracking', 'suppressed'])

export function printSubscriber(record: SubscriberRecord): string {
  const { address, subscriber, suppression, subscriptions, timeline } = record
  const facts: Cell[][] = subscriber === null ? [] : [['name', subscriber.name || '(none)']]
  for (const [name, value] of Object.entries(subscriber?.attributes ?? {}))
    facts.push([OURS.has(name) ? `${ATTRIBUTE_PREFIX}${name}` : name, value])
  if (subscriber !== null && subscriber.tags.length > 0) facts.push(['tags', subscriber.tags.join(', ')])
  if (subscriber !== null && subscriber.language !== null) facts.push(['language', subscriber.language])
  if (subscriber?.tracking === 'off') facts.push(['tracking', 'off'])
  for (const subscription of subscriptions)
    facts.push([`List ${subscription.list}`, describeSubscription(subscription)])
  if (suppression !== null)
    facts.push(['suppressed', `${suppression.reason}, since ${writeTime(suppression.since)}`])
  const events = timeline.map(({ at, what, list, send, issue, detail, verdict, link }): Cell[] => [
    writeTime(at),
    verdict === null ? what : `${what} (${verdict})`,
    send === null ? (list ?? '') : `Send ${send}, ${issue}${list === null ? '' : ` to ${list}`}`,
    [link === null ? '' : `Link ${link.index} ${link.url}`, detail].filter((part) => part !== '').join(', '),
  ])
  const history = events.length === 0 ? [] : ['', ...alignColumns(events)]
  return `${[address, ...alignColumns(facts).map((line) => `  ${line}`), ...history].join('\n')}\n`
}

function describeSubscription({
  status,
  since,
  topics,
  monthly,
  pausedUntil,
}: SubscriberRecord['subscriptions'][number]): string {
  const parts = [`${status} since ${writeTime(since)}`]
  if (topics.length > 0) parts.push(`wants ${topics.join(', ')}`)
  if (monthly) parts.push('one issue a month')
  if (pausedUntil !== null) parts.push(`paused until ${writePause(pausedUntil)}`)
  return parts.join('; ')
}

/** The end of the year 9999 stands for a pause without an end. */
function writePause(until: string): string {
  return until.startsWith('9999-') ? 'they resume' : writeTime(until)
}

function toIso(at: number): string {
  return new Date(at).toISOString()
}

function writeTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}
