/** A mailbox as an editor writes it: `Name <local@host>`, or the address alone (RFC 5322, section 3.4). */

import { parseAddress } from '../address.js'
import type { Mailbox } from './publication.js'

/** Null when `text` is not exactly one mailbox. */
export function parseMailbox(text: string): Mailbox | null {
  const angled = /^([^<>]*)<([^<>]*)>$/.exec(text.trim())
  const name = unquote(angled?.[1]?.trim() ?? '')
  return name === null ? null : writeMailbox(name, angled?.[2] ?? text.trim())
}

/** Null when the address is none, or when the name would not stay one line of a header. */
export function writeMailbox(name: string, address: string): Mailbox | null {
  const parsed = parseAddress(address)
  if (parsed.kind === 'refused' || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}<>]/u.test(name)) return null
  return { name, address: parsed.address }
}

/** The text of a name in quotes, a name without quotes as it is, null when its quotes don't match. */
function unquote(name: string): string | null {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(name)
  if (quoted?.[1] !== undefined) return quoted[1].replace(/\\(.)/g, '$1')
  return name.includes('"') ? null : name
}
