/** The store's gate in this process: what is told, and to whom, when it shuts and opens. */

import { statfs } from 'node:fs/promises'
import type { Log } from '../log.js'
import type { Queue } from '../queue/queue.js'
import { openStoreGate, type StoreGate, type StoreGateOptions, type StorePart } from '../send/store-gate.js'
import type { Trouble } from './trouble.js'

export interface StoreWatchOptions extends Omit<StoreGateOptions, 'onChange'> {
  readonly log: Log
  readonly queue: Pick<Queue, 'hold' | 'goOn'>
  readonly trouble: Trouble
}

/** Shut: Sends under way say why, the log has one line, and what is rung is left in the queue. */
export function watchStore({ log, queue, trouble, ...options }: StoreWatchOptions): Promise<StoreGate> {
  const shut = new Set<StorePart>()
  return openStoreGate({
    ...options,
    onChange(part, ill) {
      trouble.say(part, ill)
      if (ill === null) {
        shut.delete(part)
        log.warn({ part }, 'well again; what waits goes on')
      } else {
        shut.add(part)
        log.error({ part, ill }, 'nothing is begun for now')
      }
      if (shut.size === 0) queue.goOn()
      else queue.hold()
    },
  })
}

/** Bytes that this user may still write where `folder` lies. */
export async function freeBytesIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
