/** `send --no-tracking` as an editor meets it: foreseen, sent, and kept to by all that comes after it. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE } from '../rig/cli.js'

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot({ PUBLIC_URL: 'https://news.example.org' }, 'shared')
  place.write('readers.csv', readersCsv(2))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
})

afterEach(() => place.close())

const inbox = () => path.join(place.root, '.data', 'inbox')

function messages(): readonly string[] {
  return readdirSync(inbox())
    .filter((name) => name.endsWith('.eml'))
    .map((name) => readFileSync(path.join(inbox(), name), 'utf8').replaceAll('=\r\n', ''))
}

function addWord(word: string): void {
  const file = `issues/${SAMPLE}.md`
  place.write(file, `${readFileSync(path.join(place.root, file), 'utf8')}\n${word}\n`)
}

test('nothing of it is tracked: not in the mail, not when it is superseded or corrected', async () => {
  const tracked = (await place.json('build', SAMPLE, '--out', path.join(place.root, 'a'))) as { hash: string }
  const dry = await place.run('send', SAMPLE, '--list', 'weekly', '--no-tracking', '--dry-run')
  const first = (await place.json('send', SAMPLE, '--list', 'weekly', '--no-tracking')) as { hash: string }
  addWord('A word that was missing.')
  await place.json('supersede', '1')
  const engine = await place.start()
  await place.run('status', '2', '--watch')
  addWord('Another one.')
  const corrected = (await place.json('correct', SAMPLE, '--note', 'A word.')) as { hash: string }
  const built = (await place.json('build', SAMPLE, '--no-tracking', '--out', path.join(place.root, 'b'))) as {
    hash: string
  }
  const verified = await place.run('build', '--verify', corrected.hash)

  expect(dry.stdout).toMatch(
    /^2 of 2 on "weekly" would get it\nnothing would be tracked: its mails hold no pixel, and its links lead straight to where they lead\n$/,
  )
  expect(first.hash).not.toBe(tracked.hash)
  expect(messages()).toHaveLength(2)
  for (const message of messages()) {
    expect(message).toContain('A word that was missing.')
    expect(message).not.toMatch(/\/[co]\/[\w-]{22}/)
    expect(message).toMatch(/\/u\/[\w-]{22}/)
  }
  expect(corrected.hash).toBe(built.hash)
  expect(verified).toMatchObject({ code: 0, stdout: `${SAMPLE}: the same, ${corrected.hash}\n` })
  await engine.end('SIGTERM')
})

test('a Send at a set time keeps to it', async () => {
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
  const at = ['--at', `${day} 09:00`, '--zone', 'UTC']
  const scheduled = (await place.json('send', SAMPLE, '--list', 'weekly', '--no-tracking', ...at)) as {
    hash: string
  }
  const verified = await place.run('build', '--verify', scheduled.hash)

  expect(verified.stdout).toBe(`${SAMPLE}: the same, ${scheduled.hash}\n`)
})

test('one reader by letter: off, shown, on again, and only as one of the two', async () => {
  const address = 'reader1@example.org'
  const off = await place.run('subscribers', 'tracking', address, '--off', '--by', 'Ada')
  const again = (await place.json('subscribers', 'tracking', address, '--off')) as { changed: boolean }
  const shown = await place.run('subscribers', 'show', address)
  const on = await place.run('subscribers', 'tracking', address, '--on')
  const neither = await place.run('subscribers', 'tracking', address)
  const both = await place.run('subscribers', 'tracking', address, '--on', '--off')
  const nobody = await place.run('subscribers', 'tracking', 'nobody@example.org', '--off')

  expect(off).toMatchObject({ code: 0, stderr: '' })
  expect(off.stdout).toMatch(/^reader1@example\.org: from now on nothing is kept of what they open and click/)
  expect(again.changed).toBe(false)
  expect(shown.stdout).toMatch(/^ {2}tracking +off$/m)
  expect(shown.stdout).toMatch(/preferred .*how command, by Ada, tracking off/)
  expect(on.stdout).toBe(`${address}: opens and clicks are kept again, from the next issue on\n`)
  for (const wrong of [neither, both])
    expect(wrong).toMatchObject({ code: 2, stderr: 'subscribers tracking wants one of --off and --on\n' })
  expect(nobody.code).toBe(2)
})
