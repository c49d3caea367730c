/** Several relays on the wire: who gets a message, in which order, and what each can carry. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Budget } from '../../../src/send/pace/budget.js'
import { letter } from '../../rig/letter.js'
import { CLOSED, handOver, handOverMany, keptBy, openRelayPlace, type RelayPlace } from '../../rig/relays.js'
import type { Script } from '../../rig/scripted-smtp.js'
import { once } from '../../rig/smtp-place.js'

let place: RelayPlace

beforeEach(() => {
  place = openRelayPlace()
})

afterEach(() => place.close())

test('messages are shared by weight', async () => {
  const { servers, relays } = await place.connect([{ query: 'weight=3' }, {}])

  await handOverMany(relays, 80)

  expect(keptBy(servers)).toEqual([60, 20])
  expect(relays.concurrency).toBe(10)
})

test('a lane and a domain go to the relays that are for them; without these they go where the rest goes', async () => {
  const { servers, relays } = await place.connect([{ query: 'for=gmail' }, { query: 'for=example.net' }, {}])

  await handOverMany(relays, 4, { to: 'alice@gmail.com', lane: 'gmail' })
  await handOverMany(relays, 3, { to: 'alice@example.net' })
  await handOverMany(relays, 2, { to: 'alice@example.org' })
  expect(keptBy(servers)).toEqual([4, 3, 2])

  await servers[0]?.stop()
  await handOverMany(relays, 4, { to: 'bob@gmail.com', lane: 'gmail' })
  expect(keptBy(servers)).toEqual([4, 3, 6])
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
  const { servers, relays } = await place.connect([few, few], { budgets: [budgetOf(7), budgetOf(9)] })

  const replies = await Promise.all(Array.from({ length: 20 }, () => handOver(relays)))

  expect(keptBy(servers)).toEqual([7, 9])
  const others = replies.filter(({ kind }) => kind !== 'replied')
  expect(others).toHaveLength(4)
  for (const reply of others) expect(reply).toMatchObject({ kind: 'notEnded', scope: 'relay', relay: '' })
  expect(relays.isOpen('other')).toBe(false)
  expect(place.said).toEqual([])
})

test('what is urgent goes before all that wait, and takes nobody’s turn who has begun', async () => {
  const { relays } = await place.connect([{ query: 'maxConnections=1' }])
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
  const { servers, relays } = await place.connect([{}, { query: 'backup=true' }])
  await handOverMany(relays, 10)
  expect(keptBy(servers)).toEqual([10, 0])
  expect(relays.concurrency).toBe(5)

  await servers[0]?.stop()
  await handOverMany(relays, 10)

  expect(keptBy(servers)).toEqual([10, 10])
})

test('an address that needs SMTPUTF8 goes to the relay that offers it, and waits while that one is away', async () => {
  let isDown = false
  const plain: Script = { extensions: ['PIPELINING'] }
  const { servers, relays } = await place.connect([
    { script: plain },
    { script: { act: (moment) => (isDown ? CLOSED(moment) : null) }, query: 'maxMessages=1' },
  ])

  await handOverMany(relays, 6, { to: 'jürgen@example.org' })
  expect(keptBy(servers)).toEqual([0, 6])

  isDown = true
  const reply = await handOver(relays, 'jürgen@example.org')
  expect(reply).toMatchObject({ kind: 'notEnded', scope: 'message', relay: servers[0]?.url })
  expect(reply).not.toMatchObject({ cause: 'needs SMTPUTF8' })
})

test('an address that needs SMTPUTF8 has failed when no relay offers it', async () => {
  const plain: Script = { extensions: ['PIPELINING'] }
  const { relays } = await place.connect([{ script: plain }, { script: plain }, { query: 'for=gmail' }])

  expect(await handOver(relays, 'jürgen@example.org')).toMatchObject({
    kind: 'notEnded',
    cause: 'needs SMTPUTF8',
  })
})

test('at the end those that wait for a turn come back at once, and what is on its way finishes', async () => {
  const slow: Script = { act: once('DOT', { say: ['250 kept'], afterMs: 200 }) }
  const { servers, relays } = await place.connect([{ script: slow, query: 'maxConnections=1' }])

  const first = relays.send(letter({}), {
    lane: 'other',
    beforeEnd: async () => {
      void relays.close()
      return true
    },
  })
  const second = handOver(relays)

  expect(await second).toMatchObject({ kind: 'notEnded', scope: 'relay' })
  expect(await first).toMatchObject({ code: 250, ended: true })
  expect(keptBy(servers)).toEqual([1])
})

test('however often messages wait for a relay, one timer watches it', async () => {
  const stallMs = 54_321
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const { relays } = await place.connect([{ query: 'maxConnections=1' }, { query: 'maxConnections=1' }], {
    stallMs,
  })

  for (let times = 0; times < 20; times++) await handOverMany(relays, 4)

  expect(timers.mock.calls.filter(([, ms]) => ms === stallMs).length).toBeLessThanOrEqual(2)
  timers.mockRestore()
})
