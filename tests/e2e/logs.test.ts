/**
 * V58: what a whole Send leaves in logs and answers, with a wrong SMTP password on its way: no password at any level, and at
 * info level no Token and no address. The real command; the relay's own words hold addresses, as those of many do.
 */

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test, vi } from 'vitest'
import { openStore } from '../../src/app/store.js'
import { readConfig } from '../../src/config.js'
import { signToken, TOKEN_PURPOSES } from '../../src/link/token.js'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE, spawnCli } from '../rig/cli.js'

const PASSWORD = 'right-p4ss:word'
const WRONG = 'wrong-p4ss:word'
const SECRET = 'a secret of the log test with 32 characters'
const REDIS_PASSWORD = 'r3dis-p4ss'

let place: CliRoot
let relay: SMTPServer

afterEach(async () => {
  await place.close()
  await new Promise<void>((resolve) => relay.close(() => resolve()))
})

/** Takes the right password alone; refuses Bob and defers Dora once, naming them. */
async function startRelay(): Promise<string> {
  const seen = new Set<string>()
  relay = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    logger: false,
    onAuth: ({ password, username }, _session, done) =>
      password === PASSWORD
        ? done(null, { user: username })
        : done(Object.assign(new Error(`5.7.8 no such login: ${username}`), { responseCode: 535 })),
    onRcptTo({ address }, _session, done) {
      const isNew = !seen.has(address)
      seen.add(address)
      if (address.startsWith('bob')) return done(refusal(550, `5.1.1 <${address}> is not known here`))
      if (address.startsWith('dora') && isNew) return done(refusal(450, `4.2.0 <${address}> greylisted`))
      return done()
    },
  })
  const listener = relay.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return `127.0.0.1:${(listener.address() as AddressInfo).port}`
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}

function urlOf(host: string, password: string): string {
  return `smtp://editor:${encodeURIComponent(password)}@${host}`
}

/** As it was written, as it stands in a URL, and as AUTH PLAIN and LOGIN carry it. */
function formsOf(password: string): readonly string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/=+$/, '')
  return [password, encodeURIComponent(password), base64(password), base64(`\0editor\0${password}`)]
}

/** `needle` for each that is in the text. */
function foundIn(text: string, needles: readonly string[]): readonly string[] {
  return needles.filter((needle) => text.includes(needle))
}

async function untilState(state: string): Promise<void> {
  await vi.waitFor(async () => expect(await place.json('status', '1')).toMatchObject({ state }), {
    timeout: 60_000,
    interval: 300,
  })
}

test('V58 after a whole Send no password stands in logs and answers, and above debug no Token and no address', async () => {
  const host = await startRelay()
  place = await openCliRoot({
    SMTP_URL: urlOf(host, PASSWORD),
    PUBLIC_URL: 'https://127.0.0.1:9',
    PRESSRUN_SECRET: SECRET,
    LOG_LEVEL: 'debug',
  })
  const others = ['bob@example.org,Bob', 'dora@example.org,Dora']
  place.write('readers.csv', readersCsv(10, others))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  const wrongEnv = { ...place.env, SMTP_URL: urlOf(host, WRONG) }
  const said: string[] = []
  const run = async (env: Readonly<Record<string, string>>, ...args: string[]) => {
    const { stdout, stderr } = await spawnCli(args, { root: place.root, env }).closed
    said.push(stdout, stderr)
  }

  // Refused before anyone is placed; then placed, and the password changes before the engine starts.
  await run(wrongEnv, 'send', SAMPLE, '--list', 'weekly')
  await run(place.env, 'send', SAMPLE, '--list', 'weekly')
  const wrong = await place.start({ SMTP_URL: urlOf(host, WRONG) })
  await untilState('paused')
  await run(wrongEnv, 'status', '1')
  await run(wrongEnv, 'resume', '1')
  await wrong.end('SIGTERM')
  const right = await place.start()
  await run(place.env, 'resume', '1')
  await untilState('finished')
  const tokens = await useTokens(right.url)
  for (const command of ['status 1', 'report 1', 'sends', 'verify 1', 'doctor --dns 127.0.0.1:9'])
    await run(place.env, ...command.split(' '))
  await run(wrongEnv, 'doctor', '--json', '--dns', '127.0.0.1:9')
  await right.end('SIGTERM')

  const logs = wrong.stderr() + right.stderr()
  expect(logs).toContain('{"level":20,')
  expect(await place.json('status', '1')).toMatchObject({ sent: 11, bounced: 1 })
  const secrets = [...formsOf(PASSWORD), ...formsOf(WRONG), SECRET]
  expect(foundIn(logs, secrets)).toEqual([])
  expect(foundIn(said.join(''), secrets)).toEqual([])
  expect(foundIn(said.join(''), tokens)).toEqual([])
  const above = aboveDebug(logs)
  expect(above).toContain('the relay takes no messages')
  expect(foundIn(above, tokens)).toEqual([])
  expect(above).not.toContain('@example.org')
})

/** What LOG_LEVEL=info would show of it. */
function aboveDebug(logs: string): string {
  const lines = logs.split('\n').filter((line) => !line.startsWith('{"level":20,'))
  return lines.join('\n')
}

/** Asks for what a reader's mail holds, and for what it would hold were it broken; every Token of the Send. */
async function useTokens(url: string): Promise<readonly string[]> {
  const { db, keys, close } = await openStore(readConfig({ root: place.root, env: place.env }))
  const rows = await db.query.selectFrom('delivery').select('id').execute()
  await close()
  const tokens = rows.flatMap(({ id }) => TOKEN_PURPOSES.map((purpose) => signToken(keys, purpose, id)))
  for (const token of tokens.slice(0, 6)) {
    await fetch(`${url}/u/${token}`)
    await fetch(`${url}/u/${token}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
    await fetch(`${url}/c/${token}/0`, { redirect: 'manual' })
    await fetch(`${url}/c/${token}/999999`, { redirect: 'manual' })
  }
  return tokens
}

test.each([
  ['an SMTP_URL with a blank', { SMTP_URL: `smtp://editor:${WRONG} x@127.0.0.1:25` }],
  ['an SMTP_URL with a sign that wants %', { SMTP_URL: `smtp://editor:${WRONG}@y@127.0.0.1:99999` }],
  [
    'an SMTP_URL with an option that is not known',
    { SMTP_URL: `smtp://editor:${WRONG}@127.0.0.1:25/?pooling=1` },
  ],
  ['an SMTP_URL of another kind', { SMTP_URL: `imap://editor:${WRONG}@127.0.0.1` }],
  ['an SES URL of no region', { SMTP_URL: `ses://AKIA:${encodeURIComponent(WRONG)}@nowhere` }],
  ['a REDIS_URL that nobody answers at', { REDIS_URL: `redis://:${REDIS_PASSWORD}@127.0.0.1:1` }],
  ['a DATABASE_URL that nobody answers at', { DATABASE_URL: `postgres://editor:${WRONG}@127.0.0.1:1/x` }],
  ['a DATABASE_URL of another kind', { DATABASE_URL: `mysql://editor:${WRONG}@127.0.0.1/x` }],
])('V58 %s is refused without its password', async (_what, env) => {
  await startRelay()
  place = await openCliRoot({ LOG_LEVEL: 'debug', PRESSRUN_SECRET: SECRET, ...env })

  const answers = await Promise.all([place.run('start'), place.run('doctor', '--dns', '127.0.0.1:9')])

  expect(answers.map(({ code }) => code === 0)).toEqual([false, false])
  const text = answers.map(({ stdout, stderr }) => stdout + stderr).join('')
  expect(foundIn(text, [...formsOf(WRONG), REDIS_PASSWORD, SECRET])).toEqual([])
})
