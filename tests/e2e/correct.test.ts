/** A correction as an editor makes it: looked at first, then on the page, and in nobody's inbox. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE } from '../rig/cli.js'

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot({ PUBLIC_URL: 'https://news.example.org' })
  place.write('readers.csv', readersCsv(2))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
})

afterEach(() => place.close())

const file = () => path.join(place.root, 'issues', `${SAMPLE}.md`)

test('shown, refused, published, and shown to readers with its note; nobody is mailed', async () => {
  const early = await place.run('correct', SAMPLE, '--note', 'Too early.')
  await place.run('send', SAMPLE, '--list', 'weekly', '--wait')
  const same = await place.run('correct', SAMPLE, '--note', 'Nothing.')
  place.write(`issues/${SAMPLE}.md`, `${readFileSync(file(), 'utf8')}\nA word that was missing.\n`)
  const silent = await place.run('correct', SAMPLE)
  const long = await place.run('correct', SAMPLE, '--note', 'x'.repeat(301))
  const dry = await place.run('correct', SAMPLE, '--dry-run')
  const published = (await place.json('correct', SAMPLE, '--note', 'A word was\n missing.')) as {
    readonly hash: string
    readonly was: string
  }
  const again = await place.run('correct', SAMPLE, '--note', 'A word was missing at the end.')

  expect(early).toMatchObject({ code: 1, stdout: '' })
  expect(early.stderr).toBe(
    `${SAMPLE} was not sent yet, so there is nothing to correct; pressrun send ${SAMPLE} --list NAME sends it\n`,
  )
  expect(same).toMatchObject({ code: 1, stdout: '' })
  expect(same.stderr).toContain('shows already; change it first')
  expect(silent.code).toBe(2)
  expect(silent.stderr).toMatch(/^--note: what was corrected\?/)
  expect(long).toMatchObject({ code: 2, stdout: '' })
  expect(dry.code).toBe(0)
  expect(dry.stdout).toContain('+ A word that was missing.\n')
  expect(dry.stderr).toContain('would show the corrected issue')
  expect(published.hash).not.toBe(published.was)
  expect(again.stderr).toContain('says what was corrected; the version stays')

  const engine = await place.start()
  const read = async (url: string) => (await fetch(engine.url + url)).text()
  const page = await read(`/issues/${SAMPLE}`)
  expect(page).toContain('A word that was missing.')
  expect(page).toMatch(/<strong>Corrected on [^<]+<\/strong>: A word was missing at the end\./)
  const earlier = await read(`/issues/${SAMPLE}/versions/${published.was}`)
  expect(earlier).not.toContain('A word that was missing.')
  expect(earlier).toContain('This is an earlier version')
  // The List is private, so whoever has the address alone.
  expect(await read('/feed.atom')).not.toContain('A word that was missing.')
  const ledger = readFileSync(path.join(place.root, '.data', 'inbox', 'ledger.jsonl'), 'utf8')
  expect(ledger.trim().split('\n')).toHaveLength(2)
})

test('what is not fit to be sent is not fit to be shown', async () => {
  await place.run('send', SAMPLE, '--list', 'weekly', '--wait')
  place.write(
    `issues/${SAMPLE}.md`,
    `${readFileSync(file(), 'utf8')}\nSee [here](javascript:alert) and ![](missing.png).\n`,
  )

  const { code, stdout, stderr } = await place.run('correct', SAMPLE, '--note', 'A picture.')

  expect([code === 0, stdout]).toEqual([false, ''])
  expect(stderr).toContain(`issues/${SAMPLE}.md`)
})
