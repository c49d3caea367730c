/**
 * What a Transport that speaks SMTP promises beside what every one does, as a function of how to open it. Against a raw scripted server:
 * what left the client, and when, is read from the server's side of the wire.
 */

import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Reply, Transport } from '../../src/smtp/transport.js'
import { counting, letter, yes } from '../rig/letter.js'
import {
  type Act,
  type Phase,
  type Script,
  type ScriptedSmtp,
  startScriptedSmtp,
} from '../rig/scripted-smtp.js'

export type OpenTransport = (url: string) => Transport

const END = '\r\n.\r\n'

export function smtpContract(name: string, openTransport: OpenTransport): void {
  describe(`${name}, as what speaks SMTP`, () => {
    const open: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const close of open.splice(0).reverse()) await close()
    })

    async function connect(
      script: Script,
      query = '',
    ): Promise<{ server: ScriptedSmtp; transport: Transport }> {
      const server = await startScriptedSmtp(script)
      open.push(() => server.stop())
      const transport = openTransport(`${server.url}/?maxConnections=1${query}`)
      open.push(() => transport.close())
      return { server, transport }
    }

    test.each([
      ['an ordinary text', 'Subject: hello\r\n\r\nDear Alice,\r\nnews.\r\n'],
      ['a line that is a dot', 'Subject: dots\r\n\r\n.\r\n..\r\n...\r\n.x\r\nend\r\n'],
      ['a dot first and last', '.first: x\r\n\r\nbody\r\n.\r\n'],
      ['a line of 998 characters', `Subject: long\r\n\r\n${'x'.repeat(998)}\r\n`],
      ['a large body', `Subject: large\r\n\r\n${`${'lorem ipsum dolor '.repeat(4)}\r\n.\r\n`.repeat(8_000)}`],
      ['an empty body', 'Subject: nothing\r\n\r\n'],
    ])('carries %s byte for byte, as one message', async (_what, text) => {
      const { server, transport } = await connect({})

      const reply = await transport.send(letter({ text }), { beforeEnd: yes })

      expect(reply).toEqual({
        kind: 'replied',
        code: 250,
        text: '250 2.0.0 kept',
        command: 'DATA',
        ended: true,
      })
      expect(server.messages).toMatchObject([{ from: 'desk@press.example', to: ['alice@example.org'] }])
      expect(server.messages.map((message) => message.bytes.toString())).toEqual([text])
    })

    test('carries bytes that are not ASCII and says so', async () => {
      const { server, transport } = await connect({})
      const text = 'Subject: x\r\n\r\nGrüße, 世界\r\n'

      await transport.send(letter({ text }), { beforeEnd: yes })

      expect(server.messages.map((message) => message.bytes.toString())).toEqual([text])
      expect(lineOf(server, 'MAIL')).toMatch(/ BODY=8BITMIME\b/)
    })

    test.each([
      ['with PIPELINING', ['PIPELINING']],
      ['without PIPELINING', []],
    ])('asks beforeEnd once, when every byte but the end has left, %s', async (_how, extensions) => {
      const { server, transport } = await connect({ extensions })
      const text = `Subject: hello\r\n\r\n${'news\r\n'.repeat(30_000)}the last line\r\n`
      let asked = 0

      const reply = await transport.send(letter({ text }), {
        beforeEnd: async () => {
          asked += 1
          await server.untilReceived(1, 'the last line')
          expect(server.received(1).includes(END)).toBe(false)
          return true
        },
      })

      expect(asked).toBe(1)
      expect(reply).toMatchObject({ kind: 'replied', code: 250, ended: true })
      expect(phasesOf(server)).toEqual(['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'BODY', 'DOT'])
    })

    test('never ends a message when beforeEnd says no, and goes on with the next', async () => {
      const { server, transport } = await connect({})

      const reply = await transport.send(letter({}), { beforeEnd: async () => false })
      await server.untilClosed(1)

      expect(reply).toMatchObject({ kind: 'notEnded', scope: 'message' })
      expect(server.received(1).includes(END)).toBe(false)
      expect(server.messages).toEqual([])
      expect(await transport.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250, ended: true })
    })

    test('throws what beforeEnd threw, and never ends the message', async () => {
      const { server, transport } = await connect({})

      const sent = transport.send(letter({}), {
        beforeEnd: () => Promise.reject(new Error('the disk is full')),
      })

      await expect(sent).rejects.toThrow('the disk is full')
      await server.untilClosed(1)
      expect(server.received(1).includes(END)).toBe(false)
    })

    test.each<[Phase, Partial<Reply>]>([
      ['CONNECT', { kind: 'notEnded', scope: 'relay' }],
      ['EHLO', { kind: 'notEnded', scope: 'relay' }],
      ['MAIL', { kind: 'notEnded', scope: 'message' }],
      ['RCPT', { kind: 'notEnded', scope: 'message' }],
      ['DATA', { kind: 'notEnded', scope: 'message' }],
      ['BODY', { kind: 'notEnded', scope: 'message' }],
      ['DOT', { kind: 'endedWithoutReply' }],
    ])('knows what a line cut at %s means', async (phase, expected) => {
      for (const extensions of [['PIPELINING'], []]) {
        const { transport } = await connect({ extensions, act: once(phase, 'cut') })

        // Too long for the kernel's buffers: a line cut in the body is cut before the last byte has left.
        const text = phase === 'BODY' ? 'x'.repeat(78).concat('\r\n').repeat(150_000) : undefined

        const reply = await transport.send(letter({ text }), { beforeEnd: yes })

        expect(reply).toMatchObject(expected)
        expect(await transport.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250, ended: true })
      }
    })

    test.each<[Phase, string, { command: string; ended: boolean }]>([
      ['MAIL', '550 5.7.1 not you', { command: 'MAIL', ended: false }],
      ['RCPT', '550 5.1.1 no such user', { command: 'RCPT', ended: false }],
      ['RCPT', '451 4.7.1 greylisted', { command: 'RCPT', ended: false }],
      ['DATA', '451 4.3.0 not now', { command: 'DATA', ended: false }],
      ['DOT', '554 5.6.0 content refused', { command: 'DATA', ended: true }],
      ['DOT', '452 4.3.1 disk full', { command: 'DATA', ended: true }],
    ])('hands on the reply to %s, %s, and keeps the connection', async (phase, text, expected) => {
      for (const extensions of [['PIPELINING'], []]) {
        const { server, transport } = await connect({ extensions, act: once(phase, { say: [text] }) })
        let asked = 0

        const reply = await transport.send(letter({}), { beforeEnd: counting(() => (asked += 1)) })

        expect(reply).toEqual({ kind: 'replied', code: Number(text.slice(0, 3)), text, ...expected })
        expect(asked).toBe(expected.ended ? 1 : 0)
        expect(await transport.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250, ended: true })
        expect(phasesOf(server).filter((seen) => seen === 'CONNECT')).toHaveLength(1)
        expect(phasesOf(server).filter((seen) => seen === 'RSET')).toHaveLength(expected.ended ? 0 : 1)
      }
    })

    test.each<[string, Act]>([
      ['of several lines', { say: ['550-5.1.1 no such user', '550 5.1.1 see example.org'] }],
      ['in pieces', { say: ['550-5.1.1 no such user', '550 5.1.1 see example.org'], inPieces: true }],
      ['late', { say: ['550-5.1.1 no such user', '550 5.1.1 see example.org'], afterMs: 200 }],
    ])('reads a reply %s as one', async (_how, act) => {
      const { transport } = await connect({ act: once('RCPT', act) })

      const reply = await transport.send(letter({}), { beforeEnd: yes })

      expect(reply).toEqual({
        kind: 'replied',
        code: 550,
        text: '550 5.1.1 no such user see example.org',
        command: 'RCPT',
        ended: false,
      })
    })

    test('a reply that nobody asked for is not taken for the next message’s', async () => {
      const { server, transport } = await connect({
        act: once('DOT', { say: ['250 kept', '550 5.1.1 no such user'] }),
      })

      expect(await transport.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250, ended: true })
      expect(await transport.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250, ended: true })

      expect(phasesOf(server).filter((seen) => seen === 'CONNECT')).toHaveLength(2)
    })

    test('waits for a late reply to the dot', async () => {
      const { server, transport } = await connect({
        act: once('DOT', { say: ['250 kept at last'], afterMs: 1_500 }),
      })

      const reply = await transport.send(letter({}), { beforeEnd: yes })

      expect(reply).toEqual({
        kind: 'replied',
        code: 250,
        text: '250 kept at last',
        command: 'DATA',
        ended: true,
      })
      expect(server.messages).toHaveLength(1)
    })

    test('is uncertain when the wait for the reply to the dot ends', async () => {
      const never: Act = { say: [] }
      const { transport } = await connect({ act: once('DOT', never) }, '&socketTimeout=300')

      const reply = await transport.send(letter({}), { beforeEnd: yes })

      expect(reply).toMatchObject({ kind: 'endedWithoutReply' })
    })

    test('is uncertain when the server is one reply behind', async () => {
      const { transport } = await connect({ act: once('DOT', { say: ['354 still going'], thenCut: true }) })

      expect(await transport.send(letter({}), { beforeEnd: yes })).toMatchObject({
        kind: 'endedWithoutReply',
      })
    })

    test('is uncertain when only a piece of the reply to the dot came', async () => {
      const { transport } = await connect({ act: once('DOT', { say: ['250-kept'], thenCut: true }) })

      expect(await transport.send(letter({}), { beforeEnd: yes })).toMatchObject({
        kind: 'endedWithoutReply',
      })
    })

    test.each<Phase>(['MAIL', 'RCPT', 'DATA', 'DOT'])(
      'replaces a connection that said 421 to %s',
      async (phase) => {
        for (const extensions of [['PIPELINING'], []]) {
          const closing: Act = { say: ['421 4.3.2 closing'], thenCut: true }
          const { server, transport } = await connect({ extensions, act: once(phase, closing) })

          const reply = await transport.send(letter({}), { beforeEnd: yes })

          // What 421 answers makes no difference: it ends the session.
          expect(reply).toMatchObject({
            kind: 'replied',
            code: 421,
            text: '421 4.3.2 closing',
            ended: phase === 'DOT',
          })
          expect(await transport.send(letter({}), { beforeEnd: yes })).toMatchObject({
            code: 250,
            ended: true,
          })
          expect(phasesOf(server).filter((seen) => seen === 'CONNECT')).toHaveLength(2)
        }
      },
    )

    test.each([['421 4.7.0 too many connections'], ['554 5.3.2 no service']])(
      'calls the relay down when it greets with %s',
      async (greeting) => {
        const { transport } = await connect({ act: once('CONNECT', { say: [greeting], thenCut: true }) })

        const reply = await transport.send(letter({}), { beforeEnd: yes })

        expect(reply).toEqual({ kind: 'notEnded', cause: greeting, scope: 'relay' })
      },
    )

    test('calls the relay down when nothing listens', async () => {
      const { server, transport } = await connect({})
      await server.stop()
      open.splice(0, 1)

      const reply = await transport.send(letter({}), { beforeEnd: yes })

      expect(reply).toMatchObject({
        kind: 'notEnded',
        scope: 'relay',
        cause: expect.stringContaining('ECONNREFUSED'),
      })
    })

    test('knows that a line lost while beforeEnd decides was lost before the end', async () => {
      const { server, transport } = await connect({ act: once('BODY', 'cut') })

      const reply = await transport.send(letter({}), {
        beforeEnd: async () => {
          await server.untilClosed(1)
          await aFewTurns()
          return true
        },
      })

      expect(reply).toMatchObject({ kind: 'notEnded', scope: 'message' })
    })

    test('waits for beforeEnd when the server refuses in the middle of the body', async () => {
      const { server, transport } = await connect({ act: once('BODY', { say: ['552 5.3.4 too big'] }) })
      let isIntended = false

      const reply = await transport.send(letter({}), {
        beforeEnd: async () => {
          await server.untilReceived(1, 'news')
          await aFewTurns()
          isIntended = true
          return true
        },
      })

      expect(reply).toEqual({
        kind: 'replied',
        code: 552,
        text: '552 5.3.4 too big',
        command: 'DATA',
        ended: false,
      })
      expect(isIntended).toBe(true)
      await server.untilClosed(1)
      expect(server.received(1).includes(END)).toBe(false)
    })

    test('does not take a reply before the end for an acceptance', async () => {
      const { server, transport } = await connect({ act: once('BODY', { say: ['250 kept already'] }) })

      const reply = await transport.send(letter({}), {
        beforeEnd: async () => {
          await server.untilReceived(1, 'news')
          await aFewTurns()
          return true
        },
      })

      expect(reply).toMatchObject({ kind: 'notEnded', scope: 'message' })
      expect(server.messages).toEqual([])
    })

    test('V33: names no recipient that needs SMTPUTF8 to a server without it', async () => {
      const { server, transport } = await connect({ extensions: ['PIPELINING', '8BITMIME'] })

      const reply = await transport.send(letter({ to: 'jürgen@example.org' }), { beforeEnd: yes })

      expect(reply).toEqual({ kind: 'notEnded', cause: 'needs SMTPUTF8', scope: 'message' })
      expect(phasesOf(server)).not.toContain('RCPT')
    })

    test('uses SMTPUTF8 where it is offered and needed', async () => {
      const { server, transport } = await connect({})

      await transport.send(letter({ to: 'jürgen@example.org' }), { beforeEnd: yes })
      await transport.send(letter({}), { beforeEnd: yes })

      expect(server.messages.map((message) => message.to)).toEqual([
        ['jürgen@example.org'],
        ['alice@example.org'],
      ])
      const mails = server.moments.filter((moment) => moment.phase === 'MAIL').map((moment) => moment.line)
      expect(mails.map((line) => line.includes('SMTPUTF8'))).toEqual([true, false])
    })

    test.each([
      'alice@example.org\r\nRCPT TO:<eve@example.net>',
      'alice@example.org,eve@example.net',
      '<alice@example.org>',
      'alice@eve@example.org',
      'alice @example.org',
      '',
    ])('refuses the envelope address %j as a bug', async (to) => {
      const { server, transport } = await connect({})

      await expect(transport.send(letter({ to }), { beforeEnd: yes })).rejects.toThrow(
        'not one plain address',
      )
      expect(phasesOf(server)).not.toContain('MAIL')
    })

    test('replaces a connection after maxMessages and says goodbye to the old one', async () => {
      const { server, transport } = await connect({}, '&maxMessages=2')

      for (let sent = 0; sent < 5; sent += 1) await transport.send(letter({}), { beforeEnd: yes })
      await transport.close()

      expect(server.messages).toHaveLength(5)
      expect(phasesOf(server).filter((phase) => phase === 'CONNECT')).toHaveLength(3)
      expect(phasesOf(server).filter((phase) => phase === 'QUIT')).toHaveLength(3)
    })

    test('carries 200 messages over 16 connections, each once', async () => {
      const { server, transport: one } = await connect({})
      await one.close()
      const transport = openTransport(`${server.url}/?maxConnections=16`)
      open.push(() => transport.close())
      const people = Array.from({ length: 200 }, (_, index) => `reader-${index}@example.org`)

      const replies = await Promise.all(
        people.map((to) => transport.send(letter({ to }), { beforeEnd: yes })),
      )

      expect(transport.concurrency).toBe(16)
      expect(replies.filter((reply) => reply.kind === 'replied' && reply.code === 250)).toHaveLength(200)
      expect(server.messages.map((message) => message.to[0]).sort()).toEqual([...people].sort())
      expect(phasesOf(server).filter((phase) => phase === 'CONNECT').length).toBeLessThanOrEqual(16)
    })

    test('close() lets the message in flight finish', async () => {
      const { server, transport } = await connect({ act: once('DOT', { say: ['250 kept'], afterMs: 200 }) })
      let closed: Promise<void> | null = null

      const reply = await transport.send(letter({}), {
        beforeEnd: async () => {
          closed = transport.close()
          return true
        },
      })
      await closed

      expect(reply).toMatchObject({ code: 250, ended: true })
      expect(phasesOf(server).at(-1)).toBe('QUIT')
    })

    test.each<Phase>(['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA'])(
      'close() does not wait for the answer to %s: no body is on its way',
      async (phase) => {
        const { server, transport } = await connect({ act: once(phase, { say: [] }) })
        let asked = 0

        const sent = transport.send(letter({}), { beforeEnd: counting(() => (asked += 1)) })
        const waiting = transport.send(letter({}), { beforeEnd: counting(() => (asked += 1)) })
        await vi.waitFor(() => expect(phasesOf(server)).toContain(phase))
        await transport.close()

        expect(await sent).toMatchObject({ kind: 'notEnded', scope: 'relay' })
        expect(await waiting).toMatchObject({ kind: 'notEnded', scope: 'relay' })
        expect(asked).toBe(0)
        expect(await transport.send(letter({}), { beforeEnd: yes })).toMatchObject({ kind: 'notEnded' })
      },
    )

    test('close({ withinMs }) lets a message that is in time finish', async () => {
      const { server, transport } = await connect({ act: once('DOT', { say: ['250 kept'], afterMs: 200 }) })
      let closed: Promise<void> | null = null

      const reply = await transport.send(letter({}), {
        beforeEnd: async () => {
          closed = transport.close({ withinMs: 60_000 })
          return true
        },
      })
      await closed

      expect(reply).toMatchObject({ code: 250, ended: true })
      expect(phasesOf(server).at(-1)).toBe('QUIT')
    })

    test('close({ withinMs }) cuts off a message whose reply is not there in time: nobody knows', async () => {
      const { transport } = await connect({ act: once('DOT', { say: [] }) })
      let closed: Promise<void> | null = null

      const reply = await transport.send(letter({}), {
        beforeEnd: async () => {
          closed = transport.close({ withinMs: 300 })
          return true
        },
      })
      await closed

      expect(reply).toMatchObject({ kind: 'endedWithoutReply' })
    })

    test('close({ withinMs }) cuts off a message that is not ended in time, without its end', async () => {
      const { server, transport } = await connect({})
      let decide = (_mayEnd: boolean) => {}
      const decided = new Promise<boolean>((resolve) => {
        decide = resolve
      })
      let closed: Promise<void> | null = null

      const sent = transport.send(letter({}), {
        beforeEnd: () => {
          closed = transport.close({ withinMs: 100 })
          return decided
        },
      })
      await vi.waitFor(() => expect(phasesOf(server)).toContain('BODY'))
      await server.untilClosed(1)
      decide(true)
      await closed

      expect(await sent).toMatchObject({ kind: 'notEnded', scope: 'relay' })
      expect(server.received(1).includes(END)).toBe(false)
    })

    test('a second close() with less patience ends the wait of the first', async () => {
      const { server, transport } = await connect({ act: once('DOT', { say: [] }) })
      const sent = transport.send(letter({}), { beforeEnd: yes })
      await vi.waitFor(() => expect(phasesOf(server)).toContain('DOT'))

      const first = transport.close()
      await transport.close({ withinMs: 0 })
      await first

      expect(await sent).toMatchObject({ kind: 'endedWithoutReply' })
    })

    test('close({ withinMs }) does not wait for a relay that answers no QUIT', async () => {
      const { server, transport } = await connect({ act: once('QUIT', { say: [] }) })
      await transport.send(letter({}), { beforeEnd: yes })

      const started = performance.now()
      await transport.close({ withinMs: 200 })

      expect(phasesOf(server).at(-1)).toBe('QUIT')
      expect(performance.now() - started).toBeLessThan(2_000)
    })

    test('close() does not wait for the answer to RSET', async () => {
      const { server, transport } = await connect({
        act: ({ phase }) =>
          phase === 'RCPT' ? { say: ['451 later'] } : phase === 'RSET' ? { say: [] } : null,
      })
      await transport.send(letter({}), { beforeEnd: yes })
      await vi.waitFor(() => expect(phasesOf(server)).toContain('RSET'))

      await transport.close()

      expect(phasesOf(server).at(-1)).toBe('RSET')
    })
  })
}

/** The first time a phase comes: this; else what a well-behaved server does. */
export function once(phase: Phase, act: Act): (moment: { phase: Phase }) => Act | null {
  let isDone = false
  return (moment) => {
    if (isDone || moment.phase !== phase) return null
    isDone = true
    return act
  }
}

/** What the server just did is in the client's kernel; two rounds of the event loop bring it to the client. */
async function aFewTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

export function phasesOf(server: ScriptedSmtp): readonly Phase[] {
  return server.moments.map((moment) => moment.phase)
}

function lineOf(server: ScriptedSmtp, phase: Phase): string | undefined {
  return server.moments.find((moment) => moment.phase === phase)?.line
}
