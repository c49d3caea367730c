/**
 * Sign-up: someone asked on a page to be subscribed. It is only written down; what it means is looked at later by a
 * worker, so that neither the answer nor its time says anything of the address. Deleted when it was looked at.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import type { ReaderLanguage } from '../issue/reader-language.js'
import { cleanLine } from '../send/header.js'

export interface SignUp {
  readonly listId: number
  /** As typed. */
  readonly address: string
  readonly name: string
  readonly lang: ReaderLanguage
  readonly network: string
  readonly userAgent: string
  /** A page of ours, or a form that stands elsewhere, and where. */
  readonly from: 'page' | 'form'
  readonly page: string
  readonly now: number
}

/** Some seconds of a flood; what comes on top is let go. */
export const MAX_WAITING = 5_000
/** Characters; an address has 254 octets at most, and a longer one shall still be one that is refused. */
const MAX_ADDRESS = 300
const MAX_NAME = 200

/** False: too many are waiting. Any text is taken. */
export async function recordSignUp(query: Query, signUp: SignUp): Promise<boolean> {
  const { listId, lang, network, userAgent, from, page, now } = signUp
  // A database can't hold a NUL; an address that had such a thing stays one that is refused.
  const address = cut(signUp.address, MAX_ADDRESS).replace(/\p{Cc}/gu, '\ufffd')
  const name = cut(cleanLine(signUp.name), MAX_NAME)
  const detail = JSON.stringify({ from, ...(page === '' ? {} : { page }) })
  // Ids grow, so that how many wait is known without counting them; each end is looked up by itself, or all are read.
  const { numAffectedRows = 0n } = await sql`
    insert into sign_up (list_id, address, name, lang, network, user_agent, detail, at)
    select cast(${listId} as bigint), ${text(address)}, ${text(name)}, ${text(lang)}, ${text(network)},
      ${text(userAgent)}, ${text(detail)}, cast(${now} as bigint)
    where coalesce((select max(id) from sign_up) - (select min(id) from sign_up), 0) < ${sql.lit(MAX_WAITING)}`.execute(
    query,
  )
  return numAffectedRows > 0n
}

function text(value: string) {
  return sql<string>`cast(${value} as text)`
}

function cut(given: string, maxLength: number): string {
  return given.slice(0, maxLength).toWellFormed()
}
