/**
 * `/api/drafts/SLUG/test`: where a test send would go, and, by POST, the command that sends it. One at a time and few a minute:
 * whoever leans on a key mails nobody a hundred times.
 */

import { Hono } from 'hono'
import { listAlternatives } from '../../compile/alternatives.js'
import { InputError } from '../../errors.js'
import type { TestView, Values } from './api.js'
import type { StudioContext } from './context.js'
import type { Drafts } from './drafts.js'
import type { StudioEnv } from './env.js'
import { readValues } from './values.js'

const MAX_TO = 4_000
const A_MINUTE = 60_000
const MAX_A_MINUTE = 10

export function testRoutes({
  drafts,
  testSend,
  now,
}: Pick<StudioContext, 'testSend' | 'now'> & { readonly drafts: Drafts }): Hono<StudioEnv> {
  const { run, ...rules } = testSend
  let isRunning = false
  let begun: readonly number[] = []

  return new Hono<StudioEnv>()
    .get('/api/drafts/:slug/test', async (c) => {
      const { picture } = await drafts.get(c.req.param('slug'))
      if (picture === null) return c.notFound()
      const values = readReader(c.req.query('values'))
      const alternatives = listAlternatives(picture.compilation.compiled, values)
      const view: TestView = { ...rules, variants: alternatives.map(({ label }) => label) }
      return c.json(view)
    })
    .post('/api/drafts/:slug/test', async (c) => {
      const { slug } = await drafts.get(c.req.param('slug'))
      const { to, values } = readWish(await c.req.json().catch(() => null))
      begun = begun.filter((at) => now() - at < A_MINUTE)
      if (isRunning) throw new InputError('a test is on its way; send the next one when it is done')
      if (begun.length >= MAX_A_MINUTE)
        throw new InputError(`${MAX_A_MINUTE} tests were sent within a minute; wait for a moment`)
      begun = [...begun, now()]
      isRunning = true
      try {
        return c.json(await run({ slug, to, values }))
      } finally {
        isRunning = false
      }
    })
}

function readWish(body: unknown): { readonly to: string; readonly values: Values } {
  const given = typeof body === 'object' && body !== null ? body : {}
  const to = 'to' in given ? given.to : null
  // No command takes a NUL.
  if (typeof to !== 'string' || to.length > MAX_TO || to.includes('\0'))
    throw new InputError('"to" wants addresses, separated by commas')
  return { to, values: readReader(JSON.stringify('values' in given ? given.values : null)) }
}

/** Whom it goes to is its reader's address. */
function readReader(text: string | undefined): Values {
  const { address: _, ...values } = readValues(text)
  return values
}
