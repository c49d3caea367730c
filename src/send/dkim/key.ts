/** A DKIM key: what a file of one may hold, and the DNS record that lets receivers check what it signs. */

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256'

export interface DkimKey {
  /** Lower-case A-labels. */
  readonly domain: string
  readonly selector: string
  readonly algorithm: DkimAlgorithm
  /** Of the modulus; null for Ed25519. */
  readonly bits: number | null
  readonly privateKey: KeyObject
}

/** RFC 8301 section 3.2: below 1024 nobody verifies; 2048 is what the large providers ask for. */
export const MIN_RSA_BITS = 1_024
export const GOOD_RSA_BITS = 2_048
/** What every receiver has to be able to verify; longer ones, some don't. */
export const MAX_RSA_BITS = 4_096

const MAX_STRING = 255 // octets of one string in a TXT record, RFC 1035 section 3.3

export type ReadKey =
  | { readonly kind: 'key'; readonly key: DkimKey }
  /** A clause that goes after the file's name: what is wrong, and what would be right. */
  | { readonly kind: 'refused'; readonly reason: string }

/** Reads a private key in PEM; PKCS #8, or the older PKCS #1. */
export function readKey(pem: string, { domain, selector }: Pick<DkimKey, 'domain' | 'selector'>): ReadKey {
  const remedy = `take it away, and pressrun dkim new ${domain} makes one`
  if (pem.includes('ENCRYPTED'))
    return refused('is locked with a passphrase; write it without one (openssl pkey -in OLD -out NEW)')
  const privateKey = parsePem(pem)
  if (privateKey === null)
    return refused(`holds no private key in PEM; put back the one it had, or ${remedy}`)
  const type = privateKey.asymmetricKeyType
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? null
  if (type !== 'rsa' && type !== 'ed25519')
    return refused(`holds a key of the kind "${type}"; DKIM signs with RSA or Ed25519, ${remedy}`)
  if (bits !== null && bits < MIN_RSA_BITS)
    return refused(
      `holds an RSA key of ${bits} bits, which no receiver accepts; ${GOOD_RSA_BITS} would be right, ${remedy}`,
    )
  if (!isSound(privateKey)) return refused(`is damaged: what it signs does not verify; ${remedy}`)
  const algorithm = type === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256'
  return { kind: 'key', key: { domain, selector, algorithm, bits, privateKey } }
}

function refused(reason: string): ReadKey {
  return { kind: 'refused', reason }
}

/** Whatever OpenSSL has against it: for a person it is no key. */
function parsePem(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

/** A damaged file may still parse. */
function isSound(privateKey: KeyObject): boolean {
  const data = Buffer.from('pressrun')
  const algorithm = privateKey.asymmetricKeyType === 'rsa' ? 'sha256' : null
  try {
    return verify(algorithm, data, createPublicKey(privateKey), sign(algorithm, data, privateKey))
  } catch {
    return false
  }
}

/** What might keep receivers from trusting it; null when nothing does. */
export function weaknessOf({ bits }: DkimKey): string | null {
  if (bits !== null && bits < GOOD_RSA_BITS)
    return `has ${bits} bits; ${GOOD_RSA_BITS} is what the large providers ask for`
  if (bits !== null && bits > MAX_RSA_BITS)
    return `has ${bits} bits; not every receiver verifies more than ${MAX_RSA_BITS}`
  return null
}

/** `RSA, 2048 bits`, `Ed25519`. */
export function describeKey({ algorithm, bits }: DkimKey): string {
  return algorithm === 'rsa-sha256' ? `RSA, ${bits} bits` : 'Ed25519'
}

/** A new private key, PKCS #8 in PEM. `bits` null: Ed25519. */
export function makeKeyPem(bits: number | null): string {
  const { privateKey } =
    bits === null ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: bits })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

export interface DkimRecord {
  /** Without a dot at its end. */
  readonly name: string
  /** The value whole, as web forms of DNS providers take it. */
  readonly value: string
  /** The line for a zone file; the value in strings of at most 255 octets. */
  readonly zone: string
}

/** RFC 6376 section 3.6.1; RFC 8463 section 4 for Ed25519, whose key stands there bare. */
export function recordOf({ domain, selector, algorithm, privateKey }: DkimKey): DkimRecord {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const isRsa = algorithm === 'rsa-sha256'
  const publicKey = (isRsa ? spki : spki.subarray(-32)).toString('base64')
  const name = recordName({ domain, selector })
  const value = `v=DKIM1; k=${isRsa ? 'rsa' : 'ed25519'}; p=${publicKey}`
  const strings = value.match(new RegExp(`.{1,${MAX_STRING}}`, 'g')) ?? []
  const quoted = strings.map((string) => `"${string}"`)
  const data = quoted.length === 1 ? quoted.join('') : `( ${quoted.join('\n    ')} )`
  return { name, value, zone: `${name}. IN TXT ${data}` }
}

/** Where receivers look for the public key. */
export function recordName({ domain, selector }: Pick<DkimKey, 'domain' | 'selector'>): string {
  return `${selector}._domainkey.${domain}`
}
