/**
 * Message bytes. A CompiledIssue is encoded once into Runs of bytes with holes between; a Message is a copy of them
 * with one person's small encoded values. Same CompiledIssue + same values + same date: the same bytes.
 */

import type { CompiledIssue } from '../compile/compiled.js'
import type { HoledLine, PersonHole } from '../issue/hole.js'
import { type Keys, MESSAGE_ID_LENGTH, messageIdLeft, signToken, TOKEN_LENGTH } from '../link/token.js'
import { type ReturnPath, returnAddress } from '../return-path.js'
import type { WireMessage } from '../smtp/transport.js'
import { type Frame, makeFrame } from './frame.js'
import {
  cleanLine,
  encodeGiven,
  encodeMailbox,
  encodePhrase,
  encodeText,
  formatDate,
  headerField,
  plainAddress,
} from './header.js'
import { fillPart, type PersonValue, type PreparedPart, preparePart } from './part.js'
import { type FixedName, type FixedValues, type Run, spliceRuns } from './splice.js'

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
  /** Where what comes back goes, with a Token of each Message; the From address when there is none. */
  readonly returnPath?: ReturnPath | null
}

export interface PreparedIssue {
  readonly subject: HoledLine
  readonly envelopeFrom: string | ReturnPath
  /** Header fields that are the same for everyone or differ in Tokens alone; To and Subject follow. */
  readonly head: Run
  readonly frame: Frame
  readonly text: PreparedPart
  readonly html: PreparedPart
}

/** Encodes a CompiledIssue once, for a Send's every Message. Throws when it cannot be written for anyone. */
export function prepareMessages({
  compiled,
  hash,
  list,
  sendId,
  date,
  returnPath = null,
}: PrepareOptions): PreparedIssue {
  const { from, replyTo, publicUrl, headers = [] } = compiled.publication
  const fromAddress = plainAddress(from.address)
  const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1)
  const head = withPlaces([
    headerField('Message-ID', `<${PLACES.messageId}@${domain}>`),
    headerField('Date', formatDate(date)),
    headerField('From', encodeMailbox('From', from)),
    replyTo === null ? '' : headerField('Reply-To', encodeMailbox('Reply-To', replyTo)),
    headerField('List-ID', listId(list, domain)),
    // A URL is not folded: some relays join the lines again without the blank.
    `List-Unsubscribe: <${asciiUrl(publicUrl)}/u/${PLACES.leave}>\r\n`,
    headerField('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'),
    headerField('Feedback-ID', `send-${sendId}:${label(list.name)}:issue:${senderId(domain)}`),
    headerField('Precedence', 'bulk'),
    ...headers.map(({ name, value }) => headerField(name, encodeGiven(name, value))),
  ])
  const text = preparePart(compiled.text, 'text')
  const html = preparePart(compiled.html, 'html')
  return {
    subject: compiled.subject,
    envelopeFrom: returnPath ?? fromAddress,
    head,
    frame: makeFrame(text, html, hash),
    text,
    html,
  }
}

/**
 * The Message for one person, in memory that `take` gives. Deterministic; a value never leaves its own Message. Throws
 * when the address is not one plain address.
 */
export function writeMessage(
  prepared: PreparedIssue,
  recipient: Recipient,
  keys: Keys,
  take: (bytes: number) => Buffer = Buffer.allocUnsafe,
): WireMessage {
  const { subject, head, frame, text, html, envelopeFrom } = prepared
  const person: PersonValue = (hole) => personValue(hole, recipient)
  const fixed: FixedValues = {
    read: Buffer.from(signToken(keys, 'read', recipient.deliveryId), 'latin1'),
    leave: Buffer.from(signToken(keys, 'leave', recipient.deliveryId), 'latin1'),
    messageId: Buffer.from(messageIdLeft(keys, recipient.deliveryId), 'latin1'),
  }
  const personal =
    headerField('To', encodeMailbox('To', recipient)) +
    headerField('Subject', encodeText('Subject', fillLine(subject, person)))
  const runs = [
    head,
    { bytes: Buffer.from(personal, 'utf8'), places: [] },
    frame.before,
    ...fillPart(text, person, fixed),
    frame.between,
    ...fillPart(html, person, fixed),
    frame.after,
  ]
  return {
    envelope: {
      from:
        typeof envelopeFrom === 'string'
          ? envelopeFrom
          : returnAddress(envelopeFrom, signToken(keys, 'return', recipient.deliveryId)),
      to: recipient.address,
    },
    bytes: spliceRuns(runs, fixed, take),
    isWireReady: true,
  }
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

export function fillLine(line: HoledLine, person: PersonValue): string {
  return line.map((piece) => (typeof piece === 'string' ? piece : person(piece))).join('')
}

/** Stand for a value of the same width; no field of ours can hold these characters. */
const PLACES: Readonly<Record<FixedName, string>> = {
  read: '\u0001'.repeat(TOKEN_LENGTH),
  leave: '\u0002'.repeat(TOKEN_LENGTH),
  messageId: '\u0003'.repeat(MESSAGE_ID_LENGTH),
}

function withPlaces(fields: readonly string[]): Run {
  const bytes = Buffer.from(fields.join(''), 'utf8')
  const names = ['read', 'leave', 'messageId'] as const
  const places = names
    .map((value) => ({ value, at: bytes.indexOf(PLACES[value]), beside: null }))
    .filter(({ at }) => at >= 0)
  return { bytes, places }
}

/** The host in A-labels, the path percent-encoded; without a trailing slash. */
function asciiUrl(url: string): string {
  return new URL(url).href.replace(/\/$/, '')
}

/** RFC 2919 section 3: at most 255 octets between the brackets, the domain included. */
function listId({ name, title }: PrepareOptions['list'], domain: string): string {
  const left = label(name).slice(0, Math.max(1, 254 - domain.length))
  const phrase = encodePhrase(cleanLine(title), 'List-ID: '.length)
  return phrase === '' ? `<${left}.${domain}>` : `${phrase} <${left}.${domain}>`
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
