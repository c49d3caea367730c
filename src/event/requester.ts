/**
 * What is kept of whoever asked: enough to tell a person from a machine, too little to follow a person around. The
 * client's address is cut to its network, the Referer to its origin.
 */

import { networkOf } from '../address-range.js'

export interface Requester {
  readonly method: string
  /** At most 300 characters. */
  readonly userAgent: string
  /** `203.0.113.0/24`, `2001:db8:7::/48`, or '' when the address is not known. */
  readonly network: string
  /** The headers that matter to a classification, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

export interface RequestFacts {
  readonly method: string
  /** The client's IP address as the socket has it. */
  readonly address: string | undefined
  readonly header: (name: string) => string | null | undefined
}

const MAX_USER_AGENT = 300
const MAX_HEADER = 100
/**
 * What tells that a page is loaded ahead, and what browsers say and scripts seldom do. Rules of today need not read all of
 * it: what was not kept can't be judged anew by those of tomorrow. Cookies and what tells readers apart are not among it.
 */
const KEPT_HEADERS = [
  'purpose',
  'sec-purpose',
  'x-purpose',
  'x-moz',
  'accept',
  'accept-language',
  'sec-fetch-mode',
  'sec-fetch-user',
] as const

export function readRequester({ method, address, header }: RequestFacts): Requester {
  const headers: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const given = header(name)
    const value = given === undefined || given === null ? '' : clean(given, MAX_HEADER)
    if (value !== '') headers[name] = value
  }
  const from = header('referer')
  const referer = from === undefined || from === null ? null : originOf(from)
  if (referer !== null) headers.referer = referer
  return {
    method: clean(method, MAX_HEADER),
    userAgent: clean(header('user-agent') ?? '', MAX_USER_AGENT),
    network: networkOf(address ?? ''),
    headers,
  }
}

function originOf(referer: string): string | null {
  if (!URL.canParse(referer)) return null
  const { protocol, origin } = new URL(referer)
  return protocol === 'http:' || protocol === 'https:' ? copyOf(clean(origin, MAX_HEADER)) : null
}

function clean(text: string, maxLength: number): string {
  // As nearly all are.
  if (text.length <= maxLength && PLAIN.test(text)) return text.trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: dropping them is the point
  const printable = text.replace(/[\u0000-\u001f\u007f-\u009f]|\p{Cs}/gu, '')
  // A cut may go through the middle of a character.
  const cut = printable
    .slice(0, maxLength)
    .replace(/\p{Cs}/gu, '')
    .trim()
  return copyOf(cut)
}

/** V8 makes a part of a string a view of all of it: 16 KB of a header would wait with the hundred characters that are kept. */
function copyOf(part: string): string {
  return Buffer.from(part).toString()
}

const PLAIN = /^[\x20-\x7e]*$/
