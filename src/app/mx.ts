/** Whether, and with which resolver, lanes are found by mail exchanger. */

import { Resolver } from 'node:dns/promises'
import type { Config } from '../config.js'
import { type FindLanes, openMxLanes } from '../send/mx-lanes.js'
import type { Store } from './store.js'

const TRY_MS = 2_000

/** For a freeze; empty when MX_LOOKUP is off. */
export function laneFinder(
  { mxLookup }: Pick<Config, 'mxLookup'>,
  { db, now }: Pick<Store, 'db' | 'now'>,
): { readonly findLanes?: FindLanes } {
  if (!mxLookup) return {}
  const resolver = new Resolver({ timeout: TRY_MS, tries: 2 })
  return {
    findLanes: openMxLanes({
      query: db.query,
      now,
      monotonic: () => performance.now(),
      resolveMx: (domain) => resolver.resolveMx(domain),
    }),
  }
}
