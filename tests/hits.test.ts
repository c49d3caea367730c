/** The rules against the labelled corpus of `hits/`: who was taken for what, and who must never be. */

import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JudgedHit } from '../src/event/judge/judge.js'
import { judgeDelivery } from '../src/event/judge/judge.js'
import { SCENARIOS } from './hits/all.js'
import { judgeScenario, printConfusion, printScenario } from './hits/confusion.js'
import type { LabelledHit } from './hits/scenario.js'

const golden = (name: string) => path.join(import.meta.dirname, 'golden', 'hits', name)

describe('what may be said of each Hit is said, and nothing else:', () => {
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
    const wrong = judgeScenario(scenario)
      .filter(({ hit, verdict }) => !hit.may.includes(verdict))
      .map(({ hit, verdict, reasons }) => ({ hit: hit.id, link: hit.link, may: hit.may, verdict, reasons }))

    expect(wrong).toEqual([])
  })
})

test('the corpus has at least 45 scenarios, each with a name of its own, a source and a Hit', () => {
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(45)
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length)
  for (const { source, deliveries } of SCENARIOS) {
    expect(source).not.toBe('')
    expect(deliveries.flat().length).toBeGreaterThan(0)
  }
})

test('where somebody passed a form, no person is called a machine, and the form is a person', () => {
  const passed = SCENARIOS.filter(({ deliveries }) => deliveries.flat().some(isForm))
  const judged = passed.flatMap(judgeScenario)

  expect(passed.length).toBeGreaterThanOrEqual(10)
  expect(judged.filter(({ hit, verdict }) => hit.truth === 'person' && verdict === 'machine')).toEqual([])
  expect(judged.filter(({ hit, verdict }) => isPassed(hit) && verdict !== 'person')).toEqual([])
})

test('the confusion table is the one that was looked at', async () => {
  const table = printConfusion(SCENARIOS.flatMap(judgeScenario))
  process.stdout.write(`\n${table}\n`)

  await expect(table).toMatchFileSnapshot(golden('confusion.txt'))
  await expect(`${SCENARIOS.map(printScenario).join('\n\n')}\n`).toMatchFileSnapshot(golden('scenarios.txt'))
})

test('of all people in the corpus none is called a machine', () => {
  const hidden = SCENARIOS.flatMap(judgeScenario).filter(
    ({ hit, verdict }) => hit.truth === 'person' && verdict === 'machine',
  )

  expect(hidden).toEqual([])
})

test('the order in which Hits come changes nothing, whatever they are', () => {
  fc.assert(
    fc.property(fc.array(anyHit(), { maxLength: 40 }), fc.infiniteStream(fc.nat()), (drafts, keys) => {
      const hits = drafts.map((draft, id) => ({ ...draft, id }))
      const facts = { sentAt: 60_000, links: 6, isCrowded: ({ at }: JudgedHit) => at % 3 === 0 }
      const shuffled = hits
        .map((hit) => ({ hit, key: keys.next().value ?? 0 }))
        .sort((one, other) => one.key - other.key)
        .map(({ hit }) => hit)

      const judged = sorted(judgeDelivery(hits, facts))

      expect(sorted(judgeDelivery(shuffled, facts))).toEqual(judged)
      expect(sorted(judgeDelivery([...hits].reverse(), facts))).toEqual(judged)
    }),
    { numRuns: 400 },
  )
})

test('a form forgives: with it no Hit of the same asker within the hour is a machine', () => {
  fc.assert(
    fc.property(fc.array(anyHit(), { maxLength: 40 }), anyHit(), (drafts, about) => {
      const form = { ...about, kind: 'form', method: 'POST', link: null, id: 1_000 } as const
      const hits: JudgedHit[] = [...drafts.map((draft, id) => ({ ...draft, id })), form]

      const judged = judgeDelivery(hits, { sentAt: 60_000, links: 6, isCrowded: () => true })

      expect(judged.get(1_000)?.verdict).toBe('person')
      for (const hit of hits)
        if (hit.userAgent === form.userAgent && hit.network === form.network)
          expect(judged.get(hit.id)?.verdict).not.toBe('machine')
    }),
    { numRuns: 400 },
  )
})

test('forty thousand Hits of one Delivery are judged in the time that forty thousand take', () => {
  const hits = Array.from({ length: 40_000 }, (_, id): JudgedHit => {
    const network = `198.51.${id % 7}.0/24`
    const kind = id % 50 === 0 ? 'trap' : id % 70 === 0 ? 'form' : 'click'
    return {
      id,
      kind,
      link: id % 12,
      method: 'GET',
      userAgent: `agent ${id % 3}`,
      network,
      headers: {},
      at: id,
    }
  })

  const began = performance.now()
  const judged = judgeDelivery(hits, { sentAt: 0, links: 12, isCrowded: () => false })

  expect(judged.size).toBe(40_000)
  // A quadratic rule takes minutes.
  expect(performance.now() - began).toBeLessThan(5_000)
})

test('a Hit whose facts were purged is not judged, and says nothing of others', () => {
  const purged = { userAgent: '', network: '', headers: { purged: '1' }, method: 'GET' } as const
  const hits: JudgedHit[] = [0, 1, 2].map((id) => ({
    id,
    kind: 'click',
    link: id,
    at: 1_000 + id,
    ...purged,
  }))
  const facts = { sentAt: null, links: 12, isCrowded: () => false }

  expect(judgeDelivery(hits, facts).size).toBe(0)
})

function isForm({ kind }: Pick<JudgedHit, 'kind'>): boolean {
  return kind === 'form' || kind === 'unsubscribe'
}

/** Not by a scanner. */
function isPassed(hit: LabelledHit): boolean {
  return hit.truth === 'person' && isForm(hit)
}

function sorted(judged: ReturnType<typeof judgeDelivery>) {
  return [...judged].sort(([one], [other]) => one - other)
}

/** Of few askers within few minutes, so that every rule has neighbours to see. */
function anyHit(): fc.Arbitrary<Omit<JudgedHit, 'id'>> {
  return fc.record({
    kind: fc.constantFrom('open', 'click', 'click', 'click', 'trap', 'unsubscribe', 'form'),
    link: fc.option(fc.nat(5)),
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST'),
    userAgent: fc.constantFrom(
      '',
      'Mozilla/5.0',
      'curl/8.5.0',
      'K-9 Mail',
      'Mozilla/5.0 (X11; Linux) Firefox/1',
    ),
    network: fc.constantFrom('', '192.0.2.0/24', '198.51.100.0/24'),
    headers: fc.constantFrom({}, { 'accept-language': 'de' }, { purpose: 'prefetch' }),
    at: fc.nat(200_000),
  })
}
