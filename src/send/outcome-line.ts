/** An outcome as a line of the file that outlives an outage of the database: numbers and the reply, no address. */

import { z } from 'zod'
import type { Query } from '../db/db.js'
import type { Result } from './journal.js'
import { commitEntries, type JournalContext } from './journal-commit.js'

/** Where outcomes wait while the database can't take them; lines of JSON, on the disk when `append` resolves. */
export interface OutcomeFile {
  /** False: nowhere to write to. */
  append(lines: readonly string[]): Promise<boolean>
  /** All of it is in the database. */
  clear(): Promise<void>
}

const text = z.string()
const code = z.int()
const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sent'), code, text }),
  z.object({ kind: z.literal('bounced'), code, text }),
  z.object({ kind: z.literal('deferred'), reason: text, code: code.nullable(), text }),
  z.object({ kind: z.literal('failed'), reason: text, code: code.nullable(), text }),
  z.object({ kind: z.literal('uncertain'), text }),
])
const id = z.int().positive()
const line = z.object({ send: id, delivery: id, attempt: id, outcome })

export function writeLine({ batch, delivery, outcome }: Result): string {
  const { deliveryId, attempt } = delivery
  return JSON.stringify({ send: batch.sendId, delivery: deliveryId, attempt: attempt + 1, outcome })
}

export interface Replayed {
  readonly committed: number
  /** Torn, or about nobody there is: whoever they spoke of stays uncertain. */
  readonly unreadable: number
}

/** Commits what an engine left behind; harmless when it was committed before. */
export async function replayLines(lines: readonly string[], context: JournalContext): Promise<Replayed> {
  const read = lines.flatMap((text) => {
    const parsed = line.safeParse(parse(text))
    return parsed.success ? [parsed.data] : []
  })
  const people = await readPeople(
    context.query,
    read.map(({ delivery }) => delivery),
  )
  const results = read.flatMap(({ send, delivery, attempt, outcome }): Result[] => {
    const person = people.get(delivery)
    if (person === undefined) return []
    const batch = { id: 0, fence: 0, sendId: send }
    return [
      {
        kind: 'outcome',
        batch,
        delivery: { deliveryId: delivery, attempt: attempt - 1, ...person },
        outcome,
      },
    ]
  })
  // An Attempt that stands there twice counts once.
  for (const result of results) await commitEntries([result], { ...context, again: true })
  return { committed: results.length, unreadable: lines.length - results.length }
}

/** A line that was cut off by a crash is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function readPeople(query: Query, deliveryIds: readonly number[]) {
  const people = new Map<number, { readonly subscriberId: number; readonly addressKey: string }>()
  if (deliveryIds.length === 0) return people
  const rows = await query
    .selectFrom('delivery')
    .select(['id', 'subscriber_id', 'address_key', 'address'])
    .where('id', 'in', deliveryIds)
    .execute()
  // As they were frozen: who has moved since must not answer for what bounced at the old address.
  for (const { id, subscriber_id, address_key, address } of rows)
    people.set(id, { subscriberId: subscriber_id, addressKey: address_key ?? address.toLowerCase() })
  return people
}
