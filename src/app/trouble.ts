/** What keeps this engine from sending, by topic, put together into the one text that Sends under way show. */

import type { Query } from '../db/db.js'
import type { Log } from '../log.js'
import { EXPLANATION_LASTS_MS, explainSends, forgetExplanations } from '../send/explain.js'

export type Topic = 'database' | 'disk' | 'relay' | 'quota'

export interface Trouble {
  /** A sentence; null when it is over. */
  say(topic: Topic, sentence: string | null): void
  /** Resolves when what was said is written down. */
  settled(): Promise<void>
  close(): Promise<void>
}

export interface TroubleOptions {
  readonly query: Query
  readonly now: () => number
  readonly log: Log
  /** No other engine can be alive on this database. */
  readonly isOnlyOne: boolean
}

/** Of an engine that does not deliver: it keeps nobody from anything. */
export const NO_TROUBLE: Trouble = {
  say: () => {},
  settled: async () => {},
  close: async () => {},
}

export function openTrouble({ query, now, log, isOnlyOne }: TroubleOptions): Trouble {
  const sentences = new Map<Topic, string>()
  let before: string | null = null
  let last: Promise<void> = isOnlyOne ? written(forgetExplanations(query)) : write()
  const timer = setInterval(() => {
    last = last.then(write)
  }, EXPLANATION_LASTS_MS / 3)
  timer.unref()

  /** What is said when it is written, not when it was asked: the last word counts. */
  async function write(): Promise<void> {
    const text = sentences.size === 0 ? null : [...sentences.values()].join('; ')
    const said = before
    before = text
    await written(explainSends({ text, before: said }, { query, now }))
  }

  /** While the database is away nobody can be told; it is said again before long. */
  async function written(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => log.debug({ err: error }, 'an explanation was not written down'))
  }

  return {
    say(topic, sentence) {
      if (sentence === null) sentences.delete(topic)
      else sentences.set(topic, sentence)
      last = last.then(write)
    },
    settled: () => last,
    async close() {
      clearInterval(timer)
      // An engine that has ended keeps nobody from anything.
      sentences.clear()
      if (before !== null) last = last.then(write)
      await last
    },
  }
}
