/**
 * DKIM (RFC 6376): is what DNS publishes the public half of the key that signs here? The large providers want a
 * signature of at least 1024 bits that verifies.
 */

import { createPublicKey, type KeyObject } from 'node:crypto'
import type { Answer } from './dns.js'
import { type Finding, findingsOf } from './finding.js'
import { readTags, type TagList } from './tags.js'

const dkim = findingsOf('dkim')

/** RFC 8301 section 3.2; Gmail wants the same of bulk senders. */
const MIN_RSA_BITS = 1_024
const GOOD_RSA_BITS = 2_048

/** A key that signs here. */
export interface SigningKey {
  readonly domain: string
  readonly selector: string
  readonly publicKey: KeyObject
}

/** Where its public half has to stand. */
export function recordNameOf({ selector, domain }: Pick<SigningKey, 'selector' | 'domain'>): string {
  return `${selector}._domainkey.${domain}`
}

/** `fromDomain` has no key here, nor has any domain above it. `relaySigns`: a person says so; nobody can see it from here. */
export function judgeUnsigned(fromDomain: string, { relaySigns }: { readonly relaySigns: boolean }): Finding {
  if (relaySigns)
    return dkim.warning(
      `the relay is to sign messages from ${fromDomain}; that can't be seen from here: look for DKIM-Signature and d=${fromDomain} in a message that arrived`,
    )
  return dkim.error(
    `messages from ${fromDomain} are not signed here: pressrun dkim new ${fromDomain} makes a key and says what to publish; where the relay signs for that domain, say --relay-signs`,
  )
}

export function judgeKey(key: SigningKey, answer: Answer<string>): Finding {
  const name = recordNameOf(key)
  if (answer.kind === 'unasked')
    return dkim.unasked(`DNS could not be asked for the key at ${name} (${answer.cause}); try again`)
  const remedy = `pressrun dkim show ${key.domain} prints the record as it has to be`
  if (answer.kind === 'missing') return dkim.error(`no key is published at ${name}; ${remedy}`)
  if (answer.records.length > 1)
    return dkim.error(
      `${answer.records.length} records stand at ${name}, and a receiver takes any of them; leave the one that pressrun dkim show ${key.domain} prints`,
    )
  const record = readTags(answer.records[0] ?? '')
  const fault = faultOf(record, key.publicKey)
  if (fault !== null) return dkim.error(`the key published at ${name} ${fault}; ${remedy}`)
  const { tags } = record
  const kind = describe(key.publicKey)
  if (listIn(tags.get('t')).includes('y'))
    return dkim.warning(
      `the key published at ${name} says that it is being tested (t=y), which lets receivers pass over it; take that out`,
    )
  const { modulusLength } = key.publicKey.asymmetricKeyDetails ?? {}
  if (modulusLength !== undefined && modulusLength < GOOD_RSA_BITS)
    return dkim.warning(
      `the key at ${name} is ours, but has ${modulusLength} bits; ${GOOD_RSA_BITS} is advised`,
    )
  return dkim.ok(`the key published at ${name} is the one that signs here (${kind})`)
}

/** A clause that goes after "the key published at …"; null when a signature by `ours` would verify with it. */
function faultOf({ tags }: TagList, ours: KeyObject): string | null {
  const version = tags.get('v')
  if (version !== undefined && version !== 'DKIM1') return 'has a v= that is not DKIM1'
  const published = tags.get('p')
  if (published === undefined) return 'has no p=, which is the key itself'
  if (published.replace(/\s/g, '') === '') return 'is revoked (p= is empty)'
  const kind = (tags.get('k') ?? 'rsa').toLowerCase()
  const wanted = ours.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa'
  if (kind !== wanted) return `is of the kind ${JSON.stringify(kind.slice(0, 20))}, and ours is ${wanted}`
  const services = listIn(tags.get('s'))
  if (services.length > 0 && !services.some((service) => service === '*' || service === 'email'))
    return 'is not for mail (s=)'
  const hashes = listIn(tags.get('h'))
  if (hashes.length > 0 && !hashes.includes('sha256')) return 'is not for sha256 (h=)'
  const key = readKey(published, wanted)
  if (key === null) return 'is no key that can be read'
  if (!sameKey(key, ours)) return 'is not the one that signs here'
  const { modulusLength } = ours.asymmetricKeyDetails ?? {}
  return modulusLength !== undefined && modulusLength < MIN_RSA_BITS
    ? `has ${modulusLength} bits, which no large provider takes`
    : null
}

function listIn(value: string | undefined): readonly string[] {
  return (value ?? '').split(':').flatMap((one) => (one.trim() === '' ? [] : [one.trim().toLowerCase()]))
}

/** p= holds a SubjectPublicKeyInfo, or the bare key as RFC 6376 has it (PKCS #1) and RFC 8463 has it (32 bytes). */
function readKey(base64: string, kind: 'rsa' | 'ed25519'): KeyObject | null {
  const text = base64.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  const der = Buffer.from(text, 'base64')
  if (kind === 'ed25519') {
    const x = der.toString('base64url')
    return der.length === 32
      ? attempt(() => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }))
      : null
  }
  return (
    attempt(() => createPublicKey({ key: der, format: 'der', type: 'spki' })) ??
    attempt(() => createPublicKey({ key: der, format: 'der', type: 'pkcs1' }))
  )
}

/** Whatever OpenSSL has against it: it is no key. */
function attempt(read: () => KeyObject): KeyObject | null {
  try {
    return read()
  } catch {
    return null
  }
}

function sameKey(one: KeyObject, other: KeyObject): boolean {
  return one.asymmetricKeyType === other.asymmetricKeyType && one.equals(other)
}

function describe(key: KeyObject): string {
  const { modulusLength } = key.asymmetricKeyDetails ?? {}
  return modulusLength === undefined ? 'Ed25519' : `RSA, ${modulusLength} bits`
}
