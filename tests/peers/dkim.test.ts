/** A second verifier of our signatures: Debian's python3-dkim, which shares no code with us nor with mailauth. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordOf } from '../../src/send/dkim/key.js'
import { makeSigner } from '../../src/send/dkim/signer.js'
import { type CliRoot, openCliRoot, SAMPLE } from '../rig/cli.js'
import { makeTestKey, pythonAilment, TAMPERINGS, verifyDkim, verifyDkimInPython } from '../rig/dkim.js'
import { anyMessage, RUNS, write } from '../rig/random-message.js'

interface MadeKeys {
  readonly keys: readonly { readonly record: { readonly name: string; readonly value: string } }[]
}

const ailment = pythonAilment()
if (ailment !== null) console.warn(`the tests with a second DKIM verifier are left out: ${ailment}`)

describe.skipIf(ailment !== null)('python3-dkim and mailauth', () => {
  /** Messages in memory, and to one Python. */
  const CHUNK = 250
  const seed = Number(process.env.PRESSRUN_SEED ?? Date.now() % 2 ** 31)

  let place: CliRoot
  let records: readonly { readonly name: string; readonly value: string }[]
  let arrived: readonly Buffer[]

  beforeAll(async () => {
    place = await openCliRoot()
    const from = /^from:.*@([\w.-]+)/m.exec(
      readFileSync(path.join(place.root, 'issues/newsletter.yaml'), 'utf8'),
    )
    // The command prints this document.
    const made = (await place.json('dkim', 'new', from?.[1] ?? '', '--ed25519')) as MadeKeys
    records = made.keys.map(({ record }) => record)
    place.write('readers.csv', 'address,name,city\nalice@example.org,Alice,Kyōto\nmei@example.org,Mei 海,\n')
    await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
    await place.run('send', SAMPLE, '--list', 'weekly', '--wait')
    const inbox = path.join(place.root, '.data', 'inbox')
    const names = readdirSync(inbox).filter((name) => name.endsWith('.eml'))
    arrived = names.map((name) => readFileSync(path.join(inbox, name)))
  })

  afterAll(() => place.close())

  test('V23: what the command line sent, with a key that it made, is good in both verifiers', async () => {
    expect(arrived).toHaveLength(2)
    expect(verifyDkimInPython(arrived, records)).toEqual([
      [true, true],
      [true, true],
    ])
    for (const bytes of arrived)
      expect((await verifyDkim(bytes, records)).map(({ result }) => result)).toEqual(['pass', 'pass'])
  })

  test.each<[string, (text: string) => string]>([
    ['its List-Unsubscribe', (text) => text.replace(/^(List-Unsubscribe: <http)/m, '$1s')],
    ['its List-Unsubscribe-Post', (text) => text.replace('=One-Click', '=Two-Click')],
    ['its Feedback-ID', (text) => text.replace('Feedback-ID: send-', 'Feedback-ID: sent-')],
    ['its body', (text) => text.replace(/<\/p>/i, '</q>')],
    ['a second From in front', (text) => `From: Mallory <m@evil.example>\r\n${text}`],
    ['a second Subject in front', (text) => `Subject: You have won\r\n${text}`],
  ])('V24: what was tampered with is good in neither: %s', async (_what, tamper) => {
    const texts = arrived.map((bytes) => bytes.toString('latin1'))

    const tampered = texts.map((text) => Buffer.from(tamper(text), 'latin1'))

    expect(tampered).not.toEqual(arrived)
    expect(verifyDkimInPython(tampered, records).flat()).not.toContain(true)
    for (const bytes of tampered)
      expect((await verifyDkim(bytes, records)).map(({ result }) => result)).not.toContain('pass')
  })

  test('odd forms: empty bodies, blanks at ends, folds, octets that are not ASCII', async () => {
    const rsa = makeTestKey('example.org', 'news')
    const ed25519 = makeTestKey('example.org', 'news-ed', null)
    const { sign } = makeSigner({ keys: new Map([['example.org', [rsa, ed25519]]]) })
    const texts = [
      'From: editor@example.org\nSubject: x\n\n',
      'From: editor@example.org\n\n\n\n\n',
      'From: editor@example.org\n\nHello \t there \n \n\n',
      'From:editor@example.org\nSubject:x\nTo:alice@example.net\n\nHello\n',
      'From: The Brief\n <editor@example.org>\nSubject: a\n\tb\n  c \n\nHello\n',
      'From: editor@example.org\nSubject:\n\nHello',
      'From: Zoë\u00a0à <editor@example.org>\nSubject: 港\u2003\u00a0 x\u00a0\n\nHé\u00a0 llo\u00a0\n',
      'From: editor@example.org\nList-Help: <a:1>\nList-Help: <a:2>\n\nHello\n',
    ]

    const envelope = { from: 'editor@example.org', to: 'alice@example.net' }
    const signed = await Promise.all(
      texts.map((text) => sign({ envelope, bytes: Buffer.from(text.replaceAll('\n', '\r\n')) })),
    )

    const verdicts = verifyDkimInPython(
      signed.map(({ bytes }) => bytes),
      [recordOf(rsa), recordOf(ed25519)],
    )
    expect(verdicts).toEqual(texts.map(() => [true, true]))
  })

  test(`any issue for anyone is good in python3-dkim, and three tamperings with it fail, seed ${seed}`, {
    timeout: 1_800_000,
  }, async () => {
    const rsa = makeTestKey('example.org', 'news')
    const ed25519 = makeTestKey('example.org', 'news-ed', null)
    const { sign } = makeSigner({ keys: new Map([['example.org', [rsa, ed25519]]]) })
    const cases = fc.sample(anyMessage, { numRuns: RUNS, seed })
    const verify = (messages: readonly Uint8Array[]) =>
      verifyDkimInPython(messages, [recordOf(rsa), recordOf(ed25519)])

    for (let start = 0; start < cases.length; start += CHUNK) {
      const chunk = cases.slice(start, start + CHUNK)
      const signed = (await Promise.all(chunk.map((one) => sign(write(one))))).map(({ bytes }) => bytes)

      expect(verify(signed), `from message ${start} on`).toEqual(chunk.map(() => [true, true]))
      for (const tamper of TAMPERINGS) expect(verify(signed.map(tamper)).flat()).not.toContain(true)
    }
  })
})
