/**
 * Bytes → Mail: header, text, and the parts that reports are made of, by postal-mime with its limits set. What it refuses
 * (too deep, too many header bytes) is read as header and text alone.
 */

import PostalMime, { type Email } from 'postal-mime'
import { cutReport } from './cut.js'
import { collectFields, type Fields, readFields } from './fields.js'

export interface Mail {
  readonly fields: Fields
  /** Decoded; '' when there is none. */
  readonly subject: string
  /** What a person would read, at most 60,000 characters. */
  readonly text: string
  readonly parts: readonly Part[]
}

/** A part that is data rather than text: `message/delivery-status`, `message/rfc822`, `text/rfc822-headers`, … */
export interface Part {
  /** Lower case. */
  readonly type: string
  /** At most 60,000 characters. */
  readonly content: string
}

const MAX_TEXT = 60_000
const MAX_PARTS = 20
const ESC = 0x1b
const LIMITS = {
  maxNestingDepth: 20,
  maxHeadersSize: 256_000,
  // Returned messages are evidence: their header is looked at, nothing in them is unpacked.
  forceRfc822Attachments: true,
  maxRfc822NestingDepth: 0,
} as const

/** Never throws. */
export async function readMail(bytes: Uint8Array): Promise<Mail> {
  const cut = cutReport(bytes)
  const email = await PostalMime.parse(cut, LIMITS).catch(() => null)
  return email === null || isBroken(email) ? readPlain(cut) : fromEmail(email)
}

/** A multipart of which no part was found: its boundary was changed on the way. */
function isBroken({ headers, text, html, attachments }: Email): boolean {
  if (text !== undefined || html !== undefined || attachments.length > 0) return false
  return headers.some(({ key, value }) => key === 'content-type' && /^multipart\//i.test(value))
}

function fromEmail({ headers, subject = '', text, html = '', attachments }: Email): Mail {
  return {
    fields: collectFields(headers.map(({ key, value }) => [key, value])),
    subject: subject.slice(0, 500),
    text: (text ?? withoutTags(html.slice(0, 2 * MAX_TEXT))).slice(0, MAX_TEXT),
    parts: attachments
      .filter(({ mimeType }) => /^(message\/|text\/(rfc822-headers|plain))/.test(mimeType))
      .slice(0, MAX_PARTS)
      .map(({ mimeType, content }) => ({ type: mimeType, content: textOf(content) })),
  }
}

function readPlain(bytes: Uint8Array): Mail {
  const all = textOf(bytes)
  const end = /\r?\n\r?\n/.exec(all)?.index ?? all.length
  const fields = readFields(all.slice(0, end))
  return { fields, subject: fields.get('subject')?.[0] ?? '', text: all.slice(end).trimStart(), parts: [] }
}

function textOf(content: ArrayBuffer | Uint8Array | string): string {
  if (typeof content === 'string') return content.slice(0, MAX_TEXT)
  const bytes = new Uint8Array(content).subarray(0, MAX_TEXT)
  // Fields of a report name no character set; Japanese software writes ISO-2022-JP into them, which no other text looks like.
  const isJapanese = bytes.includes(ESC) && Buffer.from(bytes).includes('\u001b$B', 0, 'latin1')
  return new TextDecoder(isJapanese ? 'iso-2022-jp' : 'utf-8').decode(bytes)
}

function withoutTags(html: string): string {
  return html
    .replace(/<(?:br|\/p|\/div|\/tr|\/li)\b[^<>]{0,200}>/gi, '\n')
    .replace(/<[^<>]{0,1000}>/g, ' ')
    .replace(/&(lt|gt|amp|quot|nbsp);/g, (_, name: string) => ENTITIES[name] ?? ' ')
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ' }
