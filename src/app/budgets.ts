/** Budgets: what each relay may be given by SMTP_URL, put together; and the sentence about those whose day is used up. */

import type { Query } from '../db/db.js'
import type { Permits } from '../queue/permits.js'
import { type Budget, openBudget } from '../send/pace/budget.js'
import { openQuota } from '../send/pace/quota.js'
import { dayLimit, nextDay } from '../send/pace/sending-day.js'
import type { Shares } from '../send/pace/shares.js'
import type { RelaySight } from '../send/pace/sight.js'
import { openTimeline } from '../send/pace/timeline.js'
import type { TransportSettings } from '../smtp/smtp-urls.js'
import type { Trouble } from './trouble.js'

export type RelayLimits = Pick<TransportSettings, 'name' | 'perSecond' | 'perDay' | 'warmup'>

export interface BudgetsOptions {
  readonly settings: readonly RelayLimits[]
  readonly query: Query
  readonly now: () => number
  readonly monotonic: () => number
  readonly shares: Shares
  readonly permits: Permits
  readonly trouble: Pick<Trouble, 'say'>
  /** Aborted: nobody waits for a budget any more. */
  readonly stop: AbortSignal
}

export interface Budgets {
  /** Of a relay with a limit of its own. */
  budgetOf(relay: string): Budget | undefined
  /** Counts the day of those that have a limit by the day; what is seen, by relay. */
  countDay(): Promise<Readonly<Record<string, RelaySight>>>
}

export function openBudgets({ settings, trouble, stop, ...context }: BudgetsOptions): Budgets {
  const { query, now, monotonic, shares, permits } = context
  const limited = settings
    .filter((relay) => relay.perSecond !== null || isByDay(relay))
    .map((relay) => {
      const quota = openQuota({ relay: relay.name, terms: relay, query, now, workers: shares.parts })
      const timeline = openTimeline({ name: `relay:${relay.name}`, monotonic, shares, permits })
      return { relay, quota, budget: openBudget({ perSecond: relay.perSecond, timeline, quota, stop }) }
    })
  let said: string | null = null

  function say(sentence: string | null): void {
    if (sentence !== said) trouble.say('quota', sentence)
    said = sentence
  }

  return {
    budgetOf: (name) => limited.find(({ relay }) => relay.name === name)?.budget,
    async countDay() {
      const byDay = limited.filter(({ relay }) => isByDay(relay))
      for (const { quota } of byDay) await quota.count()
      // Who waits until the others count with it does not know of a day that is used up.
      const isWaiting = shares.parts() === Number.POSITIVE_INFINITY
      const full = byDay.filter(({ quota }) => !isWaiting && !quota.isOpen())
      const used = full.map(({ relay }) => describe(relay, now()))
      say(used.length === 0 ? null : `${used.join(', ')}; the rest goes on at ${writeTime(nextDay(now()))}`)
      return Object.fromEntries(byDay.map(({ relay, quota }) => [relay.name, quota.sight()]))
    },
  }
}

function isByDay({ perDay, warmup }: RelayLimits): boolean {
  return perDay !== null || warmup !== null
}

function describe(relay: RelayLimits, now: number): string {
  const limit = dayLimit(relay, now)
  return limit === 0
    ? `the warm-up of ${relay.name} begins on ${relay.warmup}`
    : `${relay.name} has had its ${limit?.toLocaleString('en')} messages of today`
}

/** `2026-11-26 00:00 UTC` */
function writeTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
