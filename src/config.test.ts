import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from './config.js'
import { InputError } from './errors.js'
import { VARIABLES } from './variables.js'

const SECRET = 'a secret of more than thirty-two characters'
let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-config-'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(name: string, text: string): string {
  const file = path.join(root, name)
  writeFileSync(file, text)
  return file
}

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig({ root, env })
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n')
    throw error
  }
  return []
}

test('a root that is not there, or is a file, is refused; nothing is made of it', () => {
  const missing = path.join(root, 'nope')
  const file = write('file', '')

  expect(() => readConfig({ root: missing, env: {} })).toThrow(`--root: there is no folder ${missing}`)
  expect(() => readConfig({ root: file, env: {} })).toThrow(
    `--root: ${file} is no folder; name the one where issues/ and templates/ lie`,
  )
  expect(() => readConfig({ root: path.join(file, 'below'), env: {} })).toThrow(/^--root: there is no folder/)
  expect(readdirSync(root)).toEqual(['file'])
})

describe('where a value comes from', () => {
  test('a flag wins over the environment, that over .env, that over the default', () => {
    expect(readConfig({ root, env: {} }).port).toBe(4321)

    write('.env', 'PORT=1001\nHOST=::1\n')
    expect(readConfig({ root, env: {} }).port).toBe(1001)
    expect(readConfig({ root, env: { PORT: '1002' } }).port).toBe(1002)
    expect(readConfig({ root, env: { PORT: '1002' }, flags: { PORT: '1003' } })).toMatchObject({
      port: 1003,
      host: '::1',
    })
  })

  test('NAME_FILE names a file that holds it, without the blank lines around', () => {
    const file = write('secret', `\n${SECRET}\n`)

    expect(readConfig({ root, env: { PRESSRUN_SECRET_FILE: file } }).secrets).toEqual([SECRET])
  })

  test('the variable itself wins over its NAME_FILE, and NAME_FILE of the environment over .env', () => {
    const file = write('port', '1004')
    write('.env', 'PORT=1001')

    expect(readConfig({ root, env: { PORT: '1002', PORT_FILE: file } }).port).toBe(1002)
    expect(readConfig({ root, env: { PORT_FILE: file } }).port).toBe(1004)
  })

  test('what is empty counts as not given', () => {
    expect(readConfig({ root, env: { PORT: '', SMTP_URL: '' } })).toMatchObject({ port: 4321, smtpUrl: null })
  })
})

describe('what a value may be', () => {
  test('without any, everything stays on this machine', () => {
    expect(readConfig({ root, env: {} })).toEqual({
      root,
      dataDir: path.join(root, '.data'),
      dkimFolder: path.join(root, '.data', 'dkim'),
      databaseUrl: null,
      redisUrl: null,
      smtpUrl: null,
      publicUrl: null,
      secrets: null,
      returnPath: null,
      bouncesListen: null,
      complaints: null,
      bounces: null,
      softBounces: { issues: 3, withinMs: 90 * 86_400_000 },
      hooks: { sesTopic: null, postmarkSecret: null, mailgunKey: null, sendgridKey: null },
      host: '127.0.0.1',
      port: 4321,
      trustedProxies: [],
      retryScheduleMs: [60_000, 300_000, 1_800_000, 7_200_000, 28_800_000, 86_400_000],
      leaseMs: 30_000,
      mxLookup: false,
      pace: '',
      longSilenceMs: 21_600_000,
      shutdownTimeoutMs: 60_000,
      minFreeDiskBytes: 200_000_000,
      studioPort: 4322,
      editorUrl: 'vscode://file/{file}:{line}',
      testTo: [],
      logLevel: 'info',
    })
  })

  test('a return path is a pattern with one place for a token', () => {
    expect(readConfig({ root, env: { RETURN_PATH: 'bounces+*@Example.com' } }).returnPath).toEqual({
      before: 'bounces+',
      after: '',
      domain: 'example.com',
    })
    expect(problemsOf({ RETURN_PATH: 'bounces@example.com' })).toEqual([
      'RETURN_PATH: "bounces@example.com" wants one * before the @, where the token stands, as in bounces+*@example.com',
    ])
  })

  test('what comes back is taken at an address with a port, or from mailboxes', () => {
    const env = {
      BOUNCES_LISTEN: '[::1]:2525',
      COMPLAINTS: 'fbl@Example.com',
      BOUNCES: 'maildir:/a imaps://u:p@h',
    }
    expect(readConfig({ root, env })).toMatchObject({
      bouncesListen: { host: '::1', port: 2525 },
      complaints: 'fbl@example.com',
      bounces: 'maildir:/a imaps://u:p@h',
    })
    expect(problemsOf({ BOUNCES_LISTEN: '2525', COMPLAINTS: 'fbl', BOUNCES: 'ftp://u:hunter2@h' })).toEqual([
      'BOUNCES_LISTEN: "2525" is no address to listen on; write one like 127.0.0.1:2525',
      'COMPLAINTS: "fbl" has no @',
      'BOUNCES: names a mailbox that begins with none of maildir:, folder:, imap://, imaps://, pop3://, pop3s://; blanks stand between mailboxes, one within is written %20',
    ])
  })

  test('what proves a provider’s reports is checked where it is read', () => {
    const topic = 'arn:aws:sns:eu-west-1:123456789012:bounces'
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')

    expect(
      readConfig({ root, env: { SES_TOPIC: topic, SENDGRID_VERIFICATION_KEY: key } }).hooks,
    ).toMatchObject({ sesTopic: topic, sendgridKey: key })
    expect(
      problemsOf({
        SES_TOPIC: 'bounces',
        POSTMARK_HOOK_SECRET: 'short',
        MAILGUN_SIGNING_KEY: 'short',
        SENDGRID_VERIFICATION_KEY: 'c2hvcnQ=',
      }),
    ).toEqual([
      'SES_TOPIC: is no topic of SNS; write its ARN, like arn:aws:sns:eu-west-1:123456789012:bounces',
      'POSTMARK_HOOK_SECRET: is too short; it wants at least 20 characters (openssl rand -hex 32 makes one)',
      'MAILGUN_SIGNING_KEY: is too short; it wants at least 20 characters (openssl rand -hex 32 makes one)',
      'SENDGRID_VERIFICATION_KEY: is no public key; copy the verification key from the settings of the event webhook',
    ])
  })

  test('the rule for soft bounces is a number of issues in a time, or off', () => {
    expect(readConfig({ root, env: { SOFT_BOUNCES: '5 in 30d' } }).softBounces).toEqual({
      issues: 5,
      withinMs: 30 * 86_400_000,
    })
    expect(readConfig({ root, env: { SOFT_BOUNCES: 'off' } }).softBounces).toBeNull()
    for (const wrong of ['3', '0 in 90d', '3 in ever', 'never'])
      expect(problemsOf({ SOFT_BOUNCES: wrong })).toEqual([
        `SOFT_BOUNCES: "${wrong}" is no rule for soft bounces; write one like 3 in 90d, or off`,
      ])
  })

  test('a public URL loses the slash at its end', () => {
    const env = { PUBLIC_URL: 'https://news.example.com/brief/' }

    expect(readConfig({ root, env }).publicUrl).toBe('https://news.example.com/brief')
  })

  test('secrets are a ring', () => {
    const env = { PRESSRUN_SECRET: `new ${SECRET}, old ${SECRET}` }

    expect(readConfig({ root, env }).secrets).toEqual([`new ${SECRET}`, `old ${SECRET}`])
  })

  test('a retry schedule that shrinks or waits for more than a week is refused, an even one is not', () => {
    expect(problemsOf({ RETRY_SCHEDULE: '5m,1m,2h' })).toEqual([
      'RETRY_SCHEDULE: shrinks; each wait should be as long as the one before or longer, like 1m,5m,2h',
    ])
    expect(problemsOf({ RETRY_SCHEDULE: '1h,169h' })).toEqual([
      'RETRY_SCHEDULE: has a wait of more than 7d; write 7d or less',
    ])
    expect(readConfig({ root, env: { RETRY_SCHEDULE: '5m,5m,7d' } }).retryScheduleMs).toEqual([
      300_000, 300_000, 604_800_000,
    ])
  })

  test('all problems come in one message, each under the name it was given by', () => {
    const env = {
      DATABASE_URL: 'mysql://127.0.0.1/pressrun',
      SMTP_URL: 'smtp.example.com:465',
      PRESSRUN_SECRET: 'short',
      PORT: 'http',
      RETRY_SCHEDULE: '1m,soon',
      LEASE: '0s',
      REDIS_URL_FILE: path.join(root, 'missing'),
    }

    expect(problemsOf(env)).toEqual([
      `REDIS_URL_FILE: cannot read ${env.REDIS_URL_FILE}`,
      'DATABASE_URL: is not a URL that begins with postgres:// or postgresql://',
      'SMTP_URL: is not a URL that begins with smtp://, smtps://, sendmail:, ses://',
      'PRESSRUN_SECRET: is too short; each secret wants at least 32 characters (openssl rand -hex 32 makes one)',
      'PORT: is not a port number',
      'RETRY_SCHEDULE: "1m,soon" is not a list of durations; write one like 1m,5m,2h',
      'LEASE: "0s" is not a duration; write one like 30s, 5m or 2h',
    ])
  })

  test('a size that is none is refused with one that would be', () => {
    expect(problemsOf({ MIN_FREE_DISK: '5%' })).toEqual([
      'MIN_FREE_DISK: "5%" is not a size; write one like 200MB or 1.5GB',
    ])
  })
})

test('a proxy that is no address is refused', () => {
  expect(problemsOf({ TRUSTED_PROXIES: '10.0.0.0/8, proxy.example.com' })).toEqual([
    'TRUSTED_PROXIES: "proxy.example.com" is no IP address or block of them; write them like 10.0.0.0/8, 192.0.2.9',
  ])
})

describe('.env.example', () => {
  const example = readFileSync(path.join(import.meta.dirname, '../.env.example'), 'utf8')
  // Every variable stands there commented out: copied as it is, the file changes nothing.
  const variables = parseEnv(example.replaceAll(/^# ([A-Z_]+=)/gm, '$1'))

  test('copied as it is changes nothing', () => {
    expect(parseEnv(example)).toEqual({})
  })

  test('names every variable, and none that is not read', () => {
    expect(Object.keys(variables).sort()).toEqual(Object.keys(VARIABLES).sort())
  })

  test('gives values that are accepted, and the defaults as they are', () => {
    write(
      '.env',
      Object.entries(variables)
        .map((pair) => pair.join('='))
        .join('\n'),
    )

    const { retryScheduleMs, leaseMs, shutdownTimeoutMs, minFreeDiskBytes, logLevel, host, port } =
      readConfig({
        root,
        env: {},
      })

    rmSync(path.join(root, '.env'))
    expect(readConfig({ root, env: {} })).toMatchObject({
      retryScheduleMs,
      leaseMs,
      shutdownTimeoutMs,
      minFreeDiskBytes,
      logLevel,
      host,
      port,
    })
  })
})
