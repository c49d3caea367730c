/**
 * Configuration: flag > environment > `ROOT/.env` > default, checked in one place, all problems in one message.
 * The only file that reads process.env. Any variable may be given as NAME_FILE, the path of a file holding it.
 */

import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { InputError, type Problem } from './errors.js'
import type { ReturnPath } from './return-path.js'
import { VARIABLES, type Variables } from './variables.js'

/** Where a test lets this process die; see failpoint.ts. No option of the product. */
export const FAILPOINT = process.env.PRESSRUN_FAILPOINT ?? ''
export const FAILPOINT_LOG = process.env.PRESSRUN_FAILPOINT_LOG ?? ''

const schema = z.object(VARIABLES)

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
