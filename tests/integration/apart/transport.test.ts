import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { InputError } from '../../../src/errors.js'
import { openRelay } from '../../../src/smtp/relay.js'
import { readRelayUrl } from '../../../src/smtp/relay-url.js'
import type { Transport } from '../../../src/smtp/transport.js'
import { letter, yes } from '../../rig/letter.js'
import { type Script, type ScriptedSmtp, startScriptedSmtp } from '../../rig/scripted-smtp.js'
import { once, phasesOf } from '../../rig/smtp-place.js'
import { smtpConnectionContract } from './smtp-connection.contract.js'
import { smtpMessageContract } from './smtp-message.contract.js'
import { smtpReplyContract } from './smtp-reply.contract.js'
import { type Manner, transportContract } from './transport.contract.js'

for (const contract of [smtpMessageContract, smtpReplyContract, smtpConnectionContract])
  contract('relay', (url) => openRelay(readRelayUrl(url)))

const SCRIPTS: Readonly<Record<Manner, Script>> = {
  takes: {},
  away: {},
  slow: { act: once('DOT', { say: ['250 kept'], afterMs: 300 }) },
  refuses: { act: once('RCPT', { say: ['550 5.1.1 no such user'] }) },
  later: { act: once('RCPT', { say: ['450 4.2.1 not now'] }) },
  dies: { act: ({ phase }) => (phase === 'DOT' ? 'cut' : null) },
  silent: { act: ({ phase }) => (phase === 'DOT' ? { say: [] } : null) },
}

transportContract('relay', async ({ manner, atOnce, patienceMs }) => {
  const server = await startScriptedSmtp(SCRIPTS[manner])
  if (manner === 'away') await server.stop()
  return {
    transport: openRelay(readRelayUrl(`${server.url}?maxConnections=${atOnce}&socketTimeout=${patienceMs}`)),
    to: 'alice@example.org',
    kept: () => server.messages.map(({ to: [to = ''], bytes }) => ({ to, bytes })),
    close: async () => {
      if (manner !== 'away') await server.stop()
    },
  }
})

test('line ends that are not CRLF cannot end a message early', async () => {
  const server = await startScriptedSmtp()
  const relay = openRelay(readRelayUrl(server.url))
  const text = 'Subject: x\r\n\r\na\n.\nb\r.\rc\r\n.\nd\n.\r\ne\r.\r\nf\r\n'

  await relay.send(letter({ text }), { beforeEnd: yes })
  await relay.close()

  // A bare CR or LF is made a line end of its own (VU#302671); our own messages have none.
  expect(server.messages.map((message) => message.bytes.toString())).toEqual([
    text.replace(/\r\n|\r|\n/g, '\r\n'),
  ])
  expect(phasesOf(server).filter((phase) => phase === 'OTHER')).toEqual([])
  await server.stop()
})

test('two that close a relay both wait for the message in flight', async () => {
  const server = await startScriptedSmtp({ act: once('DOT', { say: ['250 kept'], afterMs: 100 }) })
  const relay = openRelay(readRelayUrl(server.url))
  let closed: Promise<unknown> | null = null

  const reply = await relay.send(letter({}), {
    beforeEnd: async () => {
      closed = Promise.all([relay.close(), relay.close()])
      return true
    },
  })
  await closed

  expect(reply).toMatchObject({ code: 250, ended: true })
  expect(phasesOf(server).at(-1)).toBe('QUIT')
  await server.stop()
})

test('a relay that takes two connections and no more is no relay that is down', async () => {
  const server = await startScriptedSmtp({
    act: ({ connection, phase }) =>
      phase === 'CONNECT' && connection > 2
        ? { say: ['421 4.7.0 too many connections from you'], thenCut: true }
        : phase === 'DOT'
          ? { say: ['250 kept'], afterMs: 10 }
          : null,
  })
  const relay = openRelay(readRelayUrl(`${server.url}?maxConnections=8`))

  const replies = await Promise.all(
    Array.from({ length: 40 }, () => relay.send(letter({}), { beforeEnd: yes })),
  )
  await relay.close()

  expect(replies.every((reply) => reply.kind === 'replied' && reply.code === 250)).toBe(true)
  expect(server.messages).toHaveLength(40)
  expect(phasesOf(server).filter((phase) => phase === 'CONNECT').length).toBeLessThanOrEqual(8)
  await server.stop()
})

test('when no connection can be had, those who wait for one learn it at once', async () => {
  const server = await startScriptedSmtp({
    act: ({ phase }) =>
      phase === 'CONNECT' ? { say: ['421 4.3.2 closed for the night'], thenCut: true } : null,
  })
  const relay = openRelay(readRelayUrl(`${server.url}?maxConnections=2`))

  const replies = await Promise.all(
    Array.from({ length: 20 }, () => relay.send(letter({}), { beforeEnd: yes })),
  )

  expect(replies.every((reply) => reply.kind === 'notEnded' && reply.scope === 'relay')).toBe(true)
  expect(phasesOf(server).filter((phase) => phase === 'CONNECT').length).toBeLessThanOrEqual(4)
  await relay.close()
  await server.stop()
})

test('a relay that was away and is back gets as many connections as before', async () => {
  const server = await startScriptedSmtp({
    act: ({ connection, phase }) => {
      if (phase === 'CONNECT' && connection <= 4)
        return { say: ['421 4.3.2 closed for a moment'], thenCut: true }
      return phase === 'DOT' ? { say: ['250 kept'], afterMs: 100 } : null
    },
  })
  const relay = openRelay(readRelayUrl(`${server.url}?maxConnections=4`))
  const sendFour = () =>
    Promise.all(Array.from({ length: 4 }, () => relay.send(letter({}), { beforeEnd: yes })))

  const away = await sendFour()
  const back = await sendFour()
  await relay.close()

  expect(away.every((reply) => reply.kind === 'notEnded' && reply.scope === 'relay')).toBe(true)
  expect(back.every((reply) => reply.kind === 'replied' && reply.code === 250)).toBe(true)
  expect(phasesOf(server).filter((phase) => phase === 'CONNECT')).toHaveLength(8)
  await server.stop()
})

const tls = {
  key: readFileSync(new URL('../../fixtures/tls/self-signed.key', import.meta.url), 'utf8'),
  cert: readFileSync(new URL('../../fixtures/tls/self-signed.crt', import.meta.url), 'utf8'),
}

describe('a relay that wants TLS or a login', () => {
  const open: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close()
  })

  async function connect(
    script: Script,
    { login = '', host = '127.0.0.1', query = '' } = {},
  ): Promise<{ server: ScriptedSmtp; relay: Transport }> {
    const server = await startScriptedSmtp(script)
    open.push(() => server.stop())
    const relay = openRelay(readRelayUrl(`smtp://${login}${host}:${server.port}/?${query}`))
    open.push(() => relay.close())
    return { server, relay }
  }

  test('V32: sends nothing in the clear when TLS is required and not offered', async () => {
    const { server, relay } = await connect(
      { act: once('STARTTLS', { say: ['502 5.5.1 not here'] }) },
      { query: 'requireTLS=true' },
    )

    const reply = await relay.send(letter({}), { beforeEnd: yes })

    expect(reply).toEqual({ kind: 'notEnded', cause: '502 5.5.1 not here', scope: 'relay' })
    expect(phasesOf(server)).toEqual(['CONNECT', 'EHLO', 'STARTTLS'])
  })

  test('V32: sends nothing to a server whose certificate it cannot trust', async () => {
    const { server, relay } = await connect({ tls })

    const reply = await relay.send(letter({}), { beforeEnd: yes })

    expect(reply).toMatchObject({
      kind: 'notEnded',
      scope: 'relay',
      cause: expect.stringContaining('certificate'),
    })
    expect(phasesOf(server)).not.toContain('MAIL')
    await expect(relay.verify()).rejects.toThrow(
      /^SMTP_URL: 127\.0\.0\.1:\d+ shows a certificate that cannot be trusted \(self-signed certificate.*\); /,
    )
  })

  test('sends over TLS when the certificate is trusted', async () => {
    const { server, relay } = await connect(
      { tls },
      { host: 'localhost', query: `requireTLS=true&tls.ca=${encodeURIComponent(tls.cert)}` },
    )

    const reply = await relay.send(letter({}), { beforeEnd: yes })

    expect(reply).toMatchObject({ kind: 'replied', code: 250, ended: true })
    expect(phasesOf(server).slice(0, 4)).toEqual(['CONNECT', 'EHLO', 'STARTTLS', 'EHLO'])
  })

  test('logs in with the percent-encoded name and password', async () => {
    const { server, relay } = await connect(
      { extensions: ['AUTH PLAIN'] },
      { login: 'desk%40press.example:p%3Aa%2Fss%20w%C3%B6rd@' },
    )

    await relay.verify()

    const auth = server.moments.find((moment) => moment.phase === 'AUTH')
    const said = Buffer.from(auth?.line.split(' ')[2] ?? '', 'base64').toString()
    expect(said).toBe('\0desk@press.example\0p:a/ss wörd')
    expect(phasesOf(server)).toEqual(['CONNECT', 'EHLO', 'AUTH', 'QUIT'])
  })

  test('says who was refused, never the password, and sends nothing', async () => {
    const { server, relay } = await connect(
      {
        extensions: ['AUTH PLAIN'],
        act: ({ phase }) => (phase === 'AUTH' ? { say: ['535 5.7.8 bad credentials'] } : null),
      },
      { login: 'desk:geheim-7@' },
    )

    const reply = await relay.send(letter({}), { beforeEnd: yes })
    const problem = await relay.verify().then(
      () => null,
      (error: unknown) => error,
    )

    expect(reply).toEqual({ kind: 'notEnded', cause: '535 5.7.8 bad credentials', scope: 'login' })
    expect(phasesOf(server)).not.toContain('MAIL')
    expect(problem).toBeInstanceOf(InputError)
    expect(String(problem)).toMatch(
      /SMTP_URL: 127\.0\.0\.1:\d+ refused the login for "desk" \(535 5\.7\.8 bad credentials\); check user name and password$/,
    )
    expect(String(problem)).not.toContain('geheim')
  })

  test('does not send without the login it was given', async () => {
    const { server, relay } = await connect({}, { login: 'desk:secret@' })

    await expect(relay.verify()).rejects.toThrow('offers no login')
    expect(await relay.send(letter({}), { beforeEnd: yes })).toMatchObject({
      kind: 'notEnded',
      scope: 'relay',
    })
    expect(phasesOf(server)).not.toContain('MAIL')
  })

  test('a login that is cut off fails, it does not hang', async () => {
    const { relay } = await connect(
      { extensions: ['AUTH PLAIN'], act: once('AUTH', 'cut') },
      { login: 'desk:secret@' },
    )

    expect(await relay.send(letter({}), { beforeEnd: yes })).toMatchObject({
      kind: 'notEnded',
      scope: 'relay',
    })
  })

  test('verify says what to mend', async () => {
    const busy = await connect({ act: once('CONNECT', { say: ['554 5.3.2 no service'] }) })
    const gone = await connect({})
    await gone.server.stop()
    open.splice(2, 1)
    const plain = await startScriptedSmtp()
    open.push(() => plain.stop())

    await expect(busy.relay.verify()).rejects.toThrow(/refused the connection \(554 5\.3\.2 no service\)/)
    await expect(gone.relay.verify()).rejects.toThrow(
      /^SMTP_URL: nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    )
    await expect(openRelay(readRelayUrl(`smtps://127.0.0.1:${plain.port}`)).verify()).rejects.toThrow(
      'does not begin with TLS',
    )
    await expect(openRelay(readRelayUrl('smtp://no-such-host.invalid')).verify()).rejects.toThrow(
      'the host "no-such-host.invalid" is not known',
    )
  })
})
