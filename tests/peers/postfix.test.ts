/**
 * A real Postfix as the relay: TLS with a certificate that is checked, a login, its queue, its delivery into a maildir.
 * What comes out has to be what `writeMessage` made. A maildir has LF line ends by definition, and delivery puts
 * Return-Path, X-Original-To, Delivered-To and Received on top; nothing else may differ, with Postfix as it comes.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/app/store.js'
import { readConfig } from '../../src/config.js'
import { writeMessage } from '../../src/send/message.js'
import { keepPreparedSends } from '../../src/send/prepared-sends.js'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE, spawnCli } from '../rig/cli.js'
import { type Postfix, postfixAilment, startPostfix } from '../rig/postfix.js'

const OTHERS = ['mei@example.org,"Mei 海 <港>, ""M"""', 'zoe@example.org,😀 Zoë', 'nobody@example.org,']
const READERS = 1_000
const LOGIN = { user: 'editor', password: 'a pass:word/with@signs' }
/** What delivery puts on top. */
const ADDED = /^(?:(?:Return-Path|X-Original-To|Delivered-To|Received):[^\n]*\n(?:[ \t][^\n]*\n)*)+/

const ailment = postfixAilment()
if (ailment !== null) console.warn(`the tests with a real Postfix are left out: ${ailment}`)

describe.skipIf(ailment !== null)('a real Postfix with STARTTLS and a login', () => {
  let postfix: Postfix
  let place: CliRoot

  beforeAll(async () => {
    postfix = await startPostfix(LOGIN)
    place = await openCliRoot({
      SMTP_URL: postfix.url,
      NODE_EXTRA_CA_CERTS: postfix.caFile,
      PUBLIC_URL: 'https://news.example.com',
      PRESSRUN_SECRET: 'a secret of the Postfix test with 32 characters',
    })
    place.write('readers.csv', readersCsv(READERS - OTHERS.length, OTHERS))
    await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  })

  afterAll(async () => {
    await place?.close()
    await postfix?.stop()
  })

  test('a certificate whose authority nobody trusts is refused before the login', async () => {
    const env = { ...place.env, NODE_EXTRA_CA_CERTS: '' }

    const { code, stderr } = await spawnCli(['send', SAMPLE, '--list', 'weekly'], { root: place.root, env })
      .closed

    expect(code).toBe(2)
    expect(stderr).toMatch(/^SMTP_URL: .*certificate that cannot be trusted/)
    expect(postfix.log()).not.toContain('sasl_')
  })

  test('a wrong password is said, and no one is placed', async () => {
    const env = { ...place.env, SMTP_URL: postfix.url.replace('editor:', 'editor:not-') }

    const { code, stderr } = await spawnCli(['send', SAMPLE, '--list', 'weekly'], { root: place.root, env })
      .closed

    expect(code).toBe(2)
    expect(stderr).toMatch(/^SMTP_URL: localhost:\d+ refused the login for "editor" \(535 /)
    expect(await place.json('sends')).toEqual([])
  })

  test('1,000 messages arrive byte for byte', async () => {
    const status = await place.json('send', SAMPLE, '--list', 'weekly', '--wait')
    expect(status).toMatchObject({ state: 'finished', sent: READERS, audience: READERS })

    await expect.poll(() => postfix.delivered().length, { timeout: 60_000, interval: 500 }).toBe(READERS)

    const written = await writtenMessages(place)
    const arrived = byMessageId(postfix.delivered().map(withoutAdded))
    expect(arrived.size).toBe(READERS)
    expect([...written].filter(([id, bytes]) => arrived.get(id)?.equals(bytes) !== true)).toEqual([])
    expect(postfix.log()).toMatch(/sasl_method=PLAIN, sasl_username=editor/)
    expect(postfix.log()).not.toMatch(/fatal|panic/)
  })
})

/** What Postfix wrote, as it came: CRLF, without what it put on top. */
function withoutAdded(file: Buffer): Buffer {
  const text = file.toString('latin1')
  return Buffer.from(text.replace(ADDED, '').replaceAll('\n', '\r\n'), 'latin1')
}

/** Every Message of the only Send, made once more from the database. */
async function writtenMessages({ root, env }: CliRoot): Promise<ReadonlyMap<string, Buffer>> {
  const { db, keys, close } = await openStore(readConfig({ root, env }))
  try {
    const prepared = await keepPreparedSends(db.query).get(1)
    const rows = await db.query
      .selectFrom('delivery')
      .select(['id', 'address', 'name', 'attributes'])
      .execute()
    return byMessageId(
      rows.map(({ id, address, name, attributes }) => {
        const recipient = {
          deliveryId: id,
          address: address ?? '',
          name: name ?? '',
          attributes: JSON.parse(attributes ?? '{}'),
        }
        return Buffer.from(writeMessage(prepared, recipient, keys).bytes)
      }),
    )
  } finally {
    await close()
  }
}

function byMessageId(messages: readonly Buffer[]): ReadonlyMap<string, Buffer> {
  return new Map(
    messages.map((bytes) => [
      /^Message-ID:\s*(<[^<>\s]*>)/im.exec(bytes.toString('latin1'))?.[1] ?? '',
      bytes,
    ]),
  )
}
