import { expect, test } from 'vitest'
import { type Slowdown, slowDown, speedUp, type Throttle, UNTHROTTLED } from './throttle.js'

const SAYS = '421 4.7.0 try again later'
const GMAIL = { perSecond: 20, connections: 8, perConnection: 50 }

/** `at` seconds, of a message that began then. */
function refuse(throttle: Throttle, at: number, more: Partial<Slowdown> = {}): Throttle {
  const now = at * 1_000
  return slowDown(throttle, {
    beganAt: now,
    now,
    text: SAYS,
    limit: GMAIL,
    seenPerSecond: 20,
    connections: 8,
    random: () => 0,
    ...more,
  })
}

function accept(throttle: Throttle, at: number): Throttle {
  return speedUp(throttle, { beganAt: at * 1_000, now: at * 1_000, isAccepted: true, connections: 8 })
}

test('a refusal halves rate and connections and stops the lane for two seconds', () => {
  const slowed = refuse(UNTHROTTLED, 100)

  expect(slowed).toMatchObject({ perSecond: 10, connections: 4, strikes: 1, suspendedUntil: 102_000 })
  expect(slowed.reason).toBe(SAYS)
})

test('what was under way with the first refusal and is refused too halves nothing more', () => {
  const slowed = refuse(UNTHROTTLED, 100)

  expect(refuse(slowed, 101, { beganAt: 99_000 })).toBe(slowed)
})

test('refusals with no other answer between them are probed at doubling distances, five minutes at most', () => {
  const pauses: number[] = []
  let throttle = UNTHROTTLED
  for (let at = 0, times = 0; times < 10; times++) {
    throttle = refuse(throttle, at)
    pauses.push(throttle.suspendedUntil / 1_000 - at)
    at = throttle.suspendedUntil / 1_000
  }

  expect(throttle.perSecond).toBe(10)
  expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  // The budget of a lane that always refuses: five probes in its first minute.
  expect(pauses.slice(0, 5).reduce((sum, pause) => sum + pause)).toBeGreaterThan(60)
})

test('an acceptance opens the lane again at the halved rate; it climbs a step in three seconds, to where it was', () => {
  let throttle = accept(refuse(UNTHROTTLED, 0), 3)
  expect(throttle).toMatchObject({ perSecond: 10, strikes: 0, slowedSince: null })

  const rates: (number | null)[] = []
  for (let at = 4; throttle !== UNTHROTTLED && at < 100; at++) {
    throttle = accept(throttle, at)
    rates.push(throttle.perSecond)
  }

  expect(throttle).toBe(UNTHROTTLED)
  expect(rates.slice(0, 6)).toEqual([10, 10, 11, 11, 11, 12])
  expect(rates.length).toBe(30)
})

test('refused again after it was open, it is halved again', () => {
  const open = accept(refuse(UNTHROTTLED, 0), 3)

  expect(refuse(open, 4)).toMatchObject({ perSecond: 5, connections: 2, strikes: 1, suspendedUntil: 6_000 })
})

test('a lane without a rate of its own gets one from what it did, and loses it again', () => {
  const free = { perSecond: null, connections: null, perConnection: null }
  let throttle = refuse(UNTHROTTLED, 0, { limit: free, seenPerSecond: 800 })
  expect(throttle.perSecond).toBe(400)

  for (let at = 3; at < 200; at += 3) throttle = accept(throttle, at)

  expect(throttle).toBe(UNTHROTTLED)
})

test('an acceptance of a message that began before the refusal opens nothing', () => {
  const slowed = refuse(UNTHROTTLED, 100)

  expect(speedUp(slowed, { beganAt: 99_000, now: 101_000, isAccepted: true, connections: 8 })).toBe(slowed)
})

test('no address, no content: an answer about one message is no reason to climb, but shows that the lane is open', () => {
  const slowed = refuse(UNTHROTTLED, 0)
  const answered = speedUp(slowed, { beganAt: 5_000, now: 5_000, isAccepted: false, connections: 8 })

  expect(answered).toMatchObject({ strikes: 0, perSecond: 10, slowedSince: 0 })
  expect(speedUp(answered, { beganAt: 9e4, now: 9e4, isAccepted: false, connections: 8 })).toBe(answered)
})

test('some receivers mean a longer time by it', () => {
  const hours = (text: string) => refuse(UNTHROTTLED, 0, { text }).suspendedUntil / 3_600_000

  expect(hours('421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred')).toBe(2)
  expect(hours('421 4.7.28 unusual rate of mail')).toBe(0.25)
  expect(hours('451 4.7.650 The mail server has been temporarily rate limited due to IP reputation')).toBe(
    0.25,
  )
})

test('one of those that comes late, from what was under way, still counts', () => {
  const slowed = refuse(UNTHROTTLED, 100)

  const longer = refuse(slowed, 101, { beganAt: 99_000, text: '421 4.7.0 [TSS04] deferred' })

  expect(longer.suspendedUntil).toBe(101_000 + 2 * 3_600_000)
})

test('an acceptance soon after a bounce ends the time in which nothing was accepted', () => {
  const bounced = speedUp(refuse(UNTHROTTLED, 0), {
    beganAt: 3_000,
    now: 3_000,
    isAccepted: false,
    connections: 8,
  })
  expect(bounced).toMatchObject({ strikes: 0, slowedSince: 0 })

  const accepted = accept(bounced, 4)

  expect(accepted).toEqual({ ...bounced, slowedSince: null })
  expect(refuse(accepted, 500).slowedSince).toBe(500_000)
})
