/** Several relays on the wire: who gets a message, when it moves to another, and when it must not. */

import { afterEach, expect, test, vi } from 'vitest'
import type { Budget } from '../../../src/send/pace/budget.js'
import {
  makeRelays,
  type RelayedReply,
  type RelayOptions,
  type Relays,
  type RelaysOptions,
} from '../../../src/send/relays.js'
import { openTransport } from '../../../src/smtp/open-transport.js'
import { readSmtpUrls } from '../../../src/smtp/smtp-urls.js'
import { letter } from '../../rig/letter.js'
import { type Phase, type Script, type ScriptedSmtp, startScriptedSmtp } from '../../rig/scripted-smtp.js'
import { once, phasesOf } from '../../rig/smtp-place.js'

const CLOSED: Script['act'] = ({ phase }) =>
  phase === 'CONNECT' ? { say: ['421 4.3.2 closed for the night'], thenCut: true } : null

const open: (() => Promise<void>)[] = []
/** What happened to the relays: `2 shut`, `2 open`. */
let said: string[] = []
let time = 0

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
  said = []
  time = 0
})

interface Place {
  readonly script?: Script
  readonly query?: string
}

async function connect(
  places: readonly Place[],
  {
    budgets = [],
    ...options
  }: Partial<Pick<RelaysOptions, 'stallMs' | 'monotonic'>> & { readonly budgets?: readonly Budget[] } = {},
): Promise<{ servers: readonly ScriptedSmtp[]; relays: Relays }> {
  const servers: ScriptedSmtp[] = []
  for (const { script } of places) servers.push(await startScriptedSmtp(script))
  open.push(async () => {
    for (const server of servers) await server.stop()
  })
  const urls = servers.map(({ url }, at) => `${url}?${places[at]?.query ?? ''}`)
  const settings = readSmtpUrls(urls.join(' '))
  const numberOf = (relay: string) => settings.findIndex(({ name }) => name === relay) + 1
  const relays = makeRelays({
    relays: settings.map((one, at): RelayOptions => {
      const budget = budgets[at]
      return { ...one, transport: openTransport(one), ...(budget === undefined ? {} : { budget }) }
    }),
    monotonic: () => time,
    onShut: (relay) => said.push(`${numberOf(relay)} shut`),
    onOpen: (relay) => said.push(`${numberOf(relay)} open`),
    ...options,
  })
  open.push(() => relays.close({ withinMs: 0 }))
  return { servers, relays }
}

function send(relays: Relays, to = 'alice@example.org', lane = 'other'): Promise<RelayedReply> {
  return relays.send(letter({ to }), { lane, beforeEnd: async () => true })
}

async function sendMany(relays: Relays, count: number, to?: string, lane?: string): Promise<void> {
  const replies = await Promise.all(Array.from({ length: count }, () => send(relays, to, lane)))
  for (const reply of replies) expect(reply).toMatchObject({ kind: 'replied', code: 250, ended: true })
}

function kept(servers: readonly ScriptedSmtp[]): readonly number[] {
  return servers.map(({ messages }) => messages.length)
}

test('messages are shared by weight', async () => {
  const { servers, relays } = await connect([{ query: 'weight=3' }, {}])

  await sendMany(relays, 80)

  expect(kept(servers)).toEqual([60, 20])
  expect(relays.concurrency).toBe(10)
})

test('a lane and a domain go to the relays that are for them; without these they go where the rest goes', async () => {
  const { servers, relays } = await connect([{ query: 'for=gmail' }, { query: 'for=example.net' }, {}])

  await sendMany(relays, 4, 'alice@gmail.com', 'gmail')
  await sendMany(relays, 3, 'alice@example.net')
  await sendMany(relays, 2, 'alice@example.org')
  expect(kept(servers)).toEqual([4, 3, 2])

  await servers[0]?.stop()
  await sendMany(relays, 4, 'bob@gmail.com', 'gmail')
  expect(kept(servers)).toEqual([4, 3, 6])
})

/** So many messages and no more. */
function budgetOf(count: number): Budget {
  let left = count
  return {
    isOpen: () => left > 0,
    async take() {
      if (left === 0) return false
      left -= 1
      return true
    },
    settle: () => {},
  }
}

test('a relay whose budget is used up is passed over; with none left nothing is tried', async () => {
  const few = { query: 'maxConnections=2' }
  const { servers, relays } = await connect([few, few], { budgets: [budgetOf(7), budgetOf(9)] })

  const replies = await Promise.all(Array.from({ length: 20 }, () => send(relays)))

  expect(kept(servers)).toEqual([7, 9])
  const others = replies.filter(({ kind }) => kind !== 'replied')
  expect(others).toHaveLength(4)
  for (const reply of others) expect(reply).toMatchObject({ kind: 'notEnded', scope: 'relay', relay: '' })
  expect(relays.isOpen('other')).toBe(false)
  expect(said).toEqual([])
})

test('what is urgent goes before all that wait, and takes nobody’s turn who has begun', async () => {
  const { relays } = await connect([{ query: 'maxConnections=1' }])
  const order: string[] = []
  const hand = (name: string, more: { readonly isUrgent?: true } = {}) =>
    relays.send(letter({ to: `${name}@example.org` }), {
      lane: 'other',
      ...more,
      async beforeEnd() {
        order.push(name)
        return true
      },
    })

  await Promise.all([hand('first'), hand('second'), hand('third'), hand('notice', { isUrgent: true })])

  expect(order).toEqual(['first', 'notice', 'second', 'third'])
})

test('a backup gets nothing while another is open', async () => {
  const { servers, relays } = await connect([{}, { query: 'backup=true' }])
  await sendMany(relays, 10)
  expect(kept(servers)).toEqual([10, 0])
  expect(relays.concurrency).toBe(5)

  await servers[0]?.stop()
  await sendMany(relays, 10)

  expect(kept(servers)).toEqual([10, 10])
})

test('the reply says which relay it is from, and so does the question before the end', async () => {
  const { servers, relays } = await connect([{ script: { act: CLOSED } }, {}])
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
  expect(said).toEqual(['1 shut'])
})

test.each<[Phase, boolean]>([
  ['CONNECT', true],
  ['EHLO', true],
  ['MAIL', true],
  ['RCPT', true],
  ['DATA', true],
  ['DOT', false],
])('a message whose line is cut at %s goes to another relay: %s', async (phase, moves) => {
  const { servers, relays } = await connect([{ script: { act: once(phase, 'cut') } }, {}])

  const reply = await send(relays)

  expect(reply).toMatchObject(moves ? { kind: 'replied', code: 250 } : { kind: 'endedWithoutReply' })
  expect(reply.relay).toBe(servers[moves ? 1 : 0]?.url)
  // The first relay may have what was ended.
  expect(kept(servers)).toEqual(moves ? [0, 1] : [1, 0])
})

test('a message with an intent on record stays, though its line was lost before the end', async () => {
  const { servers, relays } = await connect([{ script: { act: once('BODY', 'cut') } }, {}])

  const reply = await relays.send(letter({}), {
    lane: 'other',
    beforeEnd: async () => {
      await servers[0]?.untilClosed(1)
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
      return true
    },
  })

  expect(reply).toMatchObject({ kind: 'notEnded', relay: servers[0]?.url })
  expect(kept(servers)).toEqual([0, 0])
})

test('a message that must not be ended is not handed to another', async () => {
  const { servers, relays } = await connect([{}, {}])
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
  expect(kept(servers)).toEqual([0, 0])
})

test.each<[Phase, string]>([
  ['RCPT', '550 5.1.1 no such user'],
  ['RCPT', '451 4.7.1 greylisted'],
  ['DATA', '451 4.3.0 not now'],
  ['DOT', '554 5.6.0 content refused'],
])('what a relay answers to %s, %s, stands: no other is asked', async (phase, text) => {
  const { servers, relays } = await connect([{ script: { act: once(phase, { say: [text] }) } }, {}])

  const reply = await send(relays)

  expect(reply).toMatchObject({ kind: 'replied', text, relay: servers[0]?.url })
  expect(phasesOf(servers[1] as ScriptedSmtp)).toEqual([])
})

test('a relay that refuses our login or our sender is left out; with another open nothing is hopeless', async () => {
  const wrong = { say: ['535 5.7.8 bad credentials'] }
  const { servers, relays } = await connect([
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
    await sendMany(relays, 6)
    time += 120_000
  }

  expect(kept(servers)).toEqual([0, 0, 24])
  expect(relays.refusals('other')).toBeNull()
  expect(phasesOf(servers[0] as ScriptedSmtp).filter((phase) => phase === 'MAIL').length).toBeLessThanOrEqual(
    12,
  )
})

test('when every relay refuses us time after time, each says so', async () => {
  const refusing = (text: string): Place => ({
    script: { act: ({ phase }) => (phase === 'MAIL' ? { say: [text] } : null) },
  })
  const { servers, relays } = await connect([
    refusing('550 5.7.1 not you'),
    refusing('530 5.7.0 log in first'),
  ])

  for (let round = 0; round < 3; round++) {
    expect(relays.refusals('other')).toBeNull()
    await send(relays)
    time += 120_000
  }

  expect(relays.refusals('other')).toEqual([
    { relay: servers[0]?.url, refused: 'sender', text: '550 5.7.1 not you' },
    { relay: servers[1]?.url, refused: 'login', text: '530 5.7.0 log in first' },
  ])
})

test('with every relay down nothing is tried until a while has passed, then by one message at a time', async () => {
  let isDown = true
  const down: Script = { act: (moment) => (isDown ? (CLOSED?.(moment) ?? null) : null) }
  const { servers, relays } = await connect([{ script: down }, { script: down }])

  const replies = await Promise.all(Array.from({ length: 20 }, () => send(relays)))
  for (const reply of replies) expect(reply).toMatchObject({ kind: 'notEnded', scope: 'relay' })
  expect(relays.isOpen()).toBe(false)
  const knocks = servers.map((server) => server.moments.length)
  expect(await send(relays)).toMatchObject({ kind: 'notEnded', scope: 'relay', relay: '' })

  time += 1_000
  expect(relays.isOpen('gmail')).toBe(true)
  await Promise.all(Array.from({ length: 20 }, () => send(relays)))
  expect(servers.map((server) => server.moments.length)).toEqual(knocks.map((count) => count + 1))

  isDown = false
  time += 2_000
  await sendMany(relays, 20)
  expect(kept(servers).reduce((sum, count) => sum + count)).toBe(20)
  expect(said).toEqual(expect.arrayContaining(['1 shut', '2 shut', '1 open', '2 open']))
})

test('a relay above its connection limit goes on with fewer, and is not shut', async () => {
  const { servers, relays } = await connect([
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

  await sendMany(relays, 60)

  expect(kept(servers)).toEqual([30, 30])
  expect(said).toEqual([])
})

test('a relay that says nothing at all is passed over while another goes on', async () => {
  const { servers, relays } = await connect(
    [
      { script: { act: once('CONNECT', { say: [] }) }, query: 'maxConnections=1' },
      { query: 'maxConnections=1' },
    ],
    { stallMs: 200, monotonic: () => performance.now() },
  )

  const replies: RelayedReply[] = []
  const sent = Array.from({ length: 11 }, () => send(relays).then((reply) => replies.push(reply)))
  await vi.waitFor(() => expect(replies).toHaveLength(10))

  expect(kept(servers)).toEqual([0, 10])
  await relays.close({ withinMs: 0 })
  await Promise.all(sent)
  expect(replies.at(-1)).toMatchObject({ kind: 'notEnded', scope: 'relay', relay: servers[0]?.url })
})

test('a relay that dies after the dot, again and again, makes three uncertain and not a whole list', async () => {
  const dies: Script = { act: ({ phase }) => (phase === 'DOT' ? 'cut' : null) }
  const { servers, relays } = await connect([{ script: dies, query: 'maxConnections=1' }])

  const replies = await Promise.all(Array.from({ length: 50 }, () => send(relays)))

  expect(replies.filter(({ kind }) => kind === 'endedWithoutReply')).toHaveLength(3)
  expect(kept(servers)).toEqual([3])
  expect(relays.isOpen()).toBe(false)
})

test('an address that needs SMTPUTF8 goes to the relay that offers it, and waits while that one is away', async () => {
  let isDown = false
  const plain: Script = { extensions: ['PIPELINING'] }
  const { servers, relays } = await connect([
    { script: plain },
    { script: { act: (moment) => (isDown ? (CLOSED?.(moment) ?? null) : null) }, query: 'maxMessages=1' },
  ])

  await sendMany(relays, 6, 'jürgen@example.org')
  expect(kept(servers)).toEqual([0, 6])

  isDown = true
  const reply = await send(relays, 'jürgen@example.org')
  expect(reply).toMatchObject({ kind: 'notEnded', scope: 'message', relay: servers[0]?.url })
  expect(reply).not.toMatchObject({ cause: 'needs SMTPUTF8' })
})

test('an address that needs SMTPUTF8 has failed when no relay offers it', async () => {
  const plain: Script = { extensions: ['PIPELINING'] }
  const { relays } = await connect([{ script: plain }, { script: plain }, { query: 'for=gmail' }])

  expect(await send(relays, 'jürgen@example.org')).toMatchObject({
    kind: 'notEnded',
    cause: 'needs SMTPUTF8',
  })
})

test('at the end those that wait for a turn come back at once, and what is on its way finishes', async () => {
  const slow: Script = { act: once('DOT', { say: ['250 kept'], afterMs: 200 }) }
  const { servers, relays } = await connect([{ script: slow, query: 'maxConnections=1' }])

  const first = relays.send(letter({}), {
    lane: 'other',
    beforeEnd: async () => {
      void relays.close()
      return true
    },
  })
  const second = send(relays)

  expect(await second).toMatchObject({ kind: 'notEnded', scope: 'relay' })
  expect(await first).toMatchObject({ code: 250, ended: true })
  expect(kept(servers)).toEqual([1])
})

test('however often messages wait for a relay, one timer watches it', async () => {
  const stallMs = 54_321
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const { relays } = await connect([{ query: 'maxConnections=1' }, { query: 'maxConnections=1' }], {
    stallMs,
  })

  for (let times = 0; times < 20; times++) await sendMany(relays, 4)

  expect(timers.mock.calls.filter(([, ms]) => ms === stallMs).length).toBeLessThanOrEqual(2)
  timers.mockRestore()
})
