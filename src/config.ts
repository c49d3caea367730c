/**
 * Configuration: flag > environment > `ROOT/.env` > default, checked in one place, all problems in one message.
 * The only file that reads process.env. Any variable may be given as NAME_FILE, the path of a file holding it.
 */

import { createPublicKey } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { parseAddress } from './address.js'
import { isNetwork } from './address-range.js'
import { InputError, type Problem } from './errors.js'
import { parseReturnPath, type ReturnPath } from './return-path.js'
import { parseTopicArn } from './sns-topic.js'

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const RELAY_SCHEMES = ['smtp://', 'smtps://', 'sendmail:', 'ses://']

const BYTE_UNITS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

/** Where a test lets this process die; see failpoint.ts. No option of the product. */
export const FAILPOINT = process.env.PRESSRUN_FAILPOINT ?? ''
export const FAILPOINT_LOG = process.env.PRESSRUN_FAILPOINT_LOG ?? ''

/** `90s`, `5m`, `2h` as milliseconds; null when it is not a duration. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  const unit = DURATION_UNITS_MS[match?.[2] ?? '']
  return match?.[1] && unit ? Math.round(Number(match[1]) * unit) : null
}

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== null && ms > 0) return ms
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write one like 30s, 5m or 2h` })
  return z.NEVER
})

/** `200MB`, `1.5GB` as bytes; null when it is not a size. */
export function parseBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?) ?(kB|MB|GB|TB)$/i.exec(text.trim())
  const unit = Object.entries(BYTE_UNITS).find(([name]) => name.toLowerCase() === match?.[2]?.toLowerCase())
  return match?.[1] && unit ? Math.round(Number(match[1]) * unit[1]) : null
}

const bytes = z.string().transform((text, context) => {
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

const retrySchedule = durations.superRefine((delays, context) => {
  if (delays.some((delay, index) => delay < (delays[index - 1] ?? 0)))
    context.addIssue({
      code: 'custom',
      message: 'shrinks; each wait should be as long as the one before or longer, like 1m,5m,2h',
    })
  if (delays.some((delay) => delay > MAX_RETRY_DELAY_MS))
    context.addIssue({ code: 'custom', message: 'has a wait of more than 7d; write 7d or less' })
})

function url(schemes: readonly string[]) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
      error: `is not a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    })
}

/** What each holds beyond its scheme is read where it is opened (smtp/smtp-urls.ts). */
const smtpUrls = z.string().superRefine((text, context) => {
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

const networks = z.string().transform((text, context) => {
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
const mailboxUrls = z.string().refine(
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
const hostAndPort = z.string().transform((text, context) => {
  const [, bracketed, plain, port] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text.trim()) ?? []
  const host = bracketed ?? plain
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) }
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no address to listen on; write one like 127.0.0.1:2525`,
  })
  return z.NEVER
})

const address = z.string().transform((text, context) => {
  const parsed = parseAddress(text)
  if (parsed.kind === 'address') return parsed.address
  context.addIssue({ code: 'custom', message: `"${text}" ${parsed.reason}` })
  return z.NEVER
})

/** `3 in 90d`, or `off`. */
const softBounces = z.string().transform((text, context) => {
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

const returnPath = z.string().transform((text, context) => {
  const parsed = parseReturnPath(text)
  if (!('refused' in parsed)) return parsed
  context.addIssue({ code: 'custom', message: `"${text}" ${parsed.refused}` })
  return z.NEVER
})

const topicArn = z.string().refine((text) => parseTopicArn(text) !== null, {
  error: 'is no topic of SNS; write its ARN, like arn:aws:sns:eu-west-1:123456789012:bounces',
})

const hookSecret = z
  .string()
  .min(20, 'is too short; it wants at least 20 characters (openssl rand -hex 32 makes one)')

const ecPublicKey = z.string().refine(isEcPublicKey, {
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
const editorUrl = z.string().superRefine((text, context) => {
  const isUrl = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^(?:javascript|data|vbscript|blob):/i.test(text)
  if (isUrl && text.includes('{file}')) return
  const message = `"${text}" opens no file; write one like vscode://file/{file}:{line}`
  context.addIssue({ code: 'custom', message })
})

const testAddresses = z.string().transform((text, context) => {
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
const port = z.coerce.number('is not a port number').int().min(0).max(65535)

/** Secrets are a ring: the first signs, all verify. */
const secrets = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine((ring) => ring.every((secret) => secret.length >= 32), {
    error: 'is too short; each secret wants at least 32 characters (openssl rand -hex 32 makes one)',
  })

/** Every variable Pressrun reads; `.env.example` holds the same names. */
export const VARIABLES = {
  DATABASE_URL: url(['postgres', 'postgresql']).optional(),
  REDIS_URL: url(['redis', 'rediss', 'unix']).optional(),
  /** One or more, separated by blanks. */
  SMTP_URL: smtpUrls.optional(),
  PUBLIC_URL: url(['http', 'https'])
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  PRESSRUN_SECRET: secrets.optional(),
  /** Where DKIM keys lie, as DOMAIN/SELECTOR.pem. */
  DKIM_FOLDER: z.string().optional(),
  /** Where what comes back goes, its `*` a Token; unset: to the From address. */
  RETURN_PATH: returnPath.optional(),
  /** Where mail to the return path is taken in. */
  BOUNCES_LISTEN: hostAndPort.optional(),
  /** The address that providers send complaints to, taken in there too. */
  COMPLAINTS: address.optional(),
  /** Mailboxes where it lies instead: one or more, separated by blanks. */
  BOUNCES: mailboxUrls.optional(),
  /** After so many Issues in a row whose message came back from a full mailbox, an address is given up. */
  SOFT_BOUNCES: softBounces.default({ issues: 3, withinMs: 90 * 86_400_000 }),
  /** What proves each provider's reports (src/web/hooks/); a hook without is off. */
  SES_TOPIC: topicArn.optional(),
  POSTMARK_HOOK_SECRET: hookSecret.optional(),
  MAILGUN_SIGNING_KEY: hookSecret.optional(),
  SENDGRID_VERIFICATION_KEY: ecPublicKey.optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4321),
  /** Proxies before the web, beside those on this machine, whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: networks.default(() => []),
  RETRY_SCHEDULE: retrySchedule.default(() => [
    60_000, 300_000, 1_800_000, 7_200_000, 28_800_000, 86_400_000,
  ]),
  /** Are lanes of domains that stand in no table found by mail exchanger? */
  MX_LOOKUP: z.enum(['on', 'off'], 'is neither on nor off').default('off'),
  /** Limits by lane; src/send/pace/limit.ts reads them. */
  PACE: z.string().default(''),
  /** How long a Batch stays with a process that gives no sign of life. */
  LEASE: duration.default(30_000),
  /** Without an engine for longer than this, a Send under way goes on only when a person says so. */
  LONG_SILENCE: duration.default(21_600_000),
  /** How long messages on their way are waited for at the end. */
  SHUTDOWN_TIMEOUT: duration.default(60_000),
  /** With less room than that where `.data` lies nothing is begun. */
  MIN_FREE_DISK: bytes.default(200_000_000),
  /** Where `pressrun preview` is looked at; always on this machine alone. */
  STUDIO_PORT: port.default(4322),
  /** What opens a file at its line: `{file}` and `{line}` stand for them. */
  EDITOR_URL: editorUrl.default('vscode://file/{file}:{line}'),
  /** Who may get a test send: addresses, and domains as @example.org. */
  TEST_TO: testAddresses.default(() => []),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
} as const

const schema = z.object(VARIABLES)
type Variables = z.infer<typeof schema>

export interface Config {
  /** Where `issues/`, `templates/` and `.data/` lie; absolute. */
  readonly root: string
  readonly dataDir: string
  readonly databaseUrl: string | null
  readonly redisUrl: string | null
  readonly smtpUrl: string | null
  readonly publicUrl: string | null
  readonly secrets: readonly string[] | null
  /** Absolute; need not be there. */
  readonly dkimFolder: string
  readonly returnPath: ReturnPath | null
  readonly bouncesListen: { readonly host: string; readonly port: number } | null
  readonly complaints: string | null
  readonly bounces: string | null
  /** Null: full mailboxes are never given up. */
  readonly softBounces: { readonly issues: number; readonly withinMs: number } | null
  /** What proves the reports of a provider that sends for us; null: its hook is off. */
  readonly hooks: {
    readonly sesTopic: string | null
    readonly postmarkSecret: string | null
    readonly mailgunKey: string | null
    /** Base64 of an SPKI in DER. */
    readonly sendgridKey: string | null
  }
  readonly host: string
  readonly port: number
  /** IP addresses and CIDR blocks. */
  readonly trustedProxies: readonly string[]
  /** Wait before attempt 2, 3, …; when it is used up the Delivery is failed(expired). */
  readonly retryScheduleMs: readonly number[]
  readonly mxLookup: boolean
  /** As written. */
  readonly pace: string
  readonly leaseMs: number
  readonly longSilenceMs: number
  readonly shutdownTimeoutMs: number
  readonly minFreeDiskBytes: number
  readonly studioPort: number
  /** With `{file}` and `{line}` in it. */
  readonly editorUrl: string
  /** Addresses, and domains with an @ before them; nobody else gets a test send. */
  readonly testTo: readonly string[]
  readonly logLevel: Variables['LOG_LEVEL']
}

export interface ConfigSource {
  readonly root: string
  /** What flags said; wins over the environment. */
  readonly flags?: Readonly<Record<string, string | undefined>>
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Reads and checks the configuration. Throws one InputError naming every problem. */
export function readConfig({ root, flags = {}, env = process.env }: ConfigSource): Config {
  const absoluteRoot = findRoot(root)
  const dotenvPath = path.join(absoluteRoot, '.env')
  const dotenv = existsSync(dotenvPath) ? parseEnv(readFileSync(dotenvPath, 'utf8')) : {}
  const problems: Problem[] = []
  const given: Record<string, string> = {}
  for (const name of Object.keys(VARIABLES)) {
    const value =
      flags[name] ?? fromEnvironment(name, env, problems) ?? fromEnvironment(name, dotenv, problems)
    if (value !== undefined && value !== '') given[name] = value
  }
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    for (const issue of parsed.error.issues)
      problems.push({ where: String(issue.path[0]), line: null, message: issue.message })
  }
  if (problems.length > 0 || !parsed.success) throw new InputError(problems)
  return freezeConfig(absoluteRoot, parsed.data)
}

/** A root that is made up would begin a new, empty publication. */
function findRoot(root: string): string {
  const folder = path.resolve(root)
  const isThere = existsSync(folder)
  if (isThere && statSync(folder).isDirectory()) return folder
  const message = isThere
    ? `${folder} is no folder; name the one where issues/ and templates/ lie`
    : `there is no folder ${folder}`
  throw new InputError([{ where: '--root', line: null, message }])
}

function fromEnvironment(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  problems: Problem[],
): string | undefined {
  const file = env[`${name}_FILE`]
  if (env[name] !== undefined || file === undefined || file === '') return env[name]
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    problems.push({ where: `${name}_FILE`, line: null, message: `cannot read ${file}` })
    return undefined
  }
}

function freezeConfig(root: string, values: Variables): Config {
  return Object.freeze({
    root,
    dataDir: path.join(root, '.data'),
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    smtpUrl: values.SMTP_URL ?? null,
    publicUrl: values.PUBLIC_URL ?? null,
    secrets: values.PRESSRUN_SECRET ?? null,
    dkimFolder: path.resolve(root, values.DKIM_FOLDER ?? path.join('.data', 'dkim')),
    returnPath: values.RETURN_PATH ?? null,
    bouncesListen: values.BOUNCES_LISTEN ?? null,
    complaints: values.COMPLAINTS ?? null,
    bounces: values.BOUNCES ?? null,
    softBounces: values.SOFT_BOUNCES,
    hooks: {
      sesTopic: values.SES_TOPIC ?? null,
      postmarkSecret: values.POSTMARK_HOOK_SECRET ?? null,
      mailgunKey: values.MAILGUN_SIGNING_KEY ?? null,
      sendgridKey: values.SENDGRID_VERIFICATION_KEY ?? null,
    },
    host: values.HOST,
    port: values.PORT,
    trustedProxies: values.TRUSTED_PROXIES,
    retryScheduleMs: values.RETRY_SCHEDULE,
    mxLookup: values.MX_LOOKUP === 'on',
    pace: values.PACE,
    leaseMs: values.LEASE,
    longSilenceMs: values.LONG_SILENCE,
    shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT,
    minFreeDiskBytes: values.MIN_FREE_DISK,
    studioPort: values.STUDIO_PORT,
    editorUrl: values.EDITOR_URL,
    testTo: values.TEST_TO,
    logLevel: values.LOG_LEVEL,
  })
}

/** Where the engine's web listens by the configuration. */
export function webUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
