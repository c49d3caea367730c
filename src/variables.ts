/** Every variable that Pressrun reads, each by its kind, with its default; `.env.example` holds the same names. */

import { z } from 'zod'
import {
  address,
  bytes,
  duration,
  ecPublicKey,
  editorUrl,
  hookSecret,
  hostAndPort,
  mailboxUrls,
  networks,
  port,
  retrySchedule,
  returnPath,
  secrets,
  smtpUrls,
  softBounces,
  testAddresses,
  topicArn,
  url,
} from './variable-kinds.js'

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

/** As read. */
export type Variables = z.infer<z.ZodObject<typeof VARIABLES>>
