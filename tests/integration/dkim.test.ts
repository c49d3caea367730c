/** Signed on the way: with a key in place, whatever an engine sends verifies at its receiver. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeUnsigned } from '../../src/app/signing.js'
import type { Store } from '../../src/app/store.js'
import { InputError } from '../../src/errors.js'
import { openLog } from '../../src/log.js'
import { type DkimRecord, recordOf } from '../../src/send/dkim/key.js'
import { makeDkimKeys } from '../../src/send/dkim/new-key.js'
import { signatureTags, verifyDkim } from '../rig/dkim.js'
import { freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { askFor, untilNotice } from '../rig/notices.js'

let root: TestRoot
let store: Store

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
})

afterEach(() => root.close())

function makeKeys(domain: string): readonly DkimRecord[] {
  const place = { folder: root.config.dkimFolder, now: Date.now }
  return makeDkimKeys({ domain, selector: null, bits: 2_048, withEd25519: true }, place).made.map(recordOf)
}

async function send(people: readonly string[]): Promise<readonly Buffer[]> {
  const created = await freeze(store, await subscribe(store, 'weekly', people))
  const engine = await root.engine()
  await untilFinished(store, created.sendId)
  const inbox = engine.inboxFolder ?? ''
  const names = readdirSync(inbox).filter((name) => name.endsWith('.eml'))
  return names.map((name) => readFileSync(path.join(inbox, name)))
}

test('a Notice is signed as the rest is', async () => {
  const records = makeKeys('example.com')
  mkdirSync(path.join(root.config.root, 'issues'))
  writeFileSync(
    path.join(root.config.root, 'issues/newsletter.yaml'),
    'name: Harbour\nfrom: editor@example.com\npostal-address: Quay 1\nlanguage: en\n',
  )
  const engine = await root.engine()

  await untilNotice(store, await askFor(store, 'alice'), 'sent')

  const inbox = engine.inboxFolder ?? ''
  const [name = ''] = readdirSync(inbox).filter((file) => file.endsWith('.eml'))
  const verdicts = await verifyDkim(readFileSync(path.join(inbox, name)), records)
  expect(verdicts.map(({ result, isAligned }) => [result, isAligned])).toEqual([
    ['pass', true],
    ['pass', true],
  ])
})

test('V23: what arrives verifies with the published records, is aligned, and covers what has to be covered', async () => {
  const records = makeKeys('example.com')

  const arrived = await send([
    'alice',
    'zoë@example.org',
    ...Array.from({ length: 40 }, (_, i) => `reader${i}`),
  ])

  expect(arrived).toHaveLength(42)
  for (const bytes of arrived) {
    const verdicts = await verifyDkim(bytes, records)
    expect(verdicts.map(({ result, isAligned }) => [result, isAligned])).toEqual([
      ['pass', true],
      ['pass', true],
    ])
    const { h, l } = signatureTags(bytes)
    expect(l).toBeUndefined()
    expect(h?.toLowerCase().split(':')).toEqual(
      expect.arrayContaining(
        'from subject date to message-id list-unsubscribe list-unsubscribe-post feedback-id'.split(' '),
      ),
    )
  }
})

test('without a key of its domain a message goes out unsigned', async () => {
  makeKeys('example.net')

  const [bytes] = await send(['alice'])

  expect(bytes?.toString('latin1')).not.toMatch(/^DKIM-Signature:/im)
  expect(describeUnsigned('example.com', root.config)).toMatch(/no DKIM key for example\.com/)
  expect(describeUnsigned('news.example.net', root.config)).toBeNull()
})

test('a key that can’t sign keeps an engine from starting, with its file’s name', async () => {
  const folder = path.join(root.config.dkimFolder, 'example.com')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'news.pem'), 'no key')

  const started = root.engine({ log: openLog('silent') })

  await expect(started).rejects.toThrow(InputError)
  await expect(started).rejects.toThrow(`${folder}/news.pem: holds no private key in PEM`)
})

test('a DKIM_FOLDER that is not there keeps an engine from starting', async () => {
  const started = root.engine({ log: openLog('silent'), env: { DKIM_FOLDER: 'keys' } })

  await expect(started).rejects.toThrow(`DKIM_FOLDER: there is no folder ${root.config.root}/keys`)
})
