/** Judges the Scenarios, and lays truth against verdict. */

import type { Verdict } from '../../src/db/schema.js'
import { CROWD_OF, crowdKey } from '../../src/event/judge/crowd.js'
import { type Classification, type JudgedHit, judgeDelivery } from '../../src/event/judge/judge.js'
import type { LabelledHit, Scenario } from './scenario.js'

export interface JudgedLabel extends Classification {
  readonly hit: LabelledHit
}

/** Every Hit of it with what it was taken for, in the order they came. */
export function judgeScenario({ deliveries, sentAt, links }: Scenario): readonly JudgedLabel[] {
  const crowds = countCrowds(deliveries)
  const isCrowded = (hit: JudgedHit) => {
    const key = crowdKey(hit)
    return key !== null && (crowds.get(key)?.size ?? 0) >= CROWD_OF
  }
  return deliveries.flatMap((hits) => {
    const judged = judgeDelivery(hits, { sentAt, links, isCrowded })
    return hits.map((hit) => {
      const classification = judged.get(hit.id)
      if (classification === undefined) throw new Error(`the Hit ${hit.id} was not judged`)
      return { ...classification, hit }
    })
  })
}

function countCrowds(deliveries: Scenario['deliveries']): ReadonlyMap<string, ReadonlySet<number>> {
  const crowds = new Map<string, Set<number>>()
  deliveries.forEach((hits, delivery) => {
    for (const hit of hits) {
      const key = crowdKey(hit)
      if (key !== null) crowds.set(key, (crowds.get(key) ?? new Set()).add(delivery))
    }
  })
  return crowds
}

const VERDICTS: readonly Verdict[] = ['person', 'unknown', 'machine']

/** Rows: truth. Columns: verdict. Below: what decided. */
export function printConfusion(judged: readonly JudgedLabel[]): string {
  const count = (truth: string, verdict: Verdict) =>
    judged.filter((one) => one.hit.truth === truth && one.verdict === verdict).length
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(9) : String(cell).padStart(9))).join('')
  const table = [
    row(['truth', ...VERDICTS]),
    ...['person', 'machine'].map((truth) =>
      row([truth, ...VERDICTS.map((verdict) => count(truth, verdict))]),
    ),
  ]
  const byReason = new Map<string, number>()
  for (const { hit, verdict, reasons } of judged) {
    const key = `${hit.truth.padEnd(9)}${verdict.padEnd(9)}${reasons[0] ?? '-'}`
    byReason.set(key, (byReason.get(key) ?? 0) + 1)
  }
  const reasons = [...byReason]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, hits]) => `${key.padEnd(36)}${String(hits).padStart(5)}`)
  return [...table, '', 'truth    verdict  decided by           hits', ...reasons, ''].join('\n')
}

/** What became of each Scenario, for the eye: `name: 3 person, 1 machine (honeypot)`. */
export function printScenario(scenario: Scenario): string {
  const counts = new Map<string, number>()
  for (const { hit, verdict, reasons } of judgeScenario(scenario)) {
    const said = `${hit.truth} → ${verdict}${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`
    counts.set(said, (counts.get(said) ?? 0) + 1)
  }
  const lines = [...counts].map(([said, hits]) => `  ${String(hits).padStart(3)} × ${said}`)
  return [scenario.name, ...lines].join('\n')
}
