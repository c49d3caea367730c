/** Who is never mailed again gets no test either. */

import { parseAddress } from '../../address.js'
import { findSuppressions } from '../../audience/suppression.js'
import type { Query } from '../../db/db.js'
import { InputError } from '../../errors.js'
import { hashAddress, type Keys } from '../../link/token.js'

/** Throws one InputError for all of them. Nothing is written. */
export async function refuseSuppressed(
  addresses: readonly string[],
  { query, keys }: { readonly query: Query; readonly keys: Keys },
): Promise<void> {
  const hashed = addresses.map((address) => {
    const parsed = parseAddress(address)
    return { address, hash: hashAddress(keys, parsed.kind === 'address' ? parsed.key : address) }
  })
  const found = await findSuppressions(
    query,
    hashed.map(({ hash }) => hash),
  )
  const problems = hashed.flatMap(({ address, hash }) => {
    const reason = found.get(hash)?.reason
    if (reason === undefined) return []
    const message = `"${address}" is suppressed (${reason}) and mailed by nobody; pressrun subscribers allow ${address} lifts that`
    return [{ where: '--to', line: null, message }]
  })
  if (problems.length > 0) throw new InputError(problems)
}
