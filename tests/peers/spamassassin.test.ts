/** What a spam filter says to issues as they are sent: the samples, and the fixtures with every element there is. */

import { cpSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CliRoot, openCliRoot } from '../rig/cli.js'
import { judgeSpam } from '../rig/spamassassin.js'
import { KINDS, writeTestNotice } from '../rig/written-notice.js'

const repository = path.join(import.meta.dirname, '../..')

/** Filters sort out from 5 on; what others add for the sender must fit in between. */
const MOST = 2

const ROOTS = [repository, path.join(repository, 'tests/fixtures/press')]
const ISSUES = ROOTS.flatMap((root) =>
  readdirSync(path.join(root, 'issues'))
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .map((name) => ({ slug: name.slice(0, -'.md'.length), root })),
)

let place: CliRoot

beforeAll(async () => {
  place = await openCliRoot({ PUBLIC_URL: 'https://brief.harbour.example.com' })
})

afterAll(() => place.close())

test.each(ISSUES)('$slug is no spam to SpamAssassin', async ({ slug, root }) => {
  cpSync(path.join(root, 'issues'), path.join(place.root, slug, 'issues'), { recursive: true })
  cpSync(path.join(repository, 'templates'), path.join(place.root, slug, 'templates'), { recursive: true })
  const { code, stderr } = await place.run(
    '--root',
    path.join(place.root, slug),
    'build',
    slug,
    '--out',
    'look',
  )
  expect(code, stderr).toBe(0)

  const { score, hits } = judgeSpam(readFileSync(path.join(place.root, 'look', 'message.eml')))

  // That a list announces itself is rewarded; it must not outweigh anything.
  const against = hits.filter(({ points }) => points > 0)
  const sum = against.reduce((total, { points }) => total + points, 0)
  console.info(`${slug}: ${score}; ${hits.map(({ rule, points }) => `${rule} ${points}`).join(', ')}`)
  expect(score).toBeLessThan(MOST)
  expect(sum).toBeLessThan(MOST)
})

test('a honeypot is nothing to SpamAssassin', async () => {
  const [{ slug } = { slug: '' }] = ISSUES
  const file = place.write(
    'issues/newsletter.yaml',
    `${readFileSync(path.join(repository, 'issues/newsletter.yaml'), 'utf8')}\ntracking:\n  honeypot: on\n`,
  )
  expect(readFileSync(file, 'utf8')).toContain('honeypot')
  const { code, stderr } = await place.run('build', slug, '--out', 'trapped')
  expect(code, stderr).toBe(0)
  const message = readFileSync(path.join(place.root, 'trapped', 'message.eml'))

  const { score, hits } = judgeSpam(message)

  expect(message.toString().replaceAll('=\r\n', '')).toMatch(/\/c\/[\w-]+\/x/)
  const against = hits.filter(({ points }) => points > 0)
  console.info(`honeypot: ${score}; ${hits.map(({ rule, points }) => `${rule} ${points}`).join(', ')}`)
  expect(against.reduce((total, { points }) => total + points, 0)).toBeLessThan(MOST)
})

test.each([
  ...KINDS.map((kind) => [kind, 'en'] as const),
  ...(['de', 'fr', 'es'] as const).map((lang) => ['confirm', lang] as const),
])('a %s Notice in %s is no spam to SpamAssassin', async (kind, lang) => {
  const { raw } = await writeTestNotice(kind, lang)

  const { hits } = judgeSpam(raw)

  const against = hits.filter(({ points }) => points > 0)
  console.info(`${kind} ${lang}: ${hits.map(({ rule, points }) => `${rule} ${points}`).join(', ')}`)
  expect(against.reduce((total, { points }) => total + points, 0)).toBeLessThan(MOST)
})

test('what is spam is told from it', () => {
  const gtube = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'
  const message = `From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n\r\n${gtube}\r\n`

  expect(judgeSpam(Buffer.from(message)).score).toBeGreaterThan(100)
})
