import { expect, test } from 'vitest'
import type { TestAnswer } from './api.js'
import type { Drafts } from './drafts.js'
import { testRoutes } from './test-routes.js'

const ANSWER: TestAnswer = { issue: 'harbour', hash: '', through: [], messages: [], errors: 0 }

function open(run: () => Promise<TestAnswer>) {
  const clock = { now: 0 }
  const drafts = { get: async (slug: string) => ({ slug, picture: null }) } as unknown as Drafts
  const testSend = { through: [], allowed: null, maxAddresses: 10, run }
  const routes = testRoutes({ drafts, testSend, now: () => clock.now })
  // What an edge makes of an InputError is not this file's matter.
  routes.onError((error, c) => c.text(error.message, 422))
  const send = async () => {
    const body = JSON.stringify({ to: 'ruth@press.example', values: {} })
    const headers = { 'content-type': 'application/json' }
    const response = await routes.request('/api/drafts/harbour/test', { method: 'POST', headers, body })
    return response.status === 200 ? 'sent' : response.text()
  }
  return { clock, send }
}

test('while one test is on its way there is no second', async () => {
  let finish = (_answer: TestAnswer) => {}
  const { send } = open(
    () =>
      new Promise((resolve) => {
        finish = resolve
      }),
  )

  const first = send()
  const second = await send()
  finish(ANSWER)

  expect(second).toBe('a test is on its way; send the next one when it is done')
  expect(await first).toBe('sent')
})

test('no more than ten tests are sent within a minute, the refused among them', async () => {
  let runs = 0
  const { clock, send } = open(async () => {
    runs += 1
    if (runs % 2 === 0) throw new Error('refused')
    return ANSWER
  })
  for (let sent = 0; sent < 10; sent += 1) await send()

  expect(await send()).toBe('10 tests were sent within a minute; wait for a moment')
  expect(runs).toBe(10)

  clock.now += 60_000
  expect(await send()).toBe('sent')
})
