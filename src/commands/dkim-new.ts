/** `pressrun dkim new`: a key for a domain, and the DNS record that has to be published before it is used. */

import type { Config } from '../config.js'
import { type KeyRequest, makeDkimKeys } from '../send/dkim/new-key.js'
import { describeKeys, type KeyAnswer, printKey } from './dkim-show.js'

export interface MadeAnswer {
  readonly keys: readonly KeyAnswer[]
  /** Selectors that sign no longer, from the next start on. */
  readonly replaced: readonly string[]
}

/** Throws InputError, and writes nothing, when what is asked for can't be. */
export function newKeys(
  request: KeyRequest,
  { config: { dkimFolder }, now }: { readonly config: Config; readonly now: () => number },
): MadeAnswer {
  const { made, replaced } = makeDkimKeys(request, { folder: dkimFolder, now })
  return { keys: describeKeys(made), replaced }
}

export function printMadeKeys({ keys, replaced }: MadeAnswer): string {
  const old = replaced.map((selector) => `"${selector}"`).join(' and ')
  const instead = replaced.length === 0 ? '' : `, in place of ${old}; leave that record for a week or two`
  return `${keys.map(printKey).join('\n')}
Publish ${keys.length === 1 ? 'this record' : 'these records'} first. The next pressrun start signs with ${keys.length === 1 ? 'it' : 'them'}${instead}.
`
}
