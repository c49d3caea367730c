/**
 * Relaxed canonical forms (RFC 6376 section 3.4): what a relay may do to white space on the way changes nothing in
 * them. Text here is latin1, one character an octet, so that what is not ASCII passes through as it is.
 */

import { createHash } from 'node:crypto'

const TAB = 9

export interface HeaderField {
  /** As written. */
  readonly name: string
  readonly canonical: string
}

/** The fields of a header, in order. A line that is none (no colon) is left out, as verifiers do. */
export function readFields(header: string): readonly HeaderField[] {
  const fields: HeaderField[] = []
  for (const line of header.split(/\r\n(?![ \t])/)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).replace(/[ \t]+$/, '')
    fields.push({ name, canonical: relaxField(name, line.slice(colon + 1)) })
  }
  return fields
}

/** `name:value` on one line, without its CRLF. */
export function relaxField(name: string, value: string): string {
  const words = value.replaceAll('\r\n', '').split(/[ \t]+/)
  return `${name.toLowerCase()}:${words.filter((word) => word !== '').join(' ')}`
}

/** SHA-256 of the canonical body, base64. `isKnownRelaxed`: it is its own canonical form, and not looked at. */
export function hashBody(body: Buffer, { isKnownRelaxed = false } = {}): string {
  const canonical =
    isKnownRelaxed || isRelaxed(body) ? body : Buffer.from(relaxBody(body.toString('latin1')), 'latin1')
  return createHash('sha256').update(canonical).digest('base64')
}

/** Whether the body is its own canonical form, as ours are. May say no to one that is, never yes to one that isn't. */
function isRelaxed(body: Buffer): boolean {
  if (body.length < 3) return body.length === 0
  const end = body.toString('latin1', body.length - 4)
  if (!end.endsWith('\r\n') || end === '\r\n\r\n' || body.includes(TAB)) return false
  return !/ [ \r]/.test(body.toString('latin1'))
}

/** Runs of white space as one blank, none at the end of a line, no empty lines at the end. */
function relaxBody(body: string): string {
  const lines = body
    .replace(/[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => (line.endsWith(' ') ? line.slice(0, -1) : line))
  while (lines.at(-1) === '') lines.pop()
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`
}
