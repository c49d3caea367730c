/** `pressrun adopt`: this database, though copied or long silent, is the one that sends from now on. */

import { ringEngine } from '../app/ring.js'
import { identityOf, type Store } from '../app/store.js'
import type { Config } from '../config.js'
import { transact } from '../db/transact.js'
import type { Log } from '../log.js'
import { formatNumber } from '../report/columns.js'
import { type Released, releaseHeld } from '../send/hold.js'

export interface Adoption {
  /** False: there was nothing to adopt. */
  readonly adopted: boolean
  /** What was odd about the database, in words. */
  readonly seen: readonly string[]
  /** The Sends that go on now. */
  readonly released: readonly Released[]
}

/** Safe to run twice, and beside an engine, which notices by itself. */
export async function adoptCommand(
  config: Config,
  { store, log }: { readonly store: Store; readonly log: Log },
): Promise<Adoption> {
  const identity = identityOf(store, config)
  const present = await identity.present()
  const { seen, released } = await transact(store.db.query, 'adopt', async (trx) => {
    const recognition = await identity.recognise(trx, present)
    if (recognition.kind === 'copy') await identity.settle(trx, present)
    const seen = recognition.kind === 'copy' ? recognition.seen : []
    return { seen, released: await releaseHeld(trx, store.now) }
  })
  if (released.length > 0) await ringEngine(config, { store, log })
  return { adopted: seen.length > 0 || released.length > 0, seen, released }
}

export function printAdoption({ adopted, seen, released }: Adoption): string {
  if (!adopted)
    return 'nothing to adopt: this database is the one that ran here before, and no Send is held\n'
  const lines = seen.length > 0 ? [`adopted, though ${seen.join('; ')}: this database sends from now on`] : []
  for (const { send, state, waiting, uncertain } of released)
    lines.push(
      `Send ${send} goes on (${state}): ${formatNumber(waiting)} still to go out, ${formatNumber(uncertain)} uncertain`,
    )
  return `${lines.join('\n')}\n`
}
