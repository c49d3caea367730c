/** The dialogue itself: what is said to the relay, how long an answer is waited for, and what is no answer at all. */

import { afterEach, expect, test } from 'vitest'
import { openRelay } from '../../../src/smtp/relay.js'
import { readRelayUrl } from '../../../src/smtp/relay-url.js'
import type { Transport } from '../../../src/smtp/transport.js'
import { letter, yes } from '../../rig/letter.js'
import { type Script, type ScriptedSmtp, startScriptedSmtp } from '../../rig/scripted-smtp.js'
import { aFewTurns, once, phasesOf } from '../../rig/smtp-place.js'

let server: ScriptedSmtp
let relay: Transport

async function connect(script: Script, query = ''): Promise<void> {
  server = await startScriptedSmtp(script)
  relay = openRelay(readRelayUrl(`${server.url}?maxConnections=1${query}`))
}

afterEach(async () => {
  await relay.close({ withinMs: 0 })
  await server.stop()
})

test.each([
  ['together where PIPELINING is offered', ['PIPELINING'], true],
  ['one by one elsewhere', [], false],
])('MAIL, RCPT and DATA go out %s', async (_how, extensions, areTogether) => {
  let seenWithRcpt = ''
  await connect({
    extensions,
    act: ({ phase }) => {
      // What has come by the time the recipient is answered.
      if (phase === 'RCPT') seenWithRcpt = server.received(1).toString()
      return null
    },
  })

  await relay.send(letter({}), { beforeEnd: yes })

  expect(seenWithRcpt.includes('DATA\r\n')).toBe(areTogether)
})

test('the size is said where SIZE is offered, so that a relay can refuse before the body', async () => {
  await connect({ extensions: ['SIZE 100'], act: once('MAIL', { say: ['552 5.3.4 too big'] }) })
  const text = `Subject: x\r\n\r\n${'y'.repeat(200)}\r\n`

  const reply = await relay.send(letter({ text }), { beforeEnd: yes })

  expect(reply).toMatchObject({ kind: 'replied', code: 552, command: 'MAIL', ended: false })
  expect(server.moments.find(({ phase }) => phase === 'MAIL')?.line).toContain(` SIZE=${text.length}`)
})

test('DATA that is taken though the recipient was refused gets no body: the connection ends', async () => {
  await connect({
    act: ({ phase }) =>
      phase === 'RCPT'
        ? { say: ['550 5.1.1 no such user'] }
        : phase === 'DATA'
          ? { say: ['354 go ahead'] }
          : null,
  })

  const reply = await relay.send(letter({}), { beforeEnd: yes })
  await server.untilClosed(1)

  expect(reply).toMatchObject({ kind: 'replied', code: 550, command: 'RCPT', ended: false })
  expect(server.messages).toEqual([])
})

test.each([
  ['words that are no reply', { say: ['hello there'] }],
  ['a reply without an end', { say: Array.from({ length: 2_000 }, () => `250-${'x'.repeat(50)}`) }],
])('%s to the dot leave the message uncertain, and the connection is not used again', async (_what, act) => {
  await connect({ act: once('DOT', act) })

  expect(await relay.send(letter({}), { beforeEnd: yes })).toMatchObject({ kind: 'endedWithoutReply' })
  expect(await relay.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250, ended: true })
  expect(phasesOf(server).filter((phase) => phase === 'CONNECT')).toHaveLength(2)
})

test('a 2yz reply that comes in many lines and pieces is one acceptance', async () => {
  await connect({ act: once('DOT', { say: ['250-2.0.0 kept', '250 2.0.0 as 4711'], inPieces: true }) })

  expect(await relay.send(letter({}), { beforeEnd: yes })).toMatchObject({
    kind: 'replied',
    code: 250,
    text: '250 2.0.0 kept as 4711',
    ended: true,
  })
})

test('an answer to RCPT that does not come in time leaves the message unsent, not uncertain', async () => {
  await connect({ act: once('RCPT', { say: [] }) }, '&socketTimeout=200')

  const reply = await relay.send(letter({}), { beforeEnd: yes })

  expect(reply).toMatchObject({ kind: 'notEnded', scope: 'message', cause: 'no answer in time' })
})

test('a relay that speaks of an idle connection’s end is heard: the next message takes another', async () => {
  await connect({ act: once('DOT', { say: ['250 kept', '421 4.4.2 idle for too long'], thenCut: true }) })

  expect(await relay.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250 })
  await server.untilClosed(1)

  expect(await relay.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250, ended: true })
})

test('a reply that has begun before the end, and is not whole yet, keeps the end from leaving', async () => {
  await connect({ act: once('BODY', { say: ['250-too early'] }) })

  const reply = await relay.send(letter({}), {
    beforeEnd: async () => {
      await aFewTurns()
      return true
    },
  })

  expect(reply).toMatchObject({ kind: 'notEnded', scope: 'message' })
  await server.untilClosed(1)
  expect(server.messages).toEqual([])
})
