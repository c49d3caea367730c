/** What a Transport that speaks SMTP promises of a message: its bytes, its end, its addresses. Read from the server's side of the wire. */

import { afterEach, describe, expect, test } from 'vitest'

import { letter, yes } from '../../rig/letter.js'

import { lineOf, type OpenTransport, openPlaces, phasesOf } from '../../rig/smtp-place.js'

const END = '\r\n.\r\n'
export function smtpMessageContract(name: string, openTransport: OpenTransport): void {
  describe(`${name}, its messages`, () => {
    const { connect, closeAll } = openPlaces(openTransport)
    afterEach(closeAll)

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
  })
}
