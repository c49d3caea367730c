/**
 * A real Postfix as the relay, which accepts every recipient and finds out at delivery who is unknown. What it sends back is a report
 * as Postfix writes it, to the return path of that one message; a transport map leads it to the listener of the engine.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/app/store.js'
import { readConfig } from '../../src/config.js'
import { verifyToken } from '../../src/link/token.js'
import { type CliRoot, openCliRoot, SAMPLE } from '../rig/cli.js'
import { freePort } from '../rig/free-port.js'
import { type Postfix, postfixAilment, startPostfix } from '../rig/postfix.js'

const LOGIN = { user: 'editor', password: 'a pass:word/with@signs' }
const DOMAIN = 'back.example.test'
const NEXT = '2026-11-10-shore-power-before-berths'
const KNOWN = ['alice@example.org', 'charlie@example.org', 'dora@example.org']

const ailment = postfixAilment()
if (ailment !== null) console.warn(`the tests with a real Postfix are left out: ${ailment}`)

describe.skipIf(ailment !== null)('a real Postfix that sends back what it cannot deliver', () => {
  let postfix: Postfix
  let place: CliRoot

  beforeAll(async () => {
    const port = await freePort()
    postfix = await startPostfix(LOGIN, { known: KNOWN, returns: { domain: DOMAIN, port } })
    place = await openCliRoot({
      SMTP_URL: postfix.url,
      NODE_EXTRA_CA_CERTS: postfix.caFile,
      PUBLIC_URL: 'https://news.example.com',
      PRESSRUN_SECRET: 'a secret of the Postfix test with 32 characters',
      RETURN_PATH: `bounces+*@${DOMAIN}`,
      BOUNCES_LISTEN: `127.0.0.1:${port}`,
    })
    const rows = [...KNOWN, 'bob@example.org'].map((address) => `${address},\n`)
    place.write('readers.csv', `address,name\n${rows.join('')}`)
    await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  })

  afterAll(async () => {
    await place?.close()
    await postfix?.stop()
  })

  async function suppressionOf(who: string): Promise<unknown> {
    const record = (await place.json('subscribers', 'show', `${who}@example.org`)) as { suppression: unknown }
    return record.suppression
  }

  test('a message to an unknown user comes back, suppresses that subscriber and nobody else', async () => {
    const engine = await place.start()
    await place.run('send', SAMPLE, '--list', 'weekly')

    await expect
      .poll(() => suppressionOf('bob'), { timeout: 60_000, interval: 200 })
      .toMatchObject({ reason: 'bounced' })

    for (const who of ['alice', 'charlie', 'dora']) expect(await suppressionOf(who)).toBeNull()
    expect(postfix.log()).toMatch(/to=<bob@example\.org>.*dsn=5\.1\.1, status=bounced \(unknown user/)
    expect(postfix.log()).toMatch(
      /to=<bounces\+[a-z2-7]{26}@back\.example\.test>, relay=127\.0\.0\.1.*status=sent \(250 /,
    )
    expect(await events()).toEqual([
      ['bounced', expect.objectContaining({ fault: 'hard', status: '5.1.1', how: 'report', source: 'smtp' })],
      ['suppressed', expect.objectContaining({ reason: 'bounced' })],
    ])
    // A relay's 250 is what was said, and stays.
    await expect
      .poll(() => place.json('status', '1'), { timeout: 20_000 })
      .toMatchObject({ state: 'finished', sent: 4 })
    expect((await place.run('verify', '1')).code).toBe(0)
    expect(await engine.end('SIGTERM')).toBe(0)
  })

  test('each message has a return path of its own, at the envelope alone', async () => {
    await expect.poll(() => postfix.delivered().length, { timeout: 20_000 }).toBe(3)
    const messages = postfix.delivered().map((bytes) => bytes.toString('latin1'))
    const { keys, db, close } = await openStore(readConfig({ root: place.root, env: place.env }))
    try {
      const rows = await db.query.selectFrom('delivery').select(['id', 'address']).execute()
      const addressOf = new Map(rows.map(({ id, address }) => [id, address]))
      for (const message of messages) {
        const header = message.slice(0, message.indexOf('\n\n'))
        const [, token = ''] = /^Return-Path: <bounces\+(\S+)@back\.example\.test>$/m.exec(header) ?? []
        const [, to] = /^Delivered-To: (\S+)$/m.exec(header) ?? []
        expect(addressOf.get(verifyToken(keys, 'return', token) ?? 0)).toBe(to)
        expect(header.match(/^Return-Path:/gim)).toHaveLength(1)
      }
    } finally {
      await close()
    }
  })

  test('the next issue leaves them out', async () => {
    const status = await place.json('send', NEXT, '--list', 'weekly', '--wait')

    expect(status).toMatchObject({ state: 'finished', sent: 3, excluded: 1, audience: 4 })
  })

  async function events() {
    const { db, close } = await openStore(readConfig({ root: place.root, env: place.env }))
    try {
      const rows = await db.query
        .selectFrom('event')
        .select(['kind', 'detail'])
        .where('kind', 'in', ['bounced', 'complained', 'suppressed'])
        .orderBy('id')
        .execute()
      return rows.map(({ kind, detail }) => [kind, JSON.parse(detail)])
    } finally {
      await close()
    }
  }
})
