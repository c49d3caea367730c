/** `pressrun dkim` as an editor uses it: a key, its record, and a signature on what is written afterwards. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openInbox } from '../../src/smtp/inbox.js'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE } from '../rig/cli.js'
import { verifyDkim } from '../rig/dkim.js'

interface Shown {
  readonly keys: readonly {
    readonly file: string
    readonly record: { name: string; value: string; zone: string }
  }[]
}

let place: CliRoot
let domain: string

beforeEach(async () => {
  place = await openCliRoot()
  const publication = readFileSync(path.join(place.root, 'issues/newsletter.yaml'), 'utf8')
  domain = /^from:.*@([\w.-]+)/m.exec(publication)?.[1] ?? ''
})

afterEach(() => place.close())

test('new makes a key and prints its record, show prints it again, and the key is never written over', async () => {
  const made = await place.run('dkim', 'new', domain, '--selector', 'news', '--ed25519')
  const again = await place.run('dkim', 'new', domain, '--selector', 'news')
  const { keys } = (await place.json('dkim', 'show', domain)) as Shown

  expect(made).toMatchObject({ code: 0, stderr: '' })
  expect(keys.map(({ record }) => record.name)).toEqual([
    `news._domainkey.${domain}`,
    `news-ed._domainkey.${domain}`,
  ])
  for (const { file, record } of keys) {
    expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/)
    expect(made.stdout).toContain(record.value)
    expect(made.stdout).toContain(record.zone)
  }
  expect(made.stdout).toMatch(/Publish these records first\. The next pressrun start signs with them\.\n$/)
  expect(again.code).toBe(2)
  expect(again.stderr).toMatch(/^--selector: .* has a key "news" already, which is never written over/)
})

test('show of a domain without a key, and new of what is no domain, say what would be right', async () => {
  const shown = await place.run('dkim', 'show', 'example.org')
  const made = await place.run('dkim', 'new', 'localhost')
  const sized = await place.run('dkim', 'new', 'example.org', '--bits', 'many')

  expect(shown).toMatchObject({ code: 2, stdout: '' })
  expect(shown.stderr).toMatch(/^example\.org has no key in .*; pressrun dkim new example\.org makes one\n$/)
  expect(made.code).toBe(2)
  expect(made.stderr).toMatch(/^"localhost" is no domain name/)
  expect(sized.code).toBe(2)
  expect(readdirSync(place.root)).not.toContain('.data')
})

test('build shows the message as it would leave: signed, the same bytes each time', async () => {
  const made = (await place.json('dkim', 'new', domain)) as Shown

  await place.run('build', SAMPLE, '--out', 'one')
  await place.run('build', SAMPLE, '--out', 'two')

  const one = readFileSync(path.join(place.root, 'one/message.eml'))
  expect(readFileSync(path.join(place.root, 'two/message.eml'))).toEqual(one)
  const verdicts = await verifyDkim(
    one,
    made.keys.map(({ record }) => record),
  )
  expect(verdicts).toMatchObject([{ domain, result: 'pass', isAligned: true }])
})

test('send says that nothing is signed here, until there is a key', async () => {
  const inbox = await openInbox({ folder: path.join(place.root, 'relay') })
  Object.assign(place.env, {
    SMTP_URL: inbox.url,
    PUBLIC_URL: 'https://news.example.org',
    PRESSRUN_SECRET: 'a secret of more than thirty-two characters',
  })
  place.write('readers.csv', readersCsv(2))
  for (const list of ['one', 'two'])
    await place.run('subscribers', 'import', 'readers.csv', '--list', list, '--create-list')

  const unsigned = await place.run('send', SAMPLE, '--list', 'one')
  await place.run('dkim', 'new', domain)
  const signed = await place.run('send', SAMPLE, '--list', 'two')
  await inbox.close()

  expect(unsigned.code).toBe(0)
  expect(unsigned.stderr).toContain(
    `not signed here: no DKIM key for ${domain}; right if the relay signs, else`,
  )
  expect(signed.code).toBe(0)
  expect(signed.stderr).not.toContain('not signed')
})
