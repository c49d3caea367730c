/** Relays in trouble: when a message moves to another and when it must not, who is left out, and for how long. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RelayedReply } from '../../../src/send/relays.js'
import { letter } from '../../rig/letter.js'
import {
  CLOSED,
  handOver,
  handOverMany,
  keptBy,
  openRelayPlace,
  type Place,
  type RelayPlace,
} from '../../rig/relays.js'
import type { Phase, Script, ScriptedSmtp } from '../../rig/scripted-smtp.js'
import { aFewTurns, once, phasesOf } from '../../rig/smtp-place.js'

let place: RelayPlace

beforeEach(() => {
  place = openRelayPlace()
})

afterEach(() => place.close())

test('the reply says which relay it is from, and so does the question before the end', async () => {
  const { servers, relays } = await place.connect([{ script: { act: CLOSED } }, {}])
  const asked: string[] = []

  const reply = await relays.send(letter({}), {
    lane: 'other',
    beforeEnd: async (relay) => {
      asked.push(relay)
      return true
    },
  })

  expect(reply.relay).toBe(servers[1]?.url)
  expect(asked).toEqual([servers[1]?.url])
  expect(place.said).toEqual(['1 shut'])
})

test.each<[Phase, boolean]>([
  ['CONNECT', true],
  ['EHLO', true],
  ['MAIL', true],
  ['RCPT', true],
  ['DATA', true],
  ['DOT', false],
])('a message whose line is cut at %s goes to another relay: %s', async (phase, moves) => {
  const { servers, relays } = await place.connect([{ script: { act: once(phase, 'cut') } }, {}])

  const reply = await handOver(relays)

  expect(reply).toMatchObject(moves ? { kind: 'replied', code: 250 } : { kind: 'endedWithoutReply' })
  expect(reply.relay).toBe(servers[moves ? 1 : 0]?.url)
  // The first relay may have what was ended.
  expect(keptBy(servers)).toEqual(moves ? [0, 1] : [1, 0])
})

test('a message with an intent on record stays, though its line was lost before the end', async () => {
  const { servers, relays } = await place.connect([{ script: { act: once('BODY', 'cut') } }, {}])

  const reply = await relays.send(letter({}), {
    lane: 'other',
    beforeEnd: async () => {
      await servers[0]?.untilClosed(1)
      await aFewTurns()
      return true
    },
  })

  expect(reply).toMatchObject({ kind: 'notEnded', relay: servers[0]?.url })
  expect(keptBy(servers)).toEqual([0, 0])
})

test('a message that must not be ended is not handed to another', async () => {
  const { servers, relays } = await place.connect([{}, {}])
  let asked = 0

  const reply = await relays.send(letter({}), {
    lane: 'other',
    beforeEnd: async () => {
      asked += 1
      return false
    },
  })

  expect(reply).toMatchObject({ kind: 'notEnded' })
  expect(asked).toBe(1)
  expect(keptBy(servers)).toEqual([0, 0])
})

test.each<[Phase, string]>([
  ['RCPT', '550 5.1.1 no such user'],
  ['RCPT', '451 4.7.1 greylisted'],
  ['DATA', '451 4.3.0 not now'],
  ['DOT', '554 5.6.0 content refused'],
])('what a relay answers to %s, %s, stands: no other is asked', async (phase, text) => {
  const { servers, relays } = await place.connect([{ script: { act: once(phase, { say: [text] }) } }, {}])

  const reply = await handOver(relays)

  expect(reply).toMatchObject({ kind: 'replied', text, relay: servers[0]?.url })
  expect(phasesOf(servers[1] as ScriptedSmtp)).toEqual([])
})

test('a relay that refuses our login or our sender is left out; with another open nothing is hopeless', async () => {
  const wrong = { say: ['535 5.7.8 bad credentials'] }
  const { servers, relays } = await place.connect([
    { script: { act: ({ phase }) => (phase === 'MAIL' ? { say: ['550 5.7.1 not you'] } : null) } },
    {
      script: {
        extensions: ['AUTH PLAIN'],
        act: ({ phase }) =>
          phase === 'MAIL' ? { say: ['530 5.7.0 log in first'] } : phase === 'AUTH' ? wrong : null,
      },
    },
    {},
  ])

  for (let round = 0; round < 4; round++) {
    await handOverMany(relays, 6)
    place.time += 120_000
  }

  expect(keptBy(servers)).toEqual([0, 0, 24])
  expect(relays.refusals('other')).toBeNull()
  expect(phasesOf(servers[0] as ScriptedSmtp).filter((phase) => phase === 'MAIL').length).toBeLessThanOrEqual(
    12,
  )
})

test('when every relay refuses us time after time, each says so', async () => {
  const refusing = (text: string): Place => ({
    script: { act: ({ phase }) => (phase === 'MAIL' ? { say: [text] } : null) },
  })
  const { servers, relays } = await place.connect([
    refusing('550 5.7.1 not you'),
    refusing('530 5.7.0 log in first'),
  ])

  for (let round = 0; round < 3; round++) {
    expect(relays.refusals('other')).toBeNull()
    await handOver(relays)
    place.time += 120_000
  }

  expect(relays.refusals('other')).toEqual([
    { relay: servers[0]?.url, refused: 'sender', text: '550 5.7.1 not you' },
    { relay: servers[1]?.url, refused: 'login', text: '530 5.7.0 log in first' },
  ])
})

test('with every relay down nothing is tried until a while has passed, then by one message at a time', async () => {
  let isDown = true
  const down: Script = { act: (moment) => (isDown ? CLOSED(moment) : null) }
  const { servers, relays } = await place.connect([{ script: down }, { script: down }])

  const replies = await Promise.all(Array.from({ length: 20 }, () => handOver(relays)))
  for (const reply of replies) expect(reply).toMatchObject({ kind: 'notEnded', scope: 'relay' })
  expect(relays.isOpen()).toBe(false)
  const knocks = servers.map((server) => server.moments.length)
  expect(await handOver(relays)).toMatchObject({ kind: 'notEnded', scope: 'relay', relay: '' })

  place.time += 1_000
  expect(relays.isOpen('gmail')).toBe(true)
  await Promise.all(Array.from({ length: 20 }, () => handOver(relays)))
  expect(servers.map((server) => server.moments.length)).toEqual(knocks.map((count) => count + 1))

  isDown = false
  place.time += 2_000
  await handOverMany(relays, 20)
  expect(keptBy(servers).reduce((sum, count) => sum + count)).toBe(20)
  expect(place.said).toEqual(expect.arrayContaining(['1 shut', '2 shut', '1 open', '2 open']))
})

test('a relay above its connection limit goes on with fewer, and is not shut', async () => {
  const { servers, relays } = await place.connect([
    {
      script: {
        act: ({ connection, phase }) =>
          phase === 'CONNECT' && connection > 2
            ? { say: ['421 4.7.0 too many connections from you'], thenCut: true }
            : phase === 'DOT'
              ? { say: ['250 kept'], afterMs: 10 }
              : null,
      },
    },
    {},
  ])

  await handOverMany(relays, 60)

  expect(keptBy(servers)).toEqual([30, 30])
  expect(place.said).toEqual([])
})

test('a relay that says nothing at all is passed over while another goes on', async () => {
  const { servers, relays } = await place.connect(
    [
      { script: { act: once('CONNECT', { say: [] }) }, query: 'maxConnections=1' },
      { query: 'maxConnections=1' },
    ],
    { stallMs: 200, monotonic: () => performance.now() },
  )

  const replies: RelayedReply[] = []
  const sent = Array.from({ length: 11 }, () => handOver(relays).then((reply) => replies.push(reply)))
  await vi.waitFor(() => expect(replies).toHaveLength(10))

  expect(keptBy(servers)).toEqual([0, 10])
  await relays.close({ withinMs: 0 })
  await Promise.all(sent)
  expect(replies.at(-1)).toMatchObject({ kind: 'notEnded', scope: 'relay', relay: servers[0]?.url })
})

test('a relay that dies after the dot, again and again, makes three uncertain and not a whole list', async () => {
  const dies: Script = { act: ({ phase }) => (phase === 'DOT' ? 'cut' : null) }
  const { servers, relays } = await place.connect([{ script: dies, query: 'maxConnections=1' }])

  const replies = await Promise.all(Array.from({ length: 50 }, () => handOver(relays)))

  expect(replies.filter(({ kind }) => kind === 'endedWithoutReply')).toHaveLength(3)
  expect(keptBy(servers)).toEqual([3])
  expect(relays.isOpen()).toBe(false)
})
