/**
 * Token: a signed reference carried in a URL (`read`, `leave`, `notice`) or a return path (`return`). 16 bytes: key id
 * and purpose (1), id of the Delivery or, for `notice`, of the Notice (5, big-endian), MAC (10: HMAC-SHA-256 cut to 80
 * bits, RFC 2104 section 5). Only the canonical encoding verifies.
 */

import {
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto'
import { type MacKey, macOf, makeMacKey } from './mac.js'

export const TOKEN_PURPOSES = ['read', 'leave', 'return', 'notice'] as const
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number]

const HEAD_BYTES = 6
const MAC_BYTES = 10
const TOKEN_BYTES = HEAD_BYTES + MAC_BYTES
const MAX_ID = 2 ** 40 - 1
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
/** Characters of a `read`, `leave` or `notice` Token (base64url) and of a `return` Token (base32). */
export const TOKEN_LENGTH = 22
export const RETURN_TOKEN_LENGTH = 26
/** Characters of what stands for a Delivery in its Message-ID. */
export const MESSAGE_ID_LENGTH = 24

interface Key {
  /** 6 bits, from the secret itself, so that the order of the ring says nothing about which key signed. */
  readonly id: number
  readonly token: MacKey
  readonly address: KeyObject
  readonly message: KeyObject
  readonly proof: KeyObject
  readonly stamp: KeyObject
}

/** A ring: the first key signs, all verify. Never empty. */
export interface Keys {
  readonly signing: Key
  readonly ring: readonly Key[]
}

export function makeKeys(secrets: readonly string[]): Keys {
  const ring = secrets.map(deriveKey)
  const [signing] = ring
  if (signing === undefined) throw new Error('a key ring wants at least one secret')
  return { signing, ring }
}

function deriveKey(secret: string): Key {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `pressrun ${use}`, 32))
  const key = (use: string) => createSecretKey(derive(use))
  const [first = 0] = createHash('sha256').update(derive('key id')).digest()
  return {
    id: first & 63,
    token: makeMacKey(derive('token')),
    address: key('address'),
    message: key('message'),
    proof: key('proof'),
    stamp: key('stamp'),
  }
}

/** Signs a reference. `read`, `leave` and `notice` are 22 base64url characters, `return` 26 of base32. */
export function signToken({ signing }: Keys, purpose: TokenPurpose, id: number): string {
  if (!Number.isSafeInteger(id) || id < 0 || id > MAX_ID) throw new RangeError(`no Token for id ${id}`)
  const bytes = tokenBytes(signing, purpose, id)
  return purpose === 'return' ? toBase32(bytes) : bytes.toString('base64url')
}

/** The id that a Token refers to, or null when it is not a Token of ours for this purpose. */
export function verifyToken({ ring }: Keys, purpose: TokenPurpose, token: string): number | null {
  const bytes = purpose === 'return' ? fromBase32(token) : fromBase64url(token)
  if (bytes === null) return null
  const id = bytes.readUIntBE(1, 5)
  const matches = ring.some((key) => timingSafeEqual(tokenBytes(key, purpose, id), bytes))
  return matches ? id : null
}

/** Written anew for each. */
const head = Buffer.alloc(HEAD_BYTES)

function tokenBytes(key: Key, purpose: TokenPurpose, id: number): Buffer {
  head[0] = (key.id << 2) | TOKEN_PURPOSES.indexOf(purpose)
  head.writeUIntBE(id, 1, 5)
  const bytes = Buffer.alloc(TOKEN_BYTES)
  bytes.set(head)
  bytes.write(macOf(key.token, head), HEAD_BYTES, MAC_BYTES, 'latin1')
  return bytes
}

/** 22 × 6 = 132 bits carry 128; the last four must be zero. */
const CANONICAL = /^[A-Za-z0-9_-]{21}[AQgw]$/

function fromBase64url(text: string): Buffer | null {
  return CANONICAL.test(text) ? Buffer.from(text, 'base64url') : null
}

/** A return path may come back in other case; nothing else about it may differ. */
function fromBase32(text: string): Buffer | null {
  if (text.length !== RETURN_TOKEN_LENGTH) return null
  const bytes = Buffer.alloc(TOKEN_BYTES)
  let bits = 0n
  for (const character of text.toLowerCase()) {
    const value = BASE32.indexOf(character)
    if (value < 0) return null
    bits = (bits << 5n) | BigInt(value)
  }
  // 26 × 5 = 130 bits carry 128; the last two must be zero.
  if ((bits & 3n) !== 0n) return null
  bytes.writeBigUInt64BE(bits >> 66n, 0)
  bytes.writeBigUInt64BE((bits >> 2n) & 0xffff_ffff_ffff_ffffn, 8)
  return bytes
}

function toBase32(bytes: Buffer): string {
  // Small numbers: with a return path it is done for every Message, and BigInt takes ten times as long.
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff
    held += 8
    while (held >= 5) {
      held -= 5
      text += BASE32[(bits >> held) & 31]
    }
  }
  return text + BASE32[(bits << (5 - held)) & 31]
}

/**
 * Keyed hash of a normalised address, hex. The ring's last (oldest) key makes it, so that a new signing key in front
 * leaves every Suppression in force.
 */
export function hashAddress({ ring, signing }: Keys, addressKey: string): string {
  return createHmac('sha256', (ring.at(-1) ?? signing).address)
    .update(addressKey)
    .digest('hex')
}

/** What stands for a Delivery in its Message-ID: stable over Attempts, opaque to others. Hex. */
export function messageIdLeft(keys: Keys, deliveryId: number): string {
  return opaqueName(keys, String(deliveryId))
}

/** The same for a Notice. */
export function noticeIdLeft(keys: Keys, noticeId: number): string {
  return opaqueName(keys, `notice ${noticeId}`)
}

function opaqueName({ ring, signing }: Keys, name: string): string {
  return createHmac('sha256', (ring.at(-1) ?? signing).message)
    .update(name)
    .digest('hex')
    .slice(0, MESSAGE_ID_LENGTH)
}

/** That whoever answers holds these keys, one proof a key, for a nonce that the asker made up. 32 hex characters each. */
export function proveKeys({ ring }: Keys, nonce: string): readonly string[] {
  return ring.map(({ proof }) => createHmac('sha256', proof).update(nonce).digest('hex').slice(0, 32))
}

/** Whether the proofs show that Tokens which are signed here verify there. */
export function knowsSigningKey({ signing }: Keys, nonce: string, proofs: readonly string[]): boolean {
  const [ours = ''] = proveKeys({ signing, ring: [signing] }, nonce)
  return proofs.includes(ours)
}
