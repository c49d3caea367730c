/** `/o/` and `/c/` for requests that `door.ts` leaves to the usual way: odd ones, and those that end in a 404. */

import { type Context, Hono } from 'hono'
import type { WebEnv } from '../env.js'
import { missingPage } from '../failure.js'
import type { Answerer } from './answer.js'

export function trackRoutes(answer: Answerer): Hono<WebEnv> {
  const answerIt = async (c: Context<WebEnv>) => {
    const answered = await answer({
      method: c.req.method,
      path: c.req.path,
      client: c.get('client'),
      header: (name) => c.req.header(name),
    })
    if (answered === null) {
      c.header('X-Robots-Tag', 'noindex')
      return missingPage(c, 'badLink')
    }
    const { status, headers, body } = answered
    return body === null ? c.body(null, status, headers) : c.body(body, status, headers)
  }
  return new Hono<WebEnv>().get('/o/:file', answerIt).get('/c/:token/:index', answerIt)
}
