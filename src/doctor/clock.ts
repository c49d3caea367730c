/**
 * Clocks: ours against those of the servers that we share times with. Leases, due times and the Date of every Message
 * come from one of them; five minutes apart, Sends begin late and signatures look as if they came from the future.
 */

import { type Finding, findingsOf } from './finding.js'

const MAX_DIFFERENCE_MS = 300_000

const clock = findingsOf('clock')

export interface OtherClock {
  /** `Postgres`, `Redis`, a host. */
  readonly whose: string
  /** Positive: ours is ahead. */
  readonly aheadMs: number
}

/** What is wrong as a sentence; null within five minutes. */
export function describeClock({ whose, aheadMs }: OtherClock): string | null {
  if (Math.abs(aheadMs) <= MAX_DIFFERENCE_MS) return null
  const minutes = Math.round(Math.abs(aheadMs) / 60_000).toLocaleString('en')
  return `the clock of this machine is ${minutes} minutes ${aheadMs > 0 ? 'ahead of' : 'behind'} that of ${whose}; set both by NTP`
}

/** One finding for all that agree, one for each that does not. Which of two is wrong can't be told: a warning. */
export function judgeClocks(others: readonly OtherClock[]): readonly Finding[] {
  const wrong = others.map(describeClock).filter((sentence) => sentence !== null)
  if (wrong.length > 0) return wrong.map((sentence) => clock.warning(sentence))
  if (others.length === 0) return [clock.note('there is no other clock to compare this one with')]
  return [clock.ok(`the clock agrees with that of ${others.map(({ whose }) => whose).join(' and ')}`)]
}
