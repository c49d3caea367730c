/** A relay of whom we are not sure gets nothing; every kind of login; the way through a proxy. */

import { createHmac } from 'node:crypto'
import { once as untilEvent } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect as connectTcp, createServer as createTcp, type Socket } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { openRelay } from '../../../src/smtp/relay.js'
import { lookAtRelay } from '../../../src/smtp/relay-look.js'
import { readRelayUrl } from '../../../src/smtp/relay-url.js'
import type { Transport } from '../../../src/smtp/transport.js'
import { letter, yes } from '../../rig/letter.js'
import { type Script, type ScriptedSmtp, startScriptedSmtp } from '../../rig/scripted-smtp.js'
import { phasesOf } from '../../rig/smtp-place.js'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

function certificate(name: string) {
  const read = (suffix: string) =>
    readFileSync(new URL(`../../fixtures/tls/${name}.${suffix}`, import.meta.url), 'utf8')
  return { key: read('key'), cert: read('crt') }
}

async function connect(
  script: Script,
  { login = '', host = '127.0.0.1', query = '' } = {},
): Promise<{ server: ScriptedSmtp; relay: Transport; url: string }> {
  const server = await startScriptedSmtp(script)
  open.push(() => server.stop())
  const url = `smtp://${login}${host}:${server.port}/?${query}`
  const relay = openRelay(readRelayUrl(url))
  open.push(() => relay.close())
  return { server, relay, url }
}

test.each([
  ['with a password, where TLS is not offered at all', 'desk:geheim@relay.test', ''],
  ['with requireTLS, where TLS is not offered at all', 'relay.test', 'requireTLS=true'],
])('V32: %s, nothing is sent', async (_what, authority, query) => {
  const server = await startScriptedSmtp({ extensions: ['AUTH PLAIN'] })
  open.push(() => server.stop())
  // A host that is not this machine by its name; where it is, a proxy says.
  const proxy = await startProxy(() => server.port)
  const relay = openRelay(
    readRelayUrl(`smtp://${authority}:2525/?proxy=${encodeURIComponent(proxy.url)}&${query}`),
  )
  open.push(() => relay.close())

  const reply = await relay.send(letter({}), { beforeEnd: yes })

  expect(reply).toMatchObject({ kind: 'notEnded', scope: 'relay' })
  for (const phase of ['AUTH', 'MAIL', 'RCPT']) expect(phasesOf(server)).not.toContain(phase)
})

test.each([
  ['signed by itself', 'self-signed', '', /self-signed certificate/],
  ['of another host', 'other-host', 'trusted', /other\.example/],
  ['that has expired', 'expired', 'trusted', /certificate has expired/],
])('V32: to a server with a certificate %s nothing is sent', async (_what, name, trust, cause) => {
  const tls = certificate(name)
  const query = trust === '' ? '' : `tls.ca=${encodeURIComponent(tls.cert)}`
  const { server, relay } = await connect({ tls, extensions: ['AUTH PLAIN'] }, { host: 'localhost', query })

  const reply = await relay.send(letter({}), { beforeEnd: yes })

  expect(reply).toMatchObject({ kind: 'notEnded', scope: 'relay', cause: expect.stringMatching(cause) })
  expect(phasesOf(server)).toEqual(['CONNECT', 'EHLO', 'STARTTLS'])
  await expect(relay.verify()).rejects.toThrow(
    /^SMTP_URL: localhost:\d+ shows a certificate that cannot be trusted/,
  )
})

test('V32: where TLS comes first, a server that cannot be trusted hears not a byte', async () => {
  let heard = 0
  const server = createTls(certificate('self-signed'), (socket) => {
    socket.on('data', (bytes) => (heard += bytes.length))
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await untilEvent(server, 'listening')
  const { port } = server.address() as AddressInfo
  const relay = openRelay(readRelayUrl(`smtps://desk:geheim@localhost:${port}`))

  const reply = await relay.send(letter({}), { beforeEnd: yes })
  await relay.close()
  server.close()

  expect(reply).toMatchObject({ kind: 'notEnded', scope: 'relay' })
  expect(heard).toBe(0)
})

test('a certificate that has expired is for its owner to renew: no other name or authority helps', async () => {
  const tls = certificate('expired')
  const query = `tls.ca=${encodeURIComponent(tls.cert)}`
  const { relay } = await connect({ tls }, { host: 'localhost', query })

  await expect(relay.verify()).rejects.toThrow(
    /\(certificate has expired\); whoever runs it has to renew it, if the clock here is right$/,
  )
})

test('a server that greets and then says a byte now and then is not waited for without end', async () => {
  const drips = new Set<NodeJS.Timeout>()
  const server = createTcp((socket) => {
    socket.write('220 relay.test\r\n250-')
    drips.add(setInterval(() => socket.write('x'), 20))
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await untilEvent(server, 'listening')
  open.push(async () => {
    for (const drip of drips) clearInterval(drip)
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const relay = openRelay(readRelayUrl(`smtp://127.0.0.1:${port}/?connectionTimeout=100`))

  const reply = await relay.send(letter({}), { beforeEnd: yes })

  expect(reply).toEqual({ kind: 'notEnded', scope: 'relay', cause: 'no session in time' })
  await expect(relay.verify()).rejects.toThrow(/does not answer \(no session in time\)/)
  await relay.close()
})

test('a login that is wanted over TLS only is not said to be a wrong password', async () => {
  const act = ({ phase }: { phase: string }) =>
    phase === 'AUTH' ? { say: ['538 5.7.11 Encryption required'] } : null
  const { relay } = await connect({ extensions: ['AUTH PLAIN'], act }, { login: 'desk:geheim@' })

  await expect(relay.verify()).rejects.toThrow(/takes the login for "desk" over TLS only \(538 .*\); leave/)
})

test('tokens that cannot be had are not said to be a wrong password', async () => {
  const query = 'authMethod=XOAUTH2&clientId=a&clientSecret=b&accessUrl=http://127.0.0.1:9/'
  const { relay } = await connect({ extensions: ['AUTH XOAUTH2'] }, { login: 'desk:geheim@', query })

  await expect(relay.verify()).rejects.toThrow(
    /could not be asked for the login of "desk" \(.*ECONNREFUSED.*\); check accessUrl, clientId and clientSecret$/,
  )
})

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

const CHALLENGE = '<1896.697170952@relay.test>'
const PROOF = createHmac('md5', 'geheim').update(CHALLENGE).digest('hex')

test.each([
  ['PLAIN', [], [`AUTH PLAIN ${base64('\0desk\0geheim')}`]],
  ['LOGIN', [base64('Username:'), base64('Password:')], ['AUTH LOGIN', base64('desk'), base64('geheim')]],
  ['CRAM-MD5', [base64(CHALLENGE)], ['AUTH CRAM-MD5', base64(`desk ${PROOF}`)]],
])('logs in by %s', async (method, questions, said) => {
  const asked = [...questions]
  const { server, relay } = await connect(
    {
      extensions: [`AUTH ${method}`],
      act: ({ phase }) => {
        if (phase !== 'AUTH' && phase !== 'OTHER') return null
        const question = asked.shift()
        return { say: [question === undefined ? '235 2.7.0 welcome' : `334 ${question}`] }
      },
    },
    { login: 'desk:geheim@' },
  )

  const reply = await relay.send(letter({}), { beforeEnd: yes })

  expect(reply).toMatchObject({ code: 250, ended: true })
  const lines = server.moments.filter(({ phase }) => phase === 'AUTH' || phase === 'OTHER')
  expect(lines.map(({ line }) => line)).toEqual(said)
})

test('takes the way of logging in that the URL names', async () => {
  const { server, relay } = await connect(
    { extensions: ['AUTH LOGIN PLAIN'] },
    { login: 'desk:geheim@', query: 'authMethod=plain' },
  )

  await relay.verify()

  expect(server.moments.find(({ phase }) => phase === 'AUTH')?.line).toMatch(/^AUTH PLAIN /)
})

test('logs in by XOAUTH2 with a token that is fetched once for all connections', async () => {
  const requests: string[] = []
  const tokens = await startHttp(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    requests.push(Buffer.concat(chunks).toString())
    response.end(JSON.stringify({ access_token: 'token-1', expires_in: 3_600 }))
  })
  const query = `maxMessages=1&authMethod=XOAUTH2&clientId=app&clientSecret=s3cret&accessUrl=${encodeURIComponent(`${tokens}/token`)}`
  const { server, relay } = await connect(
    { extensions: ['AUTH PLAIN XOAUTH2'] },
    { login: 'desk%40press.example:refresh-1@', query },
  )

  for (let sent = 0; sent < 3; sent++)
    expect(await relay.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250 })

  const said = `AUTH XOAUTH2 ${base64('user=desk@press.example\u0001auth=Bearer token-1\u0001\u0001')}`
  const logins = server.moments.filter(({ phase }) => phase === 'AUTH')
  expect(logins.map(({ line }) => line)).toEqual([said, said, said])
  expect(requests.map((body) => Object.fromEntries(new URLSearchParams(body)))).toEqual([
    {
      client_id: 'app',
      client_secret: 's3cret',
      refresh_token: 'refresh-1',
      grant_type: 'refresh_token',
    },
  ])
})

test.each([
  ['authMethod=XOAUTH2', 'with authMethod=XOAUTH2 wants clientId and clientSecret too'],
  ['authMethod=NTLM', 'option authMethod: is none of PLAIN, LOGIN, CRAM-MD5, XOAUTH2'],
  ['accessUrl=http://192.0.2.1', 'option accessUrl: is not an https:// URL'],
  ['proxy=socks5://127.0.0.1:1080', 'option proxy: is not the URL of an HTTP proxy'],
])('refuses %s with a sentence', (query, sentence) => {
  expect(() => readRelayUrl(`smtp://desk:geheim@relay.example.org?${query}`)).toThrow(`SMTP_URL: ${sentence}`)
})

test('goes through a proxy, and trusts the relay behind it no sooner than without', async () => {
  const tls = certificate('self-signed')
  const server = await startScriptedSmtp({ tls })
  open.push(() => server.stop())
  const proxy = await startProxy(() => server.port)
  const through = (query: string) => {
    const relay = openRelay(
      readRelayUrl(`smtp://localhost:2525/?proxy=${encodeURIComponent(proxy.url)}&${query}`),
    )
    open.push(() => relay.close())
    return relay
  }

  const trusted = await through(`tls.ca=${encodeURIComponent(tls.cert)}`).send(letter({}), { beforeEnd: yes })
  const untrusted = await through('').send(letter({}), { beforeEnd: yes })

  expect(trusted).toMatchObject({ code: 250, ended: true })
  expect(untrusted).toMatchObject({ kind: 'notEnded', scope: 'relay' })
  expect(proxy.asked).toEqual([
    { to: 'localhost:2525', login: 'Basic ZGVzazpnZWhlaW0=' },
    { to: 'localhost:2525', login: 'Basic ZGVzazpnZWhlaW0=' },
  ])
  expect(server.messages).toHaveLength(1)
})

test('a proxy that is away is named, without its password, when it is tried and when it is looked at', async () => {
  const settings = readRelayUrl(
    `smtp://relay.test:2525/?proxy=${encodeURIComponent('http://desk:geheim@127.0.0.1:1')}`,
  )
  const relay = openRelay(settings)

  const problem = await relay.verify().catch((error: unknown) => String(error))
  const reply = await relay.send(letter({}), { beforeEnd: yes })
  const seen = await lookAtRelay(settings)

  const sentence =
    /SMTP_URL: relay\.test:2525 is not reached \(proxy 127\.0\.0\.1:1: .*ECONNREFUSED.*\); check the option proxy/
  expect(problem).toMatch(sentence)
  expect(String(seen)).toMatch(sentence)
  expect(reply).toMatchObject({ kind: 'notEnded', scope: 'relay' })
  expect(JSON.stringify([problem, reply, String(seen)])).not.toContain('geheim')
})

async function startHttp(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<string> {
  const server = createHttp((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  return `http://127.0.0.1:${await listen(server)}`
}

interface Proxy {
  readonly url: string
  readonly asked: { readonly to: string | undefined; readonly login: string | undefined }[]
}

/** Whatever host is asked for, it leads to that port of this machine. */
async function startProxy(port: () => number): Promise<Proxy> {
  const asked: Proxy['asked'] = []
  const server = createHttp()
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push({ to: request.url, login: request.headers['proxy-authorization'] })
    const onward = connectTcp(port(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    for (const end of [onward, socket]) end.on('error', () => {})
    socket.on('close', () => onward.destroy())
  })
  return { url: `http://desk:geheim@127.0.0.1:${await listen(server)}`, asked }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await untilEvent(server, 'listening')
  open.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
