/** A name of this publication that no other has, made when its database is opened first; its keys in Redis begin with it. */

import { randomBytes } from 'node:crypto'
import type { Query } from '../db/db.js'

const KEY = 'publication'

/** `pressrun:9f86d081884c`; the first of two that make it wins. */
export async function readPublicationKey(query: Query): Promise<string> {
  const found = await readKey(query)
  if (found !== null) return `pressrun:${found}`
  await query
    .insertInto('meta')
    .values({ key: KEY, value: randomBytes(6).toString('hex') })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return `pressrun:${await readKey(query)}`
}

async function readKey(query: Query): Promise<string | null> {
  const row = await query.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst()
  return row?.value ?? null
}
