/**
 * A Message to nobody: what `pressrun build` shows and checks read. Its Tokens verify nowhere. The same Compilation
 * and values: the same bytes.
 */

import type { Compilation } from '../compile/compiled.js'
import { SAMPLE_KEYS } from '../link/sample-keys.js'
import type { WireMessage } from '../smtp/transport.js'
import { prepareMessages, writeMessage } from './message.js'

const SAMPLE_ADDRESS = 'reader@example.com'

/** The bytes that checks read: `WriteWire`. */
export function writeSampleWire(
  compilation: Compilation,
  values: Readonly<Record<string, string>>,
): Uint8Array {
  return writeSample(compilation, values).bytes
}

/** To one with these values, dated noon of the date. */
export function writeSample(
  { compiled, hash }: Compilation,
  values: Readonly<Record<string, string>> = {},
): WireMessage {
  const prepared = prepareMessages({
    compiled,
    hash,
    list: { name: 'sample', title: 'Sample' },
    sendId: 0,
    date: Date.parse(`${compiled.date}T12:00:00Z`),
  })
  const { name = '', address = SAMPLE_ADDRESS, ...attributes } = values
  return writeMessage(prepared, { deliveryId: 0, address, name, attributes }, SAMPLE_KEYS)
}
