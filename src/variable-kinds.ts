/**
 * Kinds of values that a variable may have: each reads the text that was given for it, and refuses what it is not with a
 * sentence that says what would be right.
 */

import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { parseAddress } from './address.js'
import { isNetwork } from './address-range.js'
import { parseBytes, parseDuration } from './amount.js'
import { parseReturnPath } from './return-path.js'
import { parseTopicArn } from './sns-topic.js'

const RELAY_SCHEMES = ['smtp://', 'smtps://', 'sendmail:', 'ses://']

export const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== null && ms > 0) return ms
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write one like 30s, 5m or 2h` })
  return z.NEVER
})

export const bytes = z.string().transform((text, context) => {
  const size = parseBytes(text)
  if (size !== null) return size
  context.addIssue({ code: 'custom', message: `"${text}" is not a size; write one like 200MB or 1.5GB` })
  return z.NEVER
})

const durations = z.string().transform((text, context) => {
  const parsed = text.split(',').map(parseDuration)
  if (parsed.every((ms) => ms !== null && ms > 0)) return parsed.filter((ms) => ms !== null)
  context.addIssue({
    code: 'custom',
    message: `"${text}" is not a list of durations; write one like 1m,5m,2h`,
  })
  return z.NEVER
})

/** Postfix, Exim and KumoMTA give up after 4 to 7 days; a newsletter that comes later is none. */
const MAX_RETRY_DELAY_MS = 7 * 86_400_000

export const retrySchedule = durations.superRefine((delays, context) => {
  if (delays.some((delay, index) => delay < (delays[index - 1] ?? 0)))
    context.addIssue({
      code: 'custom',
      message: 'shrinks; each wait should be as long as the one before or longer, like 1m,5m,2h',
    })
  if (delays.some((delay) => delay > MAX_RETRY_DELAY_MS))
    context.addIssue({ code: 'custom', message: 'has a wait of more than 7d; write 7d or less' })
})

export function url(schemes: readonly string[]) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
      error: `is not a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    })
}

/** What each holds beyond its scheme is read where it is opened (smtp/smtp-urls.ts). */
export const smtpUrls = z.string().superRefine((text, context) => {
  const urls = text.trim().split(/\s+/)
  for (const [at, url] of urls.entries()) {
    if (RELAY_SCHEMES.some((scheme) => url.startsWith(scheme)) && URL.canParse(url)) continue
    const message = RELAY_SCHEMES.some((scheme) => url.startsWith(scheme))
      ? 'is no URL that can be read; write one like smtp://user:password@relay.example.org:587, with special signs as %40'
      : `is not a URL that begins with ${RELAY_SCHEMES.join(', ')}`
    const blank = 'blanks stand between relays, one within a URL is written %20'
    context.addIssue({
      code: 'custom',
      message: urls.length === 1 ? message : `relay ${at + 1} ${message}; ${blank}`,
    })
  }
})

export const networks = z.string().transform((text, context) => {
  const listed = text.split(',').map((network) => network.trim())
  const wrong = listed.find((network) => !isNetwork(network))
  if (wrong === undefined) return listed
  context.addIssue({
    code: 'custom',
    message: `"${wrong}" is no IP address or block of them; write them like 10.0.0.0/8, 192.0.2.9`,
  })
  return z.NEVER
})

const MAILBOX_SCHEMES = ['maildir:', 'folder:', 'imap://', 'imaps://', 'pop3://', 'pop3s://']

/** What each holds beyond its scheme is read where it is opened (smtp/mailbox-url.ts). */
export const mailboxUrls = z.string().refine(
  (text) =>
    text
      .trim()
      .split(/\s+/)
      .every((url) => MAILBOX_SCHEMES.some((scheme) => url.startsWith(scheme))),
  {
    error: `names a mailbox that begins with none of ${MAILBOX_SCHEMES.join(', ')}; blanks stand between mailboxes, one within is written %20`,
  },
)

/** `127.0.0.1:2525`, `[::]:25`. */
export const hostAndPort = z.string().transform((text, context) => {
  const [, bracketed, plain, port] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text.trim()) ?? []
  const host = bracketed ?? plain
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) }
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no address to listen on; write one like 127.0.0.1:2525`,
  })
  return z.NEVER
})

export const address = z.string().transform((text, context) => {
  const parsed = parseAddress(text)
  if (parsed.kind === 'address') return parsed.address
  context.addIssue({ code: 'custom', message: `"${text}" ${parsed.reason}` })
  return z.NEVER
})

/** `3 in 90d`, or `off`. */
export const softBounces = z.string().transform((text, context) => {
  if (text === 'off') return null
  const [, issues, span] = /^(\d{1,3}) in (\S+)$/.exec(text.trim()) ?? []
  const withinMs = parseDuration(span ?? '')
  if (issues !== undefined && Number(issues) > 0 && withinMs !== null && withinMs > 0)
    return { issues: Number(issues), withinMs }
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no rule for soft bounces; write one like 3 in 90d, or off`,
  })
  return z.NEVER
})

export const returnPath = z.string().transform((text, context) => {
  const parsed = parseReturnPath(text)
  if (!('refused' in parsed)) return parsed
  context.addIssue({ code: 'custom', message: `"${text}" ${parsed.refused}` })
  return z.NEVER
})

export const topicArn = z.string().refine((text) => parseTopicArn(text) !== null, {
  error: 'is no topic of SNS; write its ARN, like arn:aws:sns:eu-west-1:123456789012:bounces',
})

export const hookSecret = z
  .string()
  .min(20, 'is too short; it wants at least 20 characters (openssl rand -hex 32 makes one)')

export const ecPublicKey = z.string().refine(isEcPublicKey, {
  error: 'is no public key; copy the verification key from the settings of the event webhook',
})

function isEcPublicKey(text: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ec'
  } catch {
    return false
  }
}

/** One that runs something in the page (javascript:, data:) is none. */
export const editorUrl = z.string().superRefine((text, context) => {
  const isUrl = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^(?:javascript|data|vbscript|blob):/i.test(text)
  if (isUrl && text.includes('{file}')) return
  const message = `"${text}" opens no file; write one like vscode://file/{file}:{line}`
  context.addIssue({ code: 'custom', message })
})

export const testAddresses = z.string().transform((text, context) => {
  const listed = text
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .map((one) => parseTestAddress(one))
  const wrong = listed.find((one) => 'refused' in one)
  if (wrong === undefined) return listed.flatMap((one) => ('refused' in one ? [] : [one.allowed]))
  context.addIssue({ code: 'custom', message: wrong.refused })
  return z.NEVER
})

/** An address, or a domain as `@example.org`. */
function parseTestAddress(text: string): { readonly allowed: string } | { readonly refused: string } {
  const isDomain = text.startsWith('@')
  const parsed = parseAddress(isDomain ? `anyone${text}` : text)
  if (parsed.kind !== 'address') return { refused: `"${text}" ${parsed.reason}` }
  return { allowed: isDomain ? parsed.address.slice('anyone'.length) : parsed.address }
}

/** 1-65535, or 0 for any free one. */
export const port = z.coerce.number('is not a port number').int().min(0).max(65535)

/** Secrets are a ring: the first signs, all verify. */
export const secrets = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine((ring) => ring.every((secret) => secret.length >= 32), {
    error: 'is too short; each secret wants at least 32 characters (openssl rand -hex 32 makes one)',
  })
