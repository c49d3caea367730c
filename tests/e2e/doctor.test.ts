/**
 * `pressrun doctor` as its users meet it: a real process, asking a DNS server, a relay and a public URL that are as they
 * should be, and each in turn not. D1-D6: what the large providers refuse is an error, and exit 1.
 */

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, spawnCli } from '../rig/cli.js'
import { type DnsServer, startDns } from '../rig/dns.js'
import { CERTIFICATE, type HttpsProxy, startHttpsProxy, TLS } from '../rig/https-proxy.js'
import type { Records, Zone } from '../rig/zone.js'

const HOME = 'harbour.example.com' // of From and Reply-To in the sample publication
const PASSWORD = 's3cret-of-the-relay'

let dns: DnsServer
let relay: SMTPServer
let proxy: HttpsProxy
let place: CliRoot
let sound: Zone
let zone: Zone

beforeAll(async () => {
  dns = await startDns(() => zone)
  relay = new SMTPServer({
    ...TLS,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === 'editor' && password === PASSWORD
        ? done(null, { user: username })
        : done(Object.assign(new Error('5.7.8 bad credentials'), { responseCode: 535 })),
  })
  const listener = relay.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  proxy = await startHttpsProxy()
  place = await openCliRoot({
    SMTP_URL: `smtp://editor:${PASSWORD}@localhost:${port}/?requireTLS=true`,
    NODE_EXTRA_CA_CERTS: CERTIFICATE,
    PUBLIC_URL: proxy.url,
    PRESSRUN_SECRET: 'a secret of the doctor test with 32 characters',
    RETURN_PATH: `bounces+*@${HOME}`,
    BOUNCES_LISTEN: '127.0.0.1:0',
  })
  const { keys } = (await place.json('dkim', 'new', HOME, '--selector', 'news')) as {
    keys: { record: { name: string; value: string } }[]
  }
  const [key] = keys
  sound = {
    [HOME]: { TXT: ['v=spf1 ip4:192.0.2.1 -all', 'another record'], MX: ['10 mx.example.com'] },
    'mx.example.com': { A: ['192.0.2.2'] },
    [key?.record.name ?? '']: { TXT: [key?.record.value ?? ''] },
    [`_dmarc.${HOME}`]: { TXT: [`v=DMARC1; p=none; rua=mailto:dmarc@${HOME}`] },
  }
  proxy.target = (await place.start()).url
})

beforeEach(() => {
  zone = sound
  proxy.interfere = () => false
  proxy.headers = {}
})

afterAll(async () => {
  await place?.close()
  await proxy?.stop()
  await dns?.stop()
  await new Promise<void>((resolve) => relay.close(() => resolve()))
})

interface Answer {
  readonly live: boolean
  readonly ready: boolean
  readonly findings: readonly { readonly check: string; readonly level: string; readonly message: string }[]
}

/** With other variables than the engine's, if any. */
async function doctor(env: Readonly<Record<string, string>> = {}) {
  const args = ['doctor', '--json', '--dns', dns.address]
  const ran = await spawnCli(args, { root: place.root, env: { ...place.env, ...env } }).closed
  const answer = JSON.parse(ran.stdout) as Answer
  const ills = answer.findings.filter(({ level }) => !['ok', 'note'].includes(level))
  return { code: ran.code, stderr: ran.stderr, answer, ills }
}

/** The sound zone with one name's records replaced. */
function change(name: string, records: Records): void {
  zone = { ...sound, [name]: records }
}

test('where all is well it says so, and exits 0', async () => {
  const { code, answer, ills, stderr } = await doctor()

  expect({ code, ills, stderr, ready: answer.ready, live: answer.live }).toEqual({
    code: 0,
    ills: [],
    stderr: '',
    ready: true,
    live: true,
  })
  expect(answer.findings.filter(({ level }) => level === 'ok').map(({ check }) => check)).toEqual([
    'spf',
    'dkim',
    'dmarc',
    'alignment',
    'mx',
    'bounces',
    'relay',
    'web',
    'one-click',
    'clock',
    'redis',
    'database',
    'secret',
    'disk',
  ])
})

test('as text every finding is one line, and the last says what it comes to', async () => {
  const { stdout, code } = await place.run('doctor', '--dns', dns.address)

  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^Sender\n {2}ok {7}spf {8}harbour\.example\.com has one SPF record; it takes 0 of 10 look-ups and ends with -all\n/,
  )
  expect(stdout).toMatch(
    / {2}ok {7}relay {6}smtp:\/\/localhost:\d+ takes our login over TLSv1\.3, with a certificate that holds\n/,
  )
  expect(stdout).toMatch(/\n\nfit for a live Send\n$/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no colour where there is no terminal
  expect(stdout).not.toMatch(/\x1b/)
})

test('limits that the engine would refuse to start with are an error', async () => {
  const { code, ills } = await doctor({ PACE: 'gmail=20' })

  expect({ code, ills }).toEqual({
    code: 1,
    ills: [
      { check: 'pace', level: 'error', message: expect.stringMatching(/^PACE: gmail: "20" is not a limit/) },
    ],
  })
})

test('a return path is looked at like a sender: its SPF, whether it is aligned, whether its domain takes mail', async () => {
  const { code, answer, ills } = await doctor({ RETURN_PATH: '*@back.example.org', BOUNCES_LISTEN: '' })

  expect(code).toBe(1)
  expect(ills).toEqual([
    { check: 'spf', level: 'error', message: expect.stringMatching(/^back\.example\.org has no SPF record/) },
    {
      check: 'mx',
      level: 'error',
      message: expect.stringMatching(/^back\.example\.org \(return path\) has neither MX nor address/),
    },
    {
      check: 'bounces',
      level: 'warning',
      message: expect.stringMatching(/^what bounces goes to back\.example\.org, and nobody takes it in/),
    },
  ])
  // By the signature alone.
  expect(answer.findings.find(({ check }) => check === 'alignment')?.level).not.toBe('error')
})

test('without SPF it exits 1, since a live Send would be refused', async () => {
  change(HOME, { MX: ['10 mx.example.com'] })

  const { code, answer, ills } = await doctor()

  expect({ code, ready: answer.ready }).toEqual({ code: 1, ready: false })
  expect(ills).toEqual([
    { check: 'spf', level: 'error', message: expect.stringContaining('has no SPF record') },
  ])
})

test('a DNS server that fails is told from records that are missing, and is no yes', async () => {
  zone = Object.fromEntries(Object.keys(sound).map((name) => [name, { fails: 'ESERVFAIL' }]))

  const { code, ills } = await doctor()

  expect(code).toBe(1)
  expect(ills.map(({ check, level }) => `${check} ${level}`)).toEqual([
    'spf unasked',
    'dkim unasked',
    'dmarc unasked',
    'mx unasked',
  ])
})

test('a wrong SMTP password is an error, and is in nothing that is written', async () => {
  const { code, answer, ills, stderr } = await doctor({
    SMTP_URL: place.env.SMTP_URL?.replace(PASSWORD, 'wr0ng-one') ?? '',
  })

  expect(code).toBe(1)
  expect(ills).toMatchObject([
    { check: 'relay', level: 'error', message: expect.stringContaining('refused the login for "editor"') },
  ])
  expect(JSON.stringify(answer) + stderr).not.toContain('wr0ng')
})

test('a relay whose certificate nobody trusts is an error', async () => {
  const { ills } = await doctor({ NODE_EXTRA_CA_CERTS: '', PUBLIC_URL: proxy.url })

  expect(ills.map(({ check, message }) => [check, message])).toEqual([
    ['relay', expect.stringContaining('shows a certificate that cannot be trusted')],
    ['web', expect.stringMatching(/can't be reached \((?:DEPTH_ZERO_)?SELF_SIGNED_CERT\w*\)/)],
  ])
})

test('D4 one-click unsubscribing behind a browser check is an error', async () => {
  proxy.interfere = ({ method }, response) => {
    if (method !== 'POST') return false
    response.writeHead(403).end()
    return true
  }

  const { code, ills } = await doctor()

  expect(code).toBe(1)
  expect(ills).toEqual([
    {
      check: 'one-click',
      level: 'error',
      message: expect.stringContaining('is answered 403 before it reaches the engine'),
    },
  ])
})

test('a public URL that leads to an engine with another secret is an error', async () => {
  const { ills } = await doctor({
    PRESSRUN_SECRET: `another secret of the doctor with 32 characters,${place.env.PRESSRUN_SECRET}`,
  })

  expect(ills).toEqual([
    {
      check: 'web',
      level: 'error',
      message: expect.stringContaining('does not know the secret that signs here'),
    },
  ])
})

test('a server whose Date is an hour off is a warning, which refuses nothing', async () => {
  proxy.headers = { date: new Date(Date.now() - 3_600_000).toUTCString() }

  const { code, ills } = await doctor()

  expect(code).toBe(0)
  expect(ills).toEqual([
    {
      check: 'clock',
      level: 'warning',
      message: expect.stringMatching(/60 minutes ahead of that of localhost:\d+; set both by NTP/),
    },
  ])
})

test('without a relay it asks nobody outside, says what a live Send needs, and exits 0', async () => {
  const local = await openCliRoot()

  const { code, stdout } = await local.run('doctor', '--dns', '127.0.0.1:9')
  await local.close()

  expect(code).toBe(0)
  expect(stdout).toContain('note     relay      a live Send needs SMTP_URL')
  expect(stdout).not.toContain('DNS could not be asked')
  expect(stdout).toMatch(/fit to send to the inbox of this machine; the notes say what a live Send needs\n$/)
})

test('a --dns that is no address is wrong usage', async () => {
  const { code, stderr, stdout } = await place.run('doctor', '--dns', 'dns.example.com')

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toBe(
    '--dns: "dns.example.com" is no address of a DNS server; write one like 192.0.2.53 or 192.0.2.53:5353\n',
  )
})
