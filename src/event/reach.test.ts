import { expect, test } from 'vitest'
import type { Verdict } from '../db/schema.js'
import { type Counted, type CountedHit, contributionOf, type ReachKind, spanOf } from './reach.js'

const startedAt = Date.parse('2026-03-01T08:20:00Z')
const MINUTE = 60_000

function counted(hits: readonly Partial<CountedHit>[], given: Partial<Counted> = {}): Counted {
  return {
    send: {
      startedAt,
      sections: new Map([
        [0, 'cranes'],
        [1, 'cranes'],
        [2, ''],
      ]),
      passages: ['city'],
    },
    delivery: { lane: 'gmail', name: 'Alice', address: 'alice@example.com', attributes: '{"city":"Kyōto"}' },
    hits: hits.map((hit) => ({
      kind: 'open',
      link: null,
      at: startedAt + MINUTE,
      verdict: 'person',
      version: 3,
      ...hit,
    })),
    surplus: [],
    ...given,
  }
}

/** `person 2/1`: two Hits of people, one Delivery. */
function rowsOf(all: Counted, kind: ReachKind, sorted: string): readonly string[] {
  return contributionOf(all)
    .filter((share) => share.kind === kind && share.sorted === sorted)
    .map(({ key, verdict, hits, deliveries }) => `${key} ${verdict} ${hits}/${deliveries}`.trim())
    .sort()
}

function click(link: number, verdict: Verdict, at = startedAt + MINUTE): Partial<CountedHit> {
  return { kind: 'click', link, verdict, at }
}

test('nothing adds nothing', () => {
  expect(contributionOf(counted([]))).toEqual([])
})

test('each Hit is counted under its own verdict, the Delivery once under the best', () => {
  const all = counted([
    { verdict: 'machine' },
    { verdict: 'unknown' },
    { verdict: 'unknown' },
    { verdict: 'person' },
  ])

  expect(rowsOf(all, 'open', 'all')).toEqual(['machine 1/0', 'person 1/1', 'unknown 2/0'])
  expect(rowsOf(all, 'open', 'lane')).toEqual(['gmail machine 1/0', 'gmail person 1/1', 'gmail unknown 2/0'])
  expect(rowsOf(all, 'open', 'domain')).toContain('example.com person 1/1')
  expect(rowsOf(all, 'open', 'passage')).toContain('0:present person 1/1')
  expect(rowsOf(all, 'open', 'version')).toEqual(['3 machine 1/0', '3 person 1/0', '3 unknown 2/0'])
})

test('unknown is better than machine', () => {
  expect(rowsOf(counted([{ verdict: 'machine' }, { verdict: 'unknown' }]), 'open', 'all')).toEqual([
    'machine 1/0',
    'unknown 1/1',
  ])
})

test('whoever clicked has opened, at that time, without a Hit on the pixel', () => {
  const hour = startedAt + 60 * MINUTE
  const all = counted([click(0, 'person', hour), { verdict: 'unknown' }])

  expect(rowsOf(all, 'open', 'all')).toEqual(['person 0/1', 'unknown 1/0'])
  expect(rowsOf(all, 'open', 'time')).toEqual([
    '2026-03-01T08:00:00.000Z unknown 1/0',
    '2026-03-01T09:00:00.000Z person 0/1',
  ])
})

test('what a machine clicked opens nothing', () => {
  expect(rowsOf(counted([click(0, 'machine')]), 'open', 'all')).toEqual([])
})

test('a Delivery counts once for each Link and each Section', () => {
  const all = counted([
    click(0, 'machine'),
    click(1, 'person'),
    click(1, 'person'),
    click(2, 'unknown'),
    click(9, 'person'),
  ])

  expect(rowsOf(all, 'click', 'link')).toEqual(['0 machine 1/1', '1 person 2/1', '2 unknown 1/1'])
  expect(rowsOf(all, 'click', 'section')).toEqual(['cranes machine 1/0', 'cranes person 2/1', 'unknown 1/1'])
  expect(rowsOf(all, 'click', 'all')).toEqual(['machine 1/0', 'person 3/1', 'unknown 1/0'])
})

test('honeypots and forms are in no total', () => {
  const all = counted([
    { kind: 'trap', verdict: 'machine' },
    { kind: 'form', verdict: 'person' },
    { kind: 'unsubscribe', verdict: 'person' },
  ])

  expect(contributionOf(all)).toEqual([])
})

test('time goes by the hour for two days from the hour of the Send, then by the day', () => {
  const at = (hours: number) => startedAt + hours * 60 * MINUTE
  const all = counted([
    { at: at(-1), verdict: 'unknown' },
    { at: at(47), verdict: 'unknown' },
    { at: at(48), verdict: 'unknown' },
    { at: at(71), verdict: 'unknown' },
  ])

  expect(rowsOf(all, 'open', 'time')).toEqual([
    '2026-03-01T08:00:00.000Z unknown 1/1',
    '2026-03-03T07:00:00.000Z unknown 1/0',
    '2026-03-03T08:00:00.000Z unknown 2/0',
  ])
  expect(spanOf(startedAt, Date.parse('2026-03-03T07:00:00Z'))).toBe(60 * MINUTE)
  expect(spanOf(startedAt, Date.parse('2026-03-03T08:00:00Z'))).toBe(24 * 60 * MINUTE)
})

test('an erased person counts as before, under no domain and in no passage', () => {
  const hits = [click(0, 'person'), {}]
  const delivery = { lane: 'gmail', name: '', address: '', attributes: '{}' }
  const before = contributionOf(counted(hits))
  const after = contributionOf(counted(hits, { delivery }))
  const kept = (shares: typeof before) =>
    shares.filter(({ sorted }) => sorted !== 'domain' && sorted !== 'passage')

  expect(kept(after)).toEqual(kept(before))
  expect(after.filter(({ sorted }) => sorted === 'passage')).toEqual([])
  expect(after.filter(({ sorted }) => sorted === 'domain').map(({ key }) => key)).toEqual(['', ''])
})

test('Hits beyond those that are kept are Hits, and make no Delivery of any verdict', () => {
  const surplus = [
    { kind: 'click', link: 1, hits: 90, firstAt: startedAt },
    { kind: 'trap', link: -1, hits: 5, firstAt: startedAt },
    { kind: 'open', link: -1, hits: 0, firstAt: startedAt },
  ] as const
  const all = counted([click(1, 'person')], { surplus })

  expect(rowsOf(all, 'click', 'link')).toEqual(['1 person 1/1', '1 unknown 90/0'])
  expect(rowsOf(all, 'click', 'all')).toEqual(['person 1/1', 'unknown 90/0'])
  expect(rowsOf(all, 'open', 'all')).toEqual(['person 0/1'])
})

test('the order of Hits makes no difference', () => {
  const hits = [
    click(0, 'machine'),
    click(1, 'person', startedAt),
    { verdict: 'unknown' },
    {},
    click(2, 'unknown'),
  ] as const
  const forward = contributionOf(counted(hits))
  const backward = contributionOf(counted([...hits].reverse()))
  const byRow = (shares: typeof forward) => shares.map((share) => JSON.stringify(share)).sort()

  expect(byRow(backward)).toEqual(byRow(forward))
})
