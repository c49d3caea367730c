/** `pressrun subscribers list`: who is on the Lists, written as it is read, so that a million need no memory. */

import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { findList } from '../audience/list.js'
import { type ListedSubscriber, pageSubscribers } from '../audience/subscriber.js'
import { findSuppressions } from '../audience/suppression.js'
import { escapeText } from '../compile/escape.js'
import type { Db } from '../db/db.js'
import { SUBSCRIPTION_STATUSES, type SubscriptionStatus } from '../db/schema.js'
import { InputError } from '../errors.js'
import { hashAddress, type Keys } from '../link/token.js'

export interface SubscribersRequest {
  /** Null: all Lists. */
  readonly list: string | null
  readonly status: SubscriptionStatus | null
  readonly format: 'text' | 'json'
}

export interface SubscriberLine {
  readonly address: string
  readonly name: string
  readonly list: string
  readonly status: SubscriptionStatus
  /** Why the address is never mailed, whatever its status; null when it may be. */
  readonly suppressed: string | null
  readonly attributes: Readonly<Record<string, string>>
}

interface SubscribersContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly out: Writable
}

const PAGE = 1_000

/** Throws InputError when there is no such List. Returns how many it wrote. */
export async function writeSubscribers(
  { list, status, format }: SubscribersRequest,
  { db, keys, out }: SubscribersContext,
): Promise<number> {
  const listId = list === null ? null : (await findList(db.query, list)).id
  const write = format === 'json' ? jsonLine : textLine
  let count = 0
  if (format === 'json') out.write('[')
  for await (const line of readSubscribers({ listId, status }, { db, keys })) {
    if (!out.write(write(line, count))) await once(out, 'drain')
    count += 1
  }
  if (format === 'json') out.write(count === 0 ? ']\n' : '\n]\n')
  return count
}

/** The status that `--status` names, or null when it was not given. Throws InputError naming those there are. */
export function readSubscriptionStatus(text: string | undefined): SubscriptionStatus | null {
  if (text === undefined) return null
  const status = SUBSCRIPTION_STATUSES.find((one) => one === text)
  if (status === undefined)
    throw new InputError(
      `--status: "${text}" is no status of a Subscription; there is ${SUBSCRIPTION_STATUSES.join(', ')}`,
    )
  return status
}

async function* readSubscribers(
  filter: { readonly listId: number | null; readonly status: SubscriptionStatus | null },
  { db: { query }, keys }: Omit<SubscribersContext, 'out'>,
): AsyncGenerator<SubscriberLine, void> {
  let after = 0
  for (;;) {
    const page = await pageSubscribers(query, { ...filter, after, limit: PAGE })
    const hashes = page.map(({ addressKey }) => hashAddress(keys, addressKey))
    const suppressions = await findSuppressions(query, hashes)
    for (const [index, subscriber] of page.entries())
      yield toLine(subscriber, suppressions.get(hashes[index] ?? '')?.reason ?? null)
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.subscriptionId
  }
}

function toLine(
  { address, name, list, status, attributes }: ListedSubscriber,
  suppressed: string | null,
): SubscriberLine {
  return { address, name, list, status, suppressed, attributes }
}

function jsonLine(line: SubscriberLine, at: number): string {
  return `${at === 0 ? '' : ','}\n${JSON.stringify(line)}`
}

/** Tabs, as a spreadsheet takes them; aligning would want all of them in memory. */
function textLine({ address, name, list, status, suppressed }: SubscriberLine): string {
  const standing = suppressed === null ? status : `${status}, suppressed: ${suppressed}`
  return `${[address, name, list, standing].map(escapeText).join('\t')}\n`
}
