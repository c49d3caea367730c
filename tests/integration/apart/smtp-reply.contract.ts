/** What a Transport that speaks SMTP makes of answers, of their absence, and of a line that is cut. Read from the server's side of the wire. */

import { afterEach, describe, expect, test } from 'vitest'
import type { Reply } from '../../../src/smtp/transport.js'
import { counting, letter, yes } from '../../rig/letter.js'
import type { Act, Phase } from '../../rig/scripted-smtp.js'
import { aFewTurns, type OpenTransport, once, openPlaces, phasesOf } from '../../rig/smtp-place.js'

const END = '\r\n.\r\n'
export function smtpReplyContract(name: string, openTransport: OpenTransport): void {
  describe(`${name}, its replies`, () => {
    const { connect, closeAll, forgetServer } = openPlaces(openTransport)
    afterEach(closeAll)

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
      forgetServer()

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
  })
}
