/** Parts of a message to be looked at or kept: what they are called, and what they may be answered as. */

import type { Attachment } from 'postal-mime'
import type { MailPart } from './api.js'

/** What a browser draws without running anything; any other part is bytes to keep. */
const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])
const MAX_NAME = 100

export interface Part {
  readonly view: MailPart
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Without its angle brackets. */
  readonly contentId: string | null
}

export function partOf(attachment: Attachment, index: number): Part {
  const { mimeType, disposition, contentId, content } = attachment
  // `attachmentEncoding` is left at its default, so no content is a string.
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
  return {
    view: {
      index,
      type: mimeType.slice(0, MAX_NAME),
      name: nameOf(attachment, index),
      sizeBytes: bytes.length,
      isInline: disposition === 'inline' || attachment.related === true,
    },
    bytes,
    contentId: contentId?.replace(/^<|>$/g, '') ?? null,
  }
}

export function safeType(type: string): string {
  return PICTURES.has(type) ? type : 'application/octet-stream'
}

/** For Content-Disposition (RFC 6266): ASCII, and what it really is beside it. */
export function attachmentNamed(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const full = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`
}

/** A name of one file: no folders, nothing that hides or turns what it says. */
function nameOf({ filename, mimeType }: Attachment, index: number): string {
  const clean = (filename ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|]+/g, '_')
    .replace(/^[.\s]+/, '')
    .trim()
  if (clean !== '') return [...clean].slice(0, MAX_NAME).join('')
  return mimeType === 'message/rfc822' ? `part-${index + 1}.eml` : `part-${index + 1}`
}
