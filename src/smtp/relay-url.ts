/**
 * The URL of an SMTP relay in nodemailer's form: `smtp://user:password@host:587/?maxConnections=16`, `smtps://` for TLS
 * from the start, `tls.*` for TLS options. An option that is not known here is refused: one that is silently left out
 * may be the one that was to keep the mail private.
 */

import { createSecureContext } from 'node:tls'
import { type ConnectionUrlOptions, parseConnectionUrl } from 'nodemailer/lib/shared'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import { z } from 'zod'
import { messageOf } from '../errors.js'
import type { Login } from './log-in.js'
import { count, flag, type RelayTerms, readTerms, termsSchema, text } from './relay-terms.js'
import { describeIssue, mistake } from './url-query.js'

export interface RelaySettings extends RelayTerms {
  readonly kind: 'smtp'
  readonly host: string
  readonly port: number
  readonly wire: Readonly<SMTPConnection.Options>
  readonly login: Login | null
  /** URL of the proxy before it. */
  readonly proxy: string | null
  /** Messages a connection carries before it is replaced; some relays close after a number of their own. */
  readonly maxMessages: number
  /** How long a reply may be waited for. */
  readonly replyTimeoutMs: number
}

/** Connecting, greeting, TLS. Above the kernel's own limit for an unanswered SYN, so that its error is seen. */
const CONNECTION_TIMEOUT_MS = 150_000
/** RFC 5321 section 4.5.3.2.6: ten minutes after the dot; a shorter wait makes duplicates. */
export const DEFAULT_REPLY_TIMEOUT_MS = 600_000
const AUTH_METHODS = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2']
const GOOGLE_TOKENS = 'https://oauth2.googleapis.com/token'
/** Node's timers take a wait of more than 24 days for one of none. */
const MAX_WAIT_MS = 86_400_000
/** No true reply is near this long; it bounds what a broken relay makes us keep. */
const MAX_RESPONSE_BYTES = 64 * 1024

const WHOLE_MS = 'is not a whole number of milliseconds, 1 or more'
const milliseconds = z.int(WHOLE_MS).min(1, WHOLE_MS).max(MAX_WAIT_MS, 'is more than a day')
const tlsVersion = z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'], 'is none of TLSv1.2 and TLSv1.3')

/** Of Node's options for TLS those that say what is trusted; one that leads to another host is none of them. */
const tlsSchema = z.strictObject({
  rejectUnauthorized: flag.optional(),
  servername: text.optional(),
  minVersion: tlsVersion.optional(),
  maxVersion: tlsVersion.optional(),
  ciphers: text.optional(),
  ecdhCurve: text.optional(),
  sigalgs: text.optional(),
  ca: text.optional(),
  cert: text.optional(),
  key: text.optional(),
  passphrase: text.optional(),
})

/** Query options; those that mean nothing here but stand in many a URL for nodemailer are accepted and left out. */
const querySchema = z.strictObject({
  ...termsSchema,
  maxMessages: count.default(100),
  requireTLS: flag.optional(),
  ignoreTLS: flag.optional(),
  opportunisticTLS: flag.optional(),
  servername: text.optional(),
  name: text.refine((name) => /^[\w.:[\]-]+$/.test(name), { error: 'is no host name' }).optional(),
  localAddress: text.optional(),
  authMethod: text
    .transform((method) => method.toUpperCase())
    .refine((method) => AUTH_METHODS.includes(method), {
      error: `is none of ${AUTH_METHODS.join(', ')}`,
    })
    .optional(),
  clientId: text.optional(),
  clientSecret: text.optional(),
  accessUrl: text.refine(isSafeUrl, { error: 'is not an https:// URL' }).optional(),
  proxy: text
    .refine((proxy) => /^https?:\/\//.test(proxy) && URL.canParse(proxy), {
      error: 'is not the URL of an HTTP proxy; write one like http://proxy.example.org:3128',
    })
    .optional(),
  connectionTimeout: milliseconds.default(CONNECTION_TIMEOUT_MS),
  greetingTimeout: milliseconds.default(CONNECTION_TIMEOUT_MS),
  socketTimeout: milliseconds.default(DEFAULT_REPLY_TIMEOUT_MS),
  dnsTimeout: milliseconds.optional(),
  tls: tlsSchema.optional(),
  pool: z.unknown().optional(),
  secure: z.unknown().optional(),
  logger: z.unknown().optional(),
  debug: z.unknown().optional(),
})
const LEFT_OUT = { pool: true, secure: true, logger: true, debug: true } as const

/** Not those that are accepted and left out. */
const KNOWN_OPTIONS = Object.keys(querySchema.omit({ tls: true, ...LEFT_OUT }).shape).concat('tls.*')

/** Throws InputError naming SMTP_URL; its message never holds the URL, which may hold a password. */
export function readRelayUrl(url: string): RelaySettings {
  const { secure, host, port, auth, ...query } = parse(url)
  if (secure === undefined) throw mistake('must begin with smtp:// or smtps://')
  if (host === undefined || host === '')
    throw mistake('names no host; write one like smtp://relay.example.org:587')
  if (auth !== undefined && (auth.user === '' || auth.pass === ''))
    throw mistake(
      'wants both a user name and a password, or neither; signs like @ : / are written %40 %3A %2F',
    )
  const checked = querySchema.safeParse(query)
  if (!checked.success)
    throw mistake(
      ...checked.error.issues.map((issue) =>
        issue.path[0] === 'tls' ? describeTlsIssue(issue) : describeIssue(issue, KNOWN_OPTIONS),
      ),
    )
  checkTls(checked.data.tls)
  const { maxMessages, pool, secure: _, logger, debug, proxy, ...others } = checked.data
  const { authMethod, clientId, clientSecret, accessUrl, ...rest } = others
  const { weight, for: takes, backup, label, maxConnections, perSecond, perDay, warmup, ...options } = rest
  const settledPort = port ?? (secure ? 465 : 587)
  const where = `${secure ? 'smtps' : 'smtp'}://${host.includes(':') ? `[${host}]` : host}:${settledPort}`
  return {
    kind: 'smtp',
    ...readTerms(where, { weight, for: takes, backup, label, maxConnections, perSecond, perDay, warmup }),
    host,
    port: settledPort,
    wire: {
      // A password goes out in the clear only where it can't leave this machine, or where it is said so by name.
      ...(auth !== undefined && !secure && !isLoopback(host) && !options.ignoreTLS
        ? { requireTLS: true }
        : {}),
      ...options,
      host,
      port: settledPort,
      secure,
      maxResponseSize: MAX_RESPONSE_BYTES,
      // Closing means destroying: an orderly end would still carry what waits in the socket's buffer.
      socketCloseTimeout: 0,
    },
    login: auth === undefined ? null : readLogin(auth, { authMethod, clientId, clientSecret, accessUrl }),
    proxy: proxy ?? null,
    maxMessages,
    replyTimeoutMs: options.socketTimeout,
  }
}

interface LoginOptions {
  readonly authMethod: string | undefined
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  readonly accessUrl: string | undefined
}

/** With XOAUTH2 the password is the refresh token. */
function readLogin(
  auth: { readonly user: string; readonly pass: string },
  { authMethod: method, clientId, clientSecret, accessUrl = GOOGLE_TOKENS }: LoginOptions,
): Login {
  if (method !== 'XOAUTH2') return { ...auth, method: method ?? null, oauth: null }
  if (clientId === undefined || clientSecret === undefined)
    throw mistake(
      'with authMethod=XOAUTH2 wants clientId and clientSecret too; the password is the refresh token',
    )
  return { ...auth, method, oauth: { clientId, clientSecret, accessUrl } }
}

function describeTlsIssue(issue: z.core.$ZodIssue): string {
  const known = Object.keys(tlsSchema.shape)
    .map((name) => `tls.${name}`)
    .join(', ')
  if (issue.code === 'unrecognized_keys')
    return `has an option "${issue.keys.map((key) => `tls.${key}`).join('", "')}" that is not known; known are ${known}`
  return issue.path.length === 1 ? `option tls wants a name; known are ${known}` : describeIssue(issue, [])
}

/** What OpenSSL would only say when the first connection is opened. */
function checkTls(tls: z.infer<typeof tlsSchema> | undefined): void {
  if (tls === undefined) return
  try {
    createSecureContext(tls)
  } catch (error) {
    throw mistake(`its tls.* options do not go together (${messageOf(error)})`)
  }
}

function isSafeUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

function parse(url: string): ConnectionUrlOptions {
  try {
    return parseConnectionUrl(url)
  } catch (error) {
    throw mistake(`is not a URL (${messageOf(error)})`)
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
