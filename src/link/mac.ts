/**
 * HMAC-SHA-256 (RFC 2104 section 2) of short messages, made of two one-shot hashes: the same as Node's createHmac, which
 * makes an object for each and takes four times as long. Three are made for every Message, one is checked for every click.
 */

import { hash } from 'node:crypto'

const BLOCK_BYTES = 64
const HASH_BYTES = 32

/**
 * A key with what it is mixed with, once for all, and behind that the room for what is hashed with it: of messages of one
 * length nothing but the message is written anew.
 */
export interface MacKey {
  inner: Buffer
  readonly outer: Buffer
}

/** `key`: at most 64 bytes, as longer ones would have to be hashed first. */
export function makeMacKey(key: Uint8Array): MacKey {
  if (key.length > BLOCK_BYTES)
    throw new RangeError(`a key of ${key.length} bytes is longer than ${BLOCK_BYTES}`)
  return { inner: padded(key, 0x36), outer: Buffer.concat([padded(key, 0x5c), Buffer.alloc(HASH_BYTES)]) }
}

function padded(key: Uint8Array, byte: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES, byte)
  key.forEach((one, index) => {
    block[index] = one ^ byte
  })
  return block
}

/** The whole MAC, a character a byte (latin1). */
export function macOf(key: MacKey, message: Uint8Array): string {
  if (key.inner.length === BLOCK_BYTES + message.length) key.inner.set(message, BLOCK_BYTES)
  else key.inner = Buffer.concat([key.inner.subarray(0, BLOCK_BYTES), message])
  key.outer.write(hash('sha256', key.inner, 'binary'), BLOCK_BYTES, 'latin1')
  return hash('sha256', key.outer, 'binary')
}
