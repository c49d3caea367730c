/**
 * Message bytes. A CompiledIssue is encoded once into MIME segments with slots; a Message is the segments with one
 * person's small encoded values between them. Same CompiledIssue + same values + same date: the same bytes.
 */

import type { ChoiceHole, CompiledIssue, Hole, Holed, TokenHole } from '../compile/compiled.js'
import { escapeHtml, escapeText } from '../compile/escape.js'
import { unreachable } from '../errors.js'
import type { PersonHole } from '../issue/hole.js'
import { type Keys, messageIdLeft, signToken, TOKEN_LENGTH } from '../link/token.js'
import type { WireMessage } from '../smtp/transport.js'
import { cleanLine, encodeMailbox, encodeText, formatDate, headerField } from './header.js'
import { encodeValue, QuotedPrintable } from './quoted-printable.js'

/** Whom a Message is for: the values that its Delivery was frozen with. */
export interface Recipient {
  readonly deliveryId: number
  /** Validated, its domain in A-labels. */
  readonly address: string
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface PrepareOptions {
  readonly compiled: CompiledIssue
  /** SHA-256 of the CompiledIssue, hex. */
  readonly hash: string
  readonly list: { readonly name: string; readonly title: string }
  readonly sendId: number
  /** Date of every Message of the Send, ms. */
  readonly date: number
}

type Part = 'html' | 'text'
type Simple = PersonHole | TokenHole
type Slot =
  | Simple
  | {
      readonly kind: 'alternatives'
      readonly name: string
      readonly present: Segments
      readonly absent: Segments
    }
type Segments = readonly (string | { readonly part: Part; readonly slot: Slot })[]

export interface PreparedIssue {
  readonly compiled: CompiledIssue
  readonly domain: string
  readonly envelopeFrom: string
  /** Header fields that are the same for everyone. */
  readonly head: string
  readonly body: Segments
}

/** Encodes a CompiledIssue once, for a Send's every Message. */
export function prepareMessages({ compiled, hash, list, sendId, date }: PrepareOptions): PreparedIssue {
  const { from, replyTo } = compiled.publication
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  const boundary = `=_${hash.slice(0, 32)}`
  const head = [
    headerField('From', encodeMailbox(from)),
    replyTo === null ? '' : headerField('Reply-To', encodeMailbox(replyTo)),
    headerField('Date', formatDate(date)),
    headerField('List-ID', encodeMailbox({ name: list.title, address: `${label(list.name)}.${domain}` })),
    headerField('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'),
    headerField('Feedback-ID', `send-${sendId}:${label(list.name)}:issue:${senderId(domain)}`),
    headerField('Precedence', 'bulk'),
    headerField('MIME-Version', '1.0'),
    `Content-Type: multipart/alternative; boundary="${boundary}"\r\n`,
  ].join('')
  return {
    compiled,
    domain,
    envelopeFrom: from.address,
    head,
    body: joinSegments([
      `\r\n--${boundary}\r\n${partHead('plain')}`,
      ...encodePart(compiled.text, 'text'),
      `\r\n--${boundary}\r\n${partHead('html')}`,
      ...encodePart(compiled.html, 'html'),
      `\r\n--${boundary}--\r\n`,
    ]),
  }
}

/** The Message for one person. Deterministic; a value never leaves its own Message. */
export function writeMessage(prepared: PreparedIssue, recipient: Recipient, keys: Keys): WireMessage {
  const { publicUrl } = prepared.compiled.publication
  const leave = signToken(keys, 'leave', recipient.deliveryId)
  const values = {
    read: signToken(keys, 'read', recipient.deliveryId),
    leave,
    person: (hole: PersonHole) => personValue(hole, recipient),
  }
  const head = [
    headerField('Message-ID', `<${messageIdLeft(keys, recipient.deliveryId)}@${prepared.domain}>`),
    headerField('To', encodeMailbox(recipient)),
    headerField('Subject', encodeText(fillLine(prepared.compiled.subject, values.person))),
    `List-Unsubscribe: <${publicUrl}/u/${leave}>\r\n`,
  ].join('')
  return {
    envelope: { from: prepared.envelopeFrom, to: recipient.address },
    bytes: Buffer.from(prepared.head + head + fillSegments(prepared.body, values), 'utf8'),
  }
}

interface Values {
  readonly read: string
  readonly leave: string
  readonly person: (hole: PersonHole) => string
}

/** The person's value for a hole, on one line; the hole's fallback when it is empty or unknown. */
export function personValue(
  hole: PersonHole,
  { name, address, attributes }: Omit<Recipient, 'deliveryId'>,
): string {
  const known = hole.name === 'name' ? name : hole.name === 'address' ? address : own(attributes, hole.name)
  return cleanLine(known ?? '') || hole.fallback
}

/** `constructor` is no attribute of anyone who has none of that name. */
function own(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined
}

function fillLine(line: CompiledIssue['subject'], person: Values['person']): string {
  return line.map((piece) => (typeof piece === 'string' ? piece : person(piece))).join('')
}

function fillSegments(segments: Segments, values: Values): string {
  let filled = ''
  for (const segment of segments)
    filled += typeof segment === 'string' ? segment : fillSlot(segment.slot, segment.part, values)
  return filled
}

function fillSlot(slot: Slot, part: Part, values: Values): string {
  switch (slot.kind) {
    case 'token':
      return values[slot.purpose]
    case 'person':
      return encodeValue(part === 'html' ? escapeHtml(values.person(slot)) : escapeText(values.person(slot)))
    case 'alternatives': {
      const chosen =
        values.person({ kind: 'person', name: slot.name, fallback: '' }) !== '' ? slot.present : slot.absent
      return fillSegments(chosen, values)
    }
    default:
      return unreachable(slot)
  }
}

function encodePart(holed: Holed, part: Part): Segments {
  const writer = new QuotedPrintable()
  const segments: Segments[number][] = []
  for (const piece of holed) {
    if (typeof piece === 'string') writer.text(piece)
    else segments.push(...encodeHole(writer, piece, part))
  }
  segments.push(writer.end())
  return segments
}

function encodeHole(writer: QuotedPrintable, hole: Hole, part: Part): Segments {
  switch (hole.kind) {
    case 'token':
      return [writer.fixed(TOKEN_LENGTH), { part, slot: hole }]
    case 'person': {
      const before = writer.gap()
      writer.afterGap()
      return [before, { part, slot: hole }]
    }
    case 'choice': {
      const before = writer.gap()
      writer.afterGap()
      return [before, { part, slot: alternatives(hole, part) }]
    }
    default:
      return unreachable(hole)
  }
}

function alternatives({ name, present, absent }: ChoiceHole, part: Part): Slot {
  return {
    kind: 'alternatives',
    name,
    present: joinSegments(encodePart(present, part)),
    absent: joinSegments(encodePart(absent, part)),
  }
}

/** Neighbouring static segments as one. */
function joinSegments(segments: Segments): Segments {
  const joined: Segments[number][] = []
  for (const segment of segments) {
    const last = joined.at(-1)
    if (typeof segment === 'string' && typeof last === 'string') joined[joined.length - 1] = last + segment
    else joined.push(segment)
  }
  return joined
}

function partHead(subtype: 'plain' | 'html'): string {
  return `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`
}

/** A List's name as a DNS-like label (RFC 2919 section 2). */
function label(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'list'
  )
}

/** Gmail's Feedback-ID wants a stable SenderId of 5-15 characters. */
function senderId(domain: string): string {
  return label(domain).replaceAll('-', '').padEnd(5, '0').slice(0, 15)
}
