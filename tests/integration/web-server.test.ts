/** The public server: what it serves for ever, what it refuses, and what it does when the database or itself is going. */

import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { probeCommit } from '../../src/db/probe-commit.js'
import { signToken } from '../../src/link/token.js'
import { serve } from '../../src/web/server.js'
import { clickOf, leaveOf, pixelOf } from '../rig/links.js'
import { hitsIn } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { buildTestWeb } from '../rig/web.js'
import { KEYS, openWebPlace, type WebPlace } from '../rig/web-place.js'

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({
    time: 1_000_000,
    more: ({ db, now }) => ({
      ills: () =>
        probeCommit(db.query, now).then(
          () => ({}),
          () => ({ database: 'cannot commit' }),
        ),
    }),
  })
})

afterEach(() => web.close())

test('an image is served for ever under its own name only', async () => {
  const bytes = randomBytes(5_000)
  const sha256 = 'ab'.repeat(32)
  await web.db.query.insertInto('image').values({ sha256, ext: 'png', bytes }).execute()

  const answer = await web.ask(`/i/${sha256}.png`)

  expect(answer.headers.get('content-type')).toBe('image/png')
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await web.ask(`/i/${sha256}.png`, { headers: { 'if-none-match': `"${sha256}"` } })).status).toBe(
    304,
  )
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  for (const other of [
    `${sha256}.gif`,
    `${sha256}.svg`,
    `${sha256.toUpperCase()}.png`,
    `${sha256}`,
    '..%2fx.png',
  ])
    expect((await web.ask(`/i/${other}`)).status).toBe(404)
})

test('other methods are refused with what is allowed, on every path', async () => {
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })

  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST']) {
    for (const path of [
      pixelOf(deliveries.alice),
      clickOf(deliveries.alice, 0),
      '/',
      '/health',
      '/issues/x',
    ]) {
      const answer = await web.ask(path, { method })
      expect([method, path, answer.status]).toEqual([method, path, 405])
      expect(answer.headers.get('allow')).toBe('GET, HEAD')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  }
  const put = await web.ask(leaveOf(deliveries.alice), { method: 'PUT' })
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
  expect(await hitsIn(web.db)).toEqual([])
})

test('while the database is away a reader still gets pictures, a form says try again, and the log stays short', async () => {
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  await web.hits.close()

  for (let i = 0; i < 50; i++) expect((await web.ask(pixelOf(deliveries.alice))).status).toBe(200)
  expect((await web.ask(clickOf(deliveries.alice, 0))).status).toBe(302)
  expect((await web.ask('/health')).status).toBe(200)
  await web.db.query.destroy()
  const form = await web.ask(leaveOf(deliveries.alice), { method: 'POST' })
  const health = await web.ask('/health')

  expect(form.status).toBe(503)
  expect(form.headers.get('retry-after')).toBe('60')
  expect(await form.text()).toContain('You are not unsubscribed yet')
  expect(health.status).toBe(503)
  expect(await health.json()).toEqual({ ok: false, ill: { database: 'cannot commit' } })
  expect(web.logged).toHaveLength(1)
  expect(web.logged.join('')).not.toContain(signToken(KEYS, 'read', deliveries.alice ?? 0))
})

test('a server that closes answers what it has begun', async () => {
  const { deliveries } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })

  const answers = Array.from({ length: 20 }, () => web.ask(pixelOf(deliveries.alice)))
  await Promise.race(answers)
  const closing = web.server.close()
  const settled = await Promise.allSettled(answers)
  await closing

  const answered = settled.filter((one) => one.status === 'fulfilled')
  expect(await hitsIn(web.db)).toHaveLength(answered.length)
  await expect(web.ask('/health')).rejects.toThrow()
})

test('a port that is taken is said in one sentence', async () => {
  const port = Number(new URL(web.url).port)
  const another = buildTestWeb({ ...web, log: pino({ level: 'silent' }) })

  await expect(serve({ web: another, host: '127.0.0.1', port })).rejects.toThrow(
    `PORT: ${port} on 127.0.0.1 is taken`,
  )
})

test('bytes that are no HTTP do no harm', async () => {
  const { hostname, port } = new URL(web.url)
  for (const bytes of [
    '\0\0\0',
    'GET /o/x HTTP/1.1\r\nHost: a b\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n',
  ]) {
    const socket = connect(Number(port), hostname)
    await new Promise((resolve) => {
      socket
        .on('error', resolve)
        .on('close', resolve)
        .on('data', () => socket.end())
      socket.write(bytes)
    })
  }

  expect((await web.ask('/health')).status).toBe(200)
})
