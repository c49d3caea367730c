/** What a Transport that speaks SMTP promises of its connections, and how they end. Read from the server's side of the wire. */

import { afterEach, describe, expect, test, vi } from 'vitest'

import { counting, letter, yes } from '../../rig/letter.js'
import type { Phase } from '../../rig/scripted-smtp.js'
import { type OpenTransport, once, openPlaces, phasesOf } from '../../rig/smtp-place.js'

const END = '\r\n.\r\n'
export function smtpConnectionContract(name: string, openTransport: OpenTransport): void {
  describe(`${name}, its connections`, () => {
    const { connect, connectAgain, closeAll } = openPlaces(openTransport)
    afterEach(closeAll)

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
      const transport = connectAgain(server, 'maxConnections=16')
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
