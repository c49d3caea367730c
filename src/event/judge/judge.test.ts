/** Where each rule begins and ends. What it does with whole stories is in `tests/hits.test.ts`. */

import { describe, expect, test } from 'vitest'
import { type DeliveryFacts, type JudgedHit, judgeDelivery } from './judge.js'

const SENT_AT = 1_000_000
const LATER = SENT_AT + 600_000
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
const alice = { userAgent: CHROME, network: '198.51.100.0/24', headers: { 'accept-language': 'en' } }
const filter = { userAgent: CHROME.replace('126', '72'), network: '192.0.2.0/24', headers: {} }

type Draft = Partial<Omit<JudgedHit, 'id'>>

function judge(drafts: readonly Draft[], facts: Partial<DeliveryFacts> = {}): readonly string[] {
  const hits = drafts.map(
    (draft, id): JudgedHit => ({ kind: 'click', link: 0, method: 'GET', at: LATER, ...alice, ...draft, id }),
  )
  const judged = judgeDelivery(hits, { sentAt: SENT_AT, links: 12, isCrowded: () => false, ...facts })
  return hits.map(({ id }) => [judged.get(id)?.verdict, ...(judged.get(id)?.reasons ?? [])].join(' '))
}

function clicks(times: readonly number[]): readonly Draft[] {
  return times.map((after, link) => ({ link, at: LATER + after }))
}

describe('faster than a hand:', () => {
  test('three Links in 2,000 ms', () => {
    expect(judge(clicks([0, 1_000, 2_000]))).toEqual(Array(3).fill('machine burst'))
  })

  test('not in 2,001', () => {
    expect(judge(clicks([0, 1_000, 2_001]))).toEqual(Array(3).fill('person'))
  })

  test('nor three times the same Link', () => {
    const times = [0, 10, 20].map((after) => ({ at: LATER + after }))

    expect(judge(times)).toEqual(Array(3).fill('person'))
  })

  test('nor three Links that a browser has prefetched', () => {
    const ahead = clicks([0, 10, 20]).map((hit) => ({
      ...hit,
      headers: { ...alice.headers, purpose: 'prefetch' },
    }))

    expect(judge([...ahead, { at: LATER + 30 }])).toEqual([...Array(3).fill('machine prefetch'), 'person'])
  })

  test('from three networks only a doubt', () => {
    const apart = clicks([0, 10, 20]).map((hit, index) => ({ ...hit, network: `203.0.${index}.0/24` }))

    expect(judge(apart)).toEqual(Array(3).fill('unknown scattered-burst'))
  })

  test('the same program within a minute is the same machine, a minute later it may be a person', () => {
    const around = [-60_001, -60_000, 62_000, 62_001].map((after) => ({ link: 9, at: LATER + after }))

    const [early, before, after, late] = judge([...around, ...clicks([0, 1_000, 2_000])])

    expect([early, before, after, late]).toEqual([
      'person',
      'machine beside-burst',
      'machine beside-burst',
      'person',
    ])
  })
})

describe('all Links:', () => {
  test('five of five in ten seconds are no hand', () => {
    expect(judge(clicks([0, 2_500, 5_000, 7_500, 10_000]), { links: 5 })).toEqual(
      Array(5).fill('machine sweep'),
    )
  })

  test('in a little more they are a doubt', () => {
    expect(judge(clicks([0, 2_500, 5_000, 7_500, 10_001]), { links: 5 })).toEqual(
      Array(5).fill('unknown every-link'),
    )
  })

  test('five of six are a person with tabs', () => {
    expect(judge(clicks([0, 2_500, 5_000, 7_500, 10_000]), { links: 6 })).toEqual(Array(5).fill('person'))
  })

  test('of a short Issue they are a doubt, and of an Issue with one Link nothing', () => {
    expect(judge(clicks([0, 500]), { links: 2 })).toEqual(Array(2).fill('unknown all-few-links'))
    expect(judge(clicks([0]), { links: 1 })).toEqual(['person'])
  })

  test('of an Issue that has none, nothing', () => {
    expect(judge(clicks([0]), { links: 0 })).toEqual(['person'])
  })
})

describe('the honeypot:', () => {
  test('whatever came from its network within a minute is a machine, before it too', () => {
    const times = [-60_001, -60_000, 60_000, 60_001].map((after) => ({ at: LATER + after }))

    expect(judge([...times, { kind: 'trap', link: null }])).toEqual([
      'person',
      'machine honeypot',
      'machine honeypot',
      'person',
      'machine honeypot',
    ])
  })

  test('other networks are left alone', () => {
    expect(judge([{ at: LATER + 1 }, { kind: 'trap', link: null, network: filter.network }])[0]).toBe(
      'person',
    )
  })

  test('where no network is known, the agent says who it was', () => {
    const trap = { kind: 'trap', link: null, network: '', userAgent: filter.userAgent } as const

    expect(judge([trap, { network: '' }, { ...filter, network: '' }])).toEqual([
      'machine honeypot',
      'person',
      'machine honeypot no-language',
    ])
  })
})

describe('after the 250:', () => {
  test.each([
    [-60_001, 'person'],
    [-60_000, 'unknown soon'],
    [0, 'unknown soon'],
    [5_000, 'unknown soon'],
    [5_001, 'person'],
  ])('%i ms: %s', (after, said) => {
    expect(judge([{ at: SENT_AT + after }])).toEqual([said])
  })

  test('with a second doubt it is a machine', () => {
    expect(judge([{ at: SENT_AT + 2_000, headers: {} }])).toEqual(['machine soon no-language'])
    expect(judge([{ at: SENT_AT + 2_000 }], { isCrowded: () => true })).toEqual(['machine crowd soon'])
  })
})

describe('a click by a browser:', () => {
  test.each([
    [{ accept: 'text/html,*/*;q=0.8' }, 'person'],
    [{ accept: 'application/xhtml+xml' }, 'person'],
    [{ accept: '*/*' }, 'unknown no-page'],
  ])('with %o it is: %s', (headers, said) => {
    expect(judge([{ headers: { ...alice.headers, ...headers } }])).toEqual([said])
    expect(judge([{ kind: 'open', link: null, headers: { ...alice.headers, ...headers } }])).toEqual([
      'person',
    ])
  })
})

describe('a form:', () => {
  test('forgives what the same asker did within an hour', () => {
    const burst = clicks([0, 500, 1_000])

    expect(judge([...burst, { kind: 'form', method: 'POST', at: LATER + 3_600_000 }])).toEqual([
      'person near-form',
      'person near-form',
      'person near-form',
      'person form',
    ])
  })

  test('and not a moment more', () => {
    const form = { kind: 'form', method: 'POST', at: LATER + 3_600_001 } as const

    expect(judge([...clicks([0, 500, 1_000]), form])[0]).toBe('machine burst')
  })

  const left = (how: string, draft: Draft = {}): Draft => {
    const headers = { ...alice.headers, how }
    return { kind: 'unsubscribe', method: 'POST', link: null, headers, at: LATER + 9_000, ...draft }
  }

  test('left by the page forgives too', () => {
    expect(judge([...clicks([0, 500, 1_000]), left('page')])).toEqual([
      ...Array(3).fill('person near-form'),
      'person form',
    ])
  })

  test.each(['one-click', 'post'])('is no POST of RFC 8058: %s forgives nobody', (how) => {
    expect(judge([...clicks([0, 500, 1_000]), left(how, { at: LATER + 70_000 })])).toEqual([
      ...Array(3).fill('machine burst'),
      'person one-click',
    ])
    expect(judge([...clicks([0, 500, 1_000]), left(how)])[3]).toBe('unknown one-click beside-burst')
  })

  test('of which was not kept how it was passed is one where a page was asked for', () => {
    const leftOnce = (accept: string) =>
      ({ kind: 'unsubscribe', headers: { accept }, at: LATER + 9_000 }) as const

    expect(judge([leftOnce('text/html,*/*;q=0.8')])).toEqual(['person form'])
    expect(judge([leftOnce('*/*')])).toEqual(['person one-click'])
  })

  test('makes no person of who walked into the honeypot, and wins over a one-click POST', () => {
    const trap = { kind: 'trap', link: null } as const

    expect(judge([trap, {}, left('one-click')])).toEqual([
      'machine honeypot',
      'machine honeypot',
      'unknown one-click honeypot',
    ])
    expect(judge([trap, {}, left('one-click'), { kind: 'form', method: 'POST', link: null }])).toEqual([
      'unknown near-form honeypot',
      'person near-form',
      'person one-click honeypot',
      'person form',
    ])
  })

  test('forgives nobody else', () => {
    const [scan, other] = judge([{ ...filter, userAgent: 'curl/8.5.0' }, left('page', { at: LATER })])

    expect([scan, other]).toEqual(['machine known-bot', 'person form'])
  })

  test('makes no person of what says itself that it is none, but no machine either', () => {
    const form = { kind: 'form', method: 'POST', userAgent: 'curl/8.5.0' } as const

    expect(judge([{ userAgent: 'curl/8.5.0' }, form])).toEqual(['unknown near-form known-bot', 'person form'])
  })
})
