/**
 * Bytes → what they say as a mail, by postal-mime with its limits set. Never throws because of what it is given: what cannot
 * be read is said, and the source is always there.
 */

import PostalMime, { type Email } from 'postal-mime'
import { type Header, readHeader } from './fields.js'
import { type Part, partOf } from './parts.js'

export interface Message {
  readonly header: Header
  readonly html: string | null
  readonly text: string | null
  readonly parts: readonly Part[]
  /** What could not be read, one sentence each. */
  readonly notes: readonly string[]
}

export const MAX_HEADER_BYTES = 256 * 1024
/** Characters, five times what Gmail shows; beyond, the source says the rest. */
const MAX_BODY = 500_000
const MAX_PARTS = 200
const LIMITS = {
  maxNestingDepth: 20,
  maxHeadersSize: 512 * 1024,
  // A mail within the mail is a part to keep; what it holds is not this one's.
  forceRfc822Attachments: true,
  maxRfc822NestingDepth: 0,
} as const

export async function parseMessage(bytes: Uint8Array): Promise<Message> {
  const header = readHeader(bytes.subarray(0, MAX_HEADER_BYTES))
  const email = await PostalMime.parse(bytes, LIMITS).catch((error: unknown) => refusalOf(error))
  const notes = notesOn(header, bytes)
  if (typeof email === 'string')
    return { header, html: null, text: null, parts: [], notes: [...notes, email] }
  const parts = email.attachments.slice(0, MAX_PARTS).map(partOf)
  return {
    header,
    html: cut(email.html),
    text: cut(email.text),
    parts,
    notes: [...notes, ...notesOnParts(header, email, bytes)],
  }
}

function cut(body: string | undefined): string | null {
  return body === undefined ? null : body.slice(0, MAX_BODY)
}

function refusalOf(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  if (/nesting/i.test(message))
    return 'Its parts lie more than 20 deep in each other, which no mail needs: they are not unpacked. The source shows them.'
  if (/header/i.test(message))
    return 'The headers of its parts are longer than 512 KB, which no mail needs: they are not unpacked. The source shows them.'
  return 'Its parts cannot be read. The source shows them.'
}

function notesOn({ fields, bodyAt, hasOddBytes, strayLines }: Header, bytes: Uint8Array): readonly string[] {
  const notes: string[] = []
  if (fields.length === 0) notes.push('It has no header.')
  else if (bodyAt >= MAX_HEADER_BYTES) notes.push('Its header is longer than 256 KB and shown in part.')
  else if (bodyAt >= bytes.length) notes.push('It ends within its header: there is no body.')
  if (hasOddBytes)
    notes.push('Its header holds bytes that are neither ASCII nor UTF-8; they are read as Windows-1252.')
  if (strayLines > 0)
    notes.push(
      strayLines === 1
        ? 'One line of its header is no field; it is left out.'
        : `${strayLines} lines of its header are no fields; they are left out.`,
    )
  return notes
}

function notesOnParts(header: Header, email: Email, bytes: Uint8Array): readonly string[] {
  const { html, text, attachments } = email
  const notes: string[] = []
  const type = header.fields.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? ''
  const boundary = /^multipart\/.*?\bboundary=(?:"([^"]*)"|([^\s;]+))/i.exec(type)
  const isMultipart = /^multipart\//i.test(type)
  if (isMultipart && html === undefined && text === undefined && attachments.length === 0)
    notes.push('It says that it has parts, but none was found: its boundary does not stand in it.')
  else if (boundary !== null && !holds(bytes, `--${boundary[1] ?? boundary[2] ?? ''}--`))
    notes.push('It ends before its parts do: the end was cut off, or never came.')
  if (attachments.length > MAX_PARTS)
    notes.push(`It has ${attachments.length.toLocaleString('en')} parts; the first ${MAX_PARTS} are listed.`)
  if ((html?.length ?? 0) > MAX_BODY)
    notes.push('Its HTML is longer than 500,000 characters and shown in part.')
  if ((text?.length ?? 0) > MAX_BODY)
    notes.push('Its text is longer than 500,000 characters and shown in part.')
  if (`${html ?? ''}${text ?? ''}`.slice(0, MAX_BODY).includes('\ufffd'))
    notes.push('Some bytes of it are no text in the character set that it names; they are shown as \ufffd.')
  return notes
}

function holds(bytes: Uint8Array, mark: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(mark, 0, 'utf8')
}
