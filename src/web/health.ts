/** `/health`: whether this process can do its work, for whatever watches it. */

import { setTimeout as wait } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Query } from '../db/db.js'
import type { WebEnv } from './env.js'

const PATIENCE_MS = 2_000

export function healthRoutes({ query }: { readonly query: Query }): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/health', async (c) => {
    c.header('Cache-Control', 'no-store')
    return (await databaseAnswers(query)) ? c.json({ ok: true }) : c.json({ ok: false }, 503)
  })
}

async function databaseAnswers(query: Query): Promise<boolean> {
  const patience = new AbortController()
  const answer = query.selectFrom('meta').select('value').where('key', '=', 'schema').execute()
  const answered = answer.then(
    () => true,
    () => false,
  )
  const gaveUp = wait(PATIENCE_MS, false, { signal: patience.signal }).catch(() => false)
  const answers = await Promise.race([answered, gaveUp])
  patience.abort()
  return answers
}
