/** Reports that came back, from `fixtures/bounces`, written for one Delivery: with its Tokens and Message-ID where such a report has them. */

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Keys, messageIdLeft, signToken } from '../../src/link/token.js'

const folder = fileURLToPath(new URL('../fixtures/bounces/', import.meta.url))

/** What a report names a Delivery by. */
export interface Names {
  readonly returnToken: string
  readonly leaveToken: string
  readonly messageId: string
}

export function namesOf(keys: Keys, deliveryId: number): Names {
  return {
    returnToken: signToken(keys, 'return', deliveryId),
    leaveToken: signToken(keys, 'leave', deliveryId),
    messageId: messageIdLeft(keys, deliveryId),
  }
}

/** Every report's name, without `.eml`. */
export function bounceNames(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.eml'))
    .map((file) => file.slice(0, -'.eml'.length))
    .sort()
}

/** The bytes, with CRLF. `addresses`: put in place of those in the file. */
export function bounceBytes(
  name: string,
  names: Names,
  addresses: Readonly<Record<string, string>> = {},
): Buffer {
  let text = readFileSync(`${folder}${name}.eml`, 'utf8')
    .replaceAll('@@RETURN@@', names.returnToken)
    .replaceAll('@@LEAVE@@', names.leaveToken)
    .replaceAll('@@MESSAGE@@', names.messageId)
  for (const [address, other] of Object.entries(addresses)) text = text.replaceAll(address, other)
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'utf8')
}
