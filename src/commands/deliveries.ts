/** `pressrun deliveries`: a Send one by one, written as it is read, so that a million need no memory. */

import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Query } from '../db/db.js'
import { DELIVERY_STATES, type DeliveryState } from '../db/schema.js'
import { InputError } from '../errors.js'
import { readBareDeliveries, readDeliveries, tellDeliveries } from '../report/deliveries.js'
import {
  type DeliveryFormat,
  LINE_WRITERS,
  TEXT_WRITER,
  TOLD_WRITERS,
  type Writer,
} from '../report/print-deliveries.js'
import { readStatus } from '../report/status.js'
import { beginCsvFile } from './csv-file.js'
import { OWNER_ALONE } from './new-file.js'
import { readAddress } from './subscribers-show.js'
import { writeWholeFile } from './whole-file.js'

export interface DeliveriesRequest {
  readonly sendId: number
  readonly state: DeliveryState | null
  /** One person's, with all that happened to it; null: everyone's, without. */
  readonly address: string | null
  readonly format: DeliveryFormat
}

interface DeliveriesContext {
  readonly query: Query
  readonly out: Writable
}

/** Throws InputError when there is no such Send, or nothing of the person in it. Returns how many it wrote. */
export async function writeDeliveries(
  request: DeliveriesRequest,
  { query, out }: DeliveriesContext,
): Promise<number> {
  const { sendId, state, address, format } = request
  const { issue, list } = await readStatus(query, sendId)
  if (address === null) {
    const filter = { sendId, state, addressKey: null }
    return format === 'text'
      ? writeEach(readBareDeliveries(query, filter), TEXT_WRITER, out)
      : writeEach(readDeliveries(query, filter), LINE_WRITERS[format], out)
  }
  const { address: wanted, key } = readAddress(address)
  const told = await tellDeliveries(query, { sendId, state, addressKey: key })
  if (told.length > 0) return writeEach(told, TOLD_WRITERS[format], out)
  const which = state === null ? '' : ` that is ${state}`
  throw new InputError(
    `Send ${sendId} (${issue} to ${list}) has no Delivery to ${wanted}${which}; pressrun subscribers show ${wanted} says what there is`,
  )
}

/** The same into a file for its owner alone, which is there whole or not at all. Throws InputError as above. */
export function writeDeliveriesFile(
  request: DeliveriesRequest & { readonly file: string; readonly replaces: boolean },
  { query }: Pick<DeliveriesContext, 'query'>,
): Promise<void> {
  const { format, file, replaces } = request
  return writeWholeFile(file, { replaces, mode: OWNER_ALONE }, async (out) => {
    if (format === 'csv') await beginCsvFile(out)
    await writeDeliveries(request, { query, out })
  })
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

async function writeEach<T>(
  all: Iterable<T> | AsyncIterable<T>,
  { head, write, tail }: Writer<T>,
  out: Writable,
): Promise<number> {
  let count = 0
  out.write(head)
  for await (const one of all) {
    if (!out.write(write(one, count))) await once(out, 'drain')
    count += 1
  }
  out.write(tail(count))
  return count
}
