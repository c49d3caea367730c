import { describe, expect, test } from 'vitest'
import { type Breaker, explainTrip, makeBreaker, type Trip } from './breaker.js'
import type { Outcome } from './outcome.js'

const SENT: Outcome = { kind: 'sent', code: 250, text: '250 2.0.0 ok' }
const BOUNCED: Outcome = { kind: 'bounced', code: 550, text: '550 5.1.1 <bob@gmail.test>: no such user' }
const DMARC = failed('refused by policy', '550 5.7.26 <alice@gmail.test> DMARC of example.com failed')
const SPAM = failed('content refused', '554 5.7.1 spam message rejected')

function failed(reason: string, text: string): Outcome {
  return { kind: 'failed', reason, code: Number(text.slice(0, 3)), text }
}

/** What the breaker says to each, in order; everything in Send 7, lane gmail, for the first time. */
function noteAll(outcomes: readonly Outcome[], breaker: Breaker = makeBreaker()): readonly (Trip | null)[] {
  return outcomes.map((outcome) => breaker.note({ sendId: 7, lane: 'gmail', lastReason: null }, outcome))
}

/** `outcome` at every `nth` place, sent between. */
function oneIn(nth: number, outcome: Outcome, length: number): readonly Outcome[] {
  return Array.from({ length }, (_, index) => (index % nth === nth - 1 ? outcome : SENT))
}

function indexOfTrip(outcomes: readonly Outcome[]): number {
  return noteAll(outcomes).findIndex((trip) => trip !== null)
}

describe('what stops a lane', () => {
  test.each<[string, readonly Outcome[], number]>([
    ['five refusals by policy in a row, at the fifth', Array.from({ length: 5 }, () => DMARC), 4],
    ['one refusal by policy in ten', oneIn(10, DMARC, 60), 49],
    ['five refusals of the content', oneIn(3, SPAM, 60), 14],
    ['three bounces in ten, after a hundred replies', oneIn(3, BOUNCED, 200), 99],
  ])('%s', (_, outcomes, index) => {
    expect(indexOfTrip(outcomes)).toBe(index)
  })

  test.each<[string, readonly Outcome[]]>([
    ['four refusals by policy', Array.from({ length: 4 }, () => DMARC)],
    ['one refusal by policy in thirteen', oneIn(13, DMARC, 1_000)],
    ['four of each kind', [DMARC, SPAM].flatMap((each) => Array.from({ length: 4 }, () => each))],
    ['99 replies that all bounce', Array.from({ length: 99 }, () => BOUNCED)],
    ['one bounce in four', oneIn(4, BOUNCED, 1_000)],
    ['only greylisting', Array.from({ length: 500 }, () => later('greylisted'))],
    ['only "refused for now"', Array.from({ length: 500 }, () => later('refused by policy for now'))],
    ['messages that could not be written', Array.from({ length: 500 }, unwritable)],
  ])('not %s', (_, outcomes) => {
    expect(indexOfTrip(outcomes)).toBe(-1)
  })
})

function later(reason: string): Outcome {
  return { kind: 'deferred', reason, code: 451, text: '451 4.7.1 later' }
}

function unwritable(): Outcome {
  return { kind: 'failed', reason: 'refused by policy', code: null, text: 'no reply at all' }
}

test('lanes and Sends are counted apart', () => {
  const breaker = makeBreaker()
  const subjects = ['gmail', 'yahoo'].flatMap((lane) =>
    [7, 77].map((sendId) => ({ sendId, lane, lastReason: null })),
  )

  const trips = subjects.flatMap((subject) => Array.from({ length: 4 }, () => breaker.note(subject, DMARC)))

  expect(trips.every((trip) => trip === null)).toBe(true)
  expect(breaker.note({ sendId: 77, lane: 'yahoo', lastReason: null }, DMARC)).toMatchObject({
    sendId: 77,
    lane: 'yahoo',
  })
})

test('the same answer to the same person is no news', () => {
  const breaker = makeBreaker()
  const again = { sendId: 7, lane: 'gmail', lastReason: 'refused by policy' }

  expect(Array.from({ length: 50 }, () => breaker.note(again, DMARC)).every((trip) => trip === null)).toBe(
    true,
  )
})

test('says so at each further reply until the Send is stopped, then begins anew', () => {
  const breaker = makeBreaker()

  expect(noteAll([DMARC, DMARC, DMARC, DMARC, DMARC, SENT], breaker).slice(4)).toMatchObject([
    { count: 5, of: 5 },
    { count: 5, of: 6 },
  ])
  breaker.forget(7)
  expect(noteAll([DMARC, DMARC, DMARC, DMARC], breaker).every((trip) => trip === null)).toBe(true)
})

test('forgetting Send 7 does not forget Send 77', () => {
  const breaker = makeBreaker()
  const other = { sendId: 77, lane: 'gmail', lastReason: null }
  for (let time = 0; time < 4; time++) breaker.note(other, DMARC)

  breaker.forget(7)

  expect(breaker.note(other, DMARC)).not.toBeNull()
})

test.each<[Outcome, number, RegExp]>([
  [
    DMARC,
    5,
    /^5 of the last 5 replies in the lane gmail refused us by policy \(“550 5\.7\.26 <…> DMARC of example\.com failed”\); mend .*DMARC.* pressrun resume 7/,
  ],
  [
    SPAM,
    5,
    /^5 of the last 5 .* refused the content \(“554 5\.7\.1 spam.*pressrun supersede 7.*pressrun resume 7/,
  ],
  [
    BOUNCED,
    100,
    /^100 of the last 100 .* no such address \(“550 5\.1\.1 <…>: no such user”\).*pressrun resume 7/,
  ],
])('a Trip says what was seen, without an address, and what to do: %o', (outcome, times, sentence) => {
  const trip = noteAll(Array.from({ length: times }, () => outcome)).at(-1)

  expect(trip && explainTrip(trip)).toMatch(sentence)
  expect(trip && explainTrip(trip)).not.toContain('@')
})
