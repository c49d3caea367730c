/**
 * The DKIM signer (RFC 6376), relaxed/relaxed. Same message and same keys: the same bytes, today and at a resend,
 * since both algorithms are deterministic and `t=` is the message's own Date. The private-key operations run in
 * libuv's threads.
 */

import { createHash, sign as signWith } from 'node:crypto'
import { domainToASCII } from 'node:url'
import type { WireMessage } from '../../smtp/transport.js'
import { type HeaderField, hashBody, readFields, relaxField } from './canonical.js'
import type { DkimKey } from './key.js'

/**
 * Covered once more than present: a second one put in front by somebody else would be shown instead of ours. Not the
 * List-* fields: mailing lists that a subscriber's address stands for put their own in front, and break nothing so.
 */
const OVERSIGNED = ['From', 'Subject', 'To', 'Date', 'Reply-To', 'Cc', 'Content-Type']

/** Covered as often as present. What relays write or rewrite (Received, Return-Path, Precedence, X-*) is left out. */
const COVERED =
  /^(?:From|Sender|Reply-To|To|Cc|Subject|Date|Message-ID|In-Reply-To|References|Feedback-ID|MIME-Version|Content-.+|List-.+)$/i

const MAX_LINE = 76

/** Keys that sign, by domain: one an algorithm. */
export type SigningKeys = ReadonlyMap<string, readonly DkimKey[]>

export interface SignerOptions {
  readonly keys: SigningKeys
  /** Called once for each From domain that has no key, nor a parent with one. */
  readonly onUnsigned?: (domain: string) => void
}

export interface Signer {
  /**
   * The same bytes with one DKIM-Signature a key in front, in memory that `take` gives; the message itself where its From
   * domain has no key.
   */
  sign(message: WireMessage, take?: (bytes: number) => Buffer): Promise<WireMessage>
}

export function makeSigner({ keys, onUnsigned = () => {} }: SignerOptions): Signer {
  const unsigned = new Set<string>()
  const say = (domain: string) => {
    if (unsigned.has(domain)) return
    unsigned.add(domain)
    onUnsigned(domain)
  }
  return {
    async sign(message, take = Buffer.allocUnsafe) {
      if (keys.size === 0) {
        say(domainOf(message.envelope.from))
        return message
      }
      const bytes = Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength)
      const { fields, body } = readMessage(bytes)
      const domain = fromDomain(fields)
      const signing = findSigningKeys(keys, domain)
      if (signing.length === 0) {
        say(domain)
        return message
      }
      const covered = cover(fields)
      const facts = {
        ...covered,
        bodyHash: hashBody(body, { isKnownRelaxed: message.isWireReady === true }),
        timestamp: readTimestamp(fields),
      }
      const signatures = await Promise.all(signing.map((key) => signatureField(key, facts)))
      const inFront = signatures.join('')
      const signed = take(inFront.length + bytes.length)
      signed.write(inFront, 0, 'latin1')
      signed.set(bytes, inFront.length)
      return { ...message, bytes: signed }
    },
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

function readMessage(bytes: Buffer): { readonly fields: readonly HeaderField[]; readonly body: Buffer } {
  const end = bytes.indexOf('\r\n\r\n')
  const headerEnd = end === -1 ? bytes.length : end
  return { fields: readFields(bytes.toString('latin1', 0, headerEnd)), body: bytes.subarray(headerEnd + 4) }
}

/** The domain behind the last @ of the From field, in A-labels (RFC 8616); '' where there is none. */
function fromDomain(fields: readonly HeaderField[]): string {
  const from = findValue(fields, 'from')
  const bracketed = from.endsWith('>') ? from.slice(from.lastIndexOf('<') + 1, -1) : from
  const domain = bracketed.slice(bracketed.lastIndexOf('@') + 1).trim()
  return domainToASCII(Buffer.from(domain, 'latin1').toString('utf8'))
}

/** Those of the domain itself, else of its closest parent that has any: aligned, as DMARC's relaxed mode has it. */
export function findSigningKeys(keys: SigningKeys, domain: string): readonly DkimKey[] {
  const labels = domain.split('.')
  for (let start = 0; start < labels.length; start++) {
    const found = keys.get(labels.slice(start).join('.'))
    if (found !== undefined && found.length > 0) return found
  }
  return []
}

interface Covered {
  /** For `h=`. */
  readonly names: readonly string[]
  /** Canonical fields in the order of the names, each with its CRLF. */
  readonly header: string
}

/** Bottom up, as the names of several fields are counted (RFC 6376 section 5.4.2). */
function cover(fields: readonly HeaderField[]): Covered {
  const names: string[] = []
  let header = ''
  for (const { name, canonical } of [...fields].reverse()) {
    if (!COVERED.test(name)) continue
    names.push(name)
    header += `${canonical}\r\n`
  }
  return { names: [...names, ...OVERSIGNED], header }
}

/** Seconds, from the Date field; null without one that can be read. */
function readTimestamp(fields: readonly HeaderField[]): number | null {
  const ms = Date.parse(findValue(fields, 'date'))
  return Number.isNaN(ms) ? null : Math.floor(ms / 1_000)
}

interface Facts extends Covered {
  readonly bodyHash: string
  readonly timestamp: number | null
}

async function signatureField(key: DkimKey, { names, header, bodyHash, timestamp }: Facts): Promise<string> {
  const { domain, selector, algorithm } = key
  const time = timestamp === null ? '' : ` t=${timestamp};`
  const value = [
    ` v=1; a=${algorithm}; c=relaxed/relaxed;${time}`,
    ` d=${domain}; s=${selector};`,
    fold(' h=', `${names.join(':')};`.split(/(?<=:)/)),
    ` bh=${bodyHash};`,
    ' b=',
  ].join('\r\n')
  const data = Buffer.from(header + relaxField('DKIM-Signature', value), 'latin1')
  const signature = (await signData(key, data)).toString('base64')
  return `DKIM-Signature:${fold(value, signature.match(/.{1,72}/g) ?? [])}\r\n`
}

/** Pieces after one another, in lines of at most MAX_LINE. */
function fold(start: string, pieces: readonly string[]): string {
  let text = start
  let column = start.length - start.lastIndexOf('\n') - 1
  for (const piece of pieces) {
    const breaks = column + piece.length > MAX_LINE
    text += breaks ? `\r\n ${piece}` : piece
    column = breaks ? 1 + piece.length : column + piece.length
  }
  return text
}

/** RFC 8463 section 3: Ed25519 signs the hash of the data. */
function signData({ algorithm, privateKey }: DkimKey, data: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, signature: Buffer) => (error ? reject(error) : resolve(signature))
    if (algorithm === 'rsa-sha256') signWith('sha256', data, privateKey, done)
    else signWith(null, createHash('sha256').update(data).digest(), privateKey, done)
  })
}

function findValue(fields: readonly HeaderField[], name: string): string {
  const prefix = `${name}:`
  return fields.find(({ canonical }) => canonical.startsWith(prefix))?.canonical.slice(prefix.length) ?? ''
}
