/** `pressrun deliveries`: a Send one by one, written as it is read, so that a million need no memory. */

import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { escapeText } from '../compile/escape.js'
import type { Query } from '../db/db.js'
import { DELIVERY_STATES, type DeliveryState } from '../db/schema.js'
import { InputError } from '../errors.js'
import { type DeliveryLine, readDeliveries } from '../report/deliveries.js'
import { readStatus } from '../report/status.js'

export interface DeliveriesRequest {
  readonly sendId: number
  readonly state: DeliveryState | null
  readonly format: 'text' | 'json'
}

/** Throws InputError when there is no such Send. Returns how many it wrote. */
export async function writeDeliveries(
  { sendId, state, format }: DeliveriesRequest,
  { query, out }: { readonly query: Query; readonly out: Writable },
): Promise<number> {
  await readStatus(query, sendId)
  const write = format === 'json' ? jsonLine : textLine
  let count = 0
  if (format === 'json') out.write('[')
  for await (const line of readDeliveries(query, { sendId, state })) {
    if (!out.write(write(line, count))) await once(out, 'drain')
    count += 1
  }
  if (format === 'json') out.write(count === 0 ? ']\n' : '\n]\n')
  return count
}

/** The state that `--state` names, or null when it was not given. Throws InputError naming those there are. */
export function readDeliveryState(text: string | undefined): DeliveryState | null {
  if (text === undefined) return null
  const state = DELIVERY_STATES.find((one) => one === text)
  if (state === undefined)
    throw new InputError(
      `--state: "${text}" is no state of a Delivery; there is ${DELIVERY_STATES.join(', ')}`,
    )
  return state
}

function jsonLine(line: DeliveryLine, at: number): string {
  return `${at === 0 ? '' : ','}\n${JSON.stringify(line)}`
}

/** Tabs, as a spreadsheet takes them; aligning would want all of them in memory. */
/** Of evidence the reason speaks already. */
const DECIDED: Readonly<Record<string, string>> = { resend: 'sent again, decided by', leave: 'left by' }

function textLine({ address, state, reason, attempts, reply, decided }: DeliveryLine): string {
  const decision = decided && DECIDED[decided.decision]
  const why = [reason ?? '', decision ? `${decision} ${decided.by}` : '']
    .filter((part) => part !== '')
    .join('; ')
  return `${[address, state, why, String(attempts), reply ?? ''].map(escapeText).join('\t').trimEnd()}\n`
}
