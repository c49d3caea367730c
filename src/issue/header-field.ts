/**
 * Header fields of the publication's own (`headers:` in newsletter.yaml), by allow-list: what Pressrun writes itself,
 * what the way of a message is made of, and what could speak to a relay in our name cannot be set.
 */

import { describeForbidden } from './characters.js'
import { nearest } from './nearest.js'
import type { HeaderField } from './publication.js'

/** A header line has at most 998 octets (RFC 5322 section 2.1.1). */
const MAX_VALUE_BYTES = 800
/** So that an encoded word has room on its first line. */
const MAX_NAME = 40

type Form = 'text' | 'uris' | 'parameters'

/** What may be set, and what its value looks like: text, URIs in angle brackets (RFC 2369), or ASCII. */
const ALLOWED: Readonly<Record<string, { readonly form: Form; readonly example: string }>> = {
  'Archived-At': { form: 'uris', example: '<https://example.com/archive/41>' },
  'BIMI-Selector': { form: 'parameters', example: 'v=BIMI1; s=default' },
  Comments: { form: 'text', example: 'Sent to subscribers only' },
  Keywords: { form: 'text', example: 'shipping, trade' },
  'List-Archive': { form: 'uris', example: '<https://example.com/archive>' },
  'List-Help': { form: 'uris', example: '<https://example.com/help>, <mailto:help@example.com>' },
  'List-Owner': { form: 'uris', example: '<mailto:editors@example.com>' },
  'List-Post': { form: 'uris', example: 'NO' },
  'List-Subscribe': { form: 'uris', example: '<https://example.com/subscribe>' },
  Organization: { form: 'text', example: 'The Harbour Trust' },
}
const X_FIELD = { form: 'text', example: 'any text' } as const

/** Some relays read recipients from such fields (X-SMTPAPI, X-MC-BccAddress). */
const REDIRECTS = /smtpapi|bcc|rcpt|recipient|envelope|original-to/i

/** Where what an editor may have meant is said instead. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^(?:from|sender|resent-.*)$/, 'the sender is the key "from"'],
  [/^reply-to$/, 'it is the key "reply-to"'],
  [/^subject$/, 'it is the key "subject" of an issue'],
  [/^(?:to|cc|bcc|apparently-to)$/, 'a message goes to one subscriber, who stands in To'],
  [
    /^(?:list-id|list-unsubscribe.*|feedback-id|precedence|message-id|date)$/,
    'Pressrun writes it for every message',
  ],
  [/^(?:mime-version|content-.*)$/, 'it says how a message is encoded, which Pressrun decides'],
  [/^(?:dkim-.*|domainkey-.*|arc-.*|authentication-results|received.*)$/, 'it is for mail servers to write'],
  [
    /^(?:return-path|errors-to|delivered-to|disposition-notification-to|return-receipt-to)$/,
    'it changes where mail goes',
  ],
]

/** A field, or why it cannot stand in a Message: a sentence that says what would be right. */
export function readHeaderField(name: string, value: unknown): HeaderField | { readonly problem: string } {
  const known = Object.keys(ALLOWED).find((allowed) => allowed.toLowerCase() === name.toLowerCase())
  const isX = /^x-[a-z0-9-]+$/i.test(name) && name.length <= MAX_NAME && !REDIRECTS.test(name)
  const rule = known === undefined ? (isX ? X_FIELD : null) : (ALLOWED[known] ?? null)
  if (rule === null) return { problem: `${JSON.stringify(shorten(name))} cannot be set: ${reasonFor(name)}` }
  const text = typeof value === 'string' ? value.trim().replace(/\s+/g, ' ') : ''
  const fault = text === '' ? 'wants one line of text' : (describeForbidden(text) ?? faultIn(text, rule.form))
  if (fault === null && Buffer.byteLength(text) > MAX_VALUE_BYTES)
    return { problem: `"${known ?? name}": is longer than ${MAX_VALUE_BYTES} octets; make it shorter` }
  if (fault === null) return { name: known ?? name, value: text }
  return { problem: `"${known ?? name}": ${fault}; write it as in ${known ?? name}: ${rule.example}` }
}

function faultIn(text: string, form: Form): string | null {
  if (text.includes('{{')) return 'holds "{{", but a field is the same for everyone'
  if (form === 'text') return null
  if (!/^[\x20-\x7e]*$/.test(text)) return 'holds a character that is not ASCII (hosts are written as xn--…)'
  const uris = /^(?:NO|<(?:https?:\/\/|mailto:)[^\s<>"]+>(?:, ?<(?:https?:\/\/|mailto:)[^\s<>"]+>)*)$/
  return form === 'parameters' || uris.test(text) ? null : 'wants URLs in angle brackets'
}

function reasonFor(name: string): string {
  const lower = name.toLowerCase()
  const elsewhere = ELSEWHERE.find(([pattern]) => pattern.test(lower))?.[1]
  if (elsewhere !== undefined) return elsewhere
  if (lower.startsWith('x-') && REDIRECTS.test(name)) return 'a relay may read recipients from it'
  const near = nearest(name, Object.keys(ALLOWED))
  if (near !== null) return `did you mean "${near}"?`
  return `the fields are ${Object.keys(ALLOWED).join(', ')} and X-… of your own`
}

function shorten(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME)}…`
}
