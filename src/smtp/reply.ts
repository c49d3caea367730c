/** A relay's words: its replies as code and one line of text, a failed connection as one line of cause. */

import type SMTPConnection from 'nodemailer/lib/smtp-connection'

export type WireError = SMTPConnection.SMTPError

/** What an Attempt keeps of a reply; the rest of a longer one says nothing new. */
const MAX_TEXT_LENGTH = 1_000

const REPLY_LINE = /^(\d{3})(?:[ -](.*))?$/s
const ENHANCED_CODE = /^\d\.\d{1,3}\.\d{1,3} /

/**
 * A reply of one or more lines (RFC 5321 section 4.2.1) as its code and one line, `550 5.1.1 No such user. See …`.
 * The enhanced code, which RFC 2034 repeats on every line, is kept once. Null when the text is no reply.
 */
export function readReply(response: string): { readonly code: number; readonly text: string } | null {
  const [first = '', ...rest] = response.split('\n')
  const code = REPLY_LINE.exec(first)?.[1]
  if (code === undefined) return null
  const firstText = REPLY_LINE.exec(first)?.[2] ?? ''
  const enhanced = ENHANCED_CODE.exec(firstText)?.[0]
  const more = rest.map((line) => {
    const text = REPLY_LINE.exec(line)?.[2] ?? line
    return enhanced !== undefined && text.startsWith(enhanced) ? text.slice(enhanced.length) : text
  })
  return { code: Number(code), text: oneLine([code, firstText, ...more].join(' ')) }
}

/** The relay refused the login for good: a 5yz to AUTH (RFC 4954 section 6), or it wants one that was not given. */
export function isLoginRefusal({ code, response }: WireError): boolean {
  const reply = typeof response === 'string' ? readReply(response) : null
  return code === 'EAUTH' && reply !== null && reply.code >= 500
}

/** Why a connection could not be opened or was lost, in one line without credentials. */
export function causeOf(error: WireError): string {
  const reply = typeof error.response === 'string' ? readReply(error.response) : null
  if (reply !== null) return reply.text
  // When every address of a host was tried in vain, the message is empty and the code says it all.
  return oneLine(error.message) || String(error.originalCode ?? error.code ?? 'connection failed')
}

/** A relay's text goes into rows, logs and pages: no line ends, no control characters, bounded. */
export function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT_LENGTH)
    .toWellFormed()
}
