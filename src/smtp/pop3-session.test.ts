import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { ServerSettings } from './mailbox-url.js'
import { openPop3 } from './pop3-session.js'

let server: Server | undefined

afterEach(() => {
  server?.close()
})

/** Answers what the script says to each command; a list is sent in these pieces, one after the other. */
async function serve(script: Readonly<Record<string, string | readonly string[]>>): Promise<ServerSettings> {
  server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    socket.write('+OK ready\r\n')
    let held = ''
    socket.on('data', async (chunk) => {
      held += chunk.toString('latin1')
      for (let end = held.indexOf('\r\n'); end !== -1; end = held.indexOf('\r\n')) {
        const line = held.slice(0, end)
        held = held.slice(end + 2)
        const answer = script[line] ?? '+OK\r\n'
        for (const piece of typeof answer === 'string' ? [answer] : answer) {
          socket.write(Buffer.from(piece, 'latin1'))
          // The next piece is a packet of its own.
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const login = { user: 'back', password: 'secret', box: 'INBOX', caFile: null }
  return { kind: 'pop3', name: 'pop3', host: '127.0.0.1', port, isSecure: false, ...login }
}

test('a reply is put together from whatever pieces it comes in, its end among them', async () => {
  const mail = 'Subject: x\r\n\r\n\u00ff one\r\n..two\r\n'
  const session = await openPop3(
    await serve({
      'RETR 1': [...`+OK 20 octets\r\n${mail}.\r\n`],
      LIST: ['+OK\r\n1 2', '0\r\n2 30\r\n.\r', '\n'],
    }),
    { maxBytes: 1_000 },
  )

  expect(await session.list()).toEqual([
    { number: 1, bytes: 20 },
    { number: 2, bytes: 30 },
  ])
  expect((await session.retrieve(1)).toString('latin1')).toBe('Subject: x\r\n\r\n\u00ff one\r\n.two\r\n')
  await session.quit()
})

test('an empty list is one, and a dot alone within a line ends nothing', async () => {
  const session = await openPop3(
    await serve({ LIST: '+OK\r\n.\r\n', 'RETR 1': '+OK\r\na.\r\nb .\r\n.\r\n' }),
    {
      maxBytes: 1_000,
    },
  )

  expect(await session.list()).toEqual([])
  expect((await session.retrieve(1)).toString()).toBe('a.\r\nb .\r\n')
  session.destroy()
})

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['a refused login', { 'PASS secret': '-ERR [AUTH] no\r\n' }, /^PASS was refused: -ERR \[AUTH\] no$/],
  [
    'a reply that grows without end',
    { LIST: `+OK\r\n${'x'.repeat(20_000)}` },
    /a reply of more than 1000 bytes/,
  ],
  ['a line without an end', { LIST: 'x'.repeat(5_000) }, /more than/],
  ['no answer', { LIST: '' }, /no answer within 0\.2 s/],
])('%s is said and ends the session', async (_what, script, expected) => {
  const settings = await serve(script)

  const work = openPop3(settings, { maxBytes: 1_000, timeoutMs: 200 }).then((session) => session.list())

  await expect(work).rejects.toThrow(expected)
})
