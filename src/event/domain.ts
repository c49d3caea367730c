/** The domain of an address as it was frozen: what stands behind its last @. '' once its person is erased. */

import { type RawBuilder, sql } from 'kysely'

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** The same as SQL. Cutting all but @ from the end leaves what goes before the domain. */
export function domainIn(address: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`substr(${address}, length(rtrim(${address}, replace(${address}, '@', ''))) + 1)`
}
