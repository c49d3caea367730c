/** `check --links`: which links are asked for, how often, and what an editor reads of it. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkLinks } from '../../../src/commands/check-links.js'
import type { LinkLook } from '../../../src/compile/checks/link-answer.js'
import { readConfig } from '../../../src/config.js'

const SLUG = '2026-03-13-tide'
const HOUR_MS = 3_600_000
let root: string
let asked: string[] = []

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-links-'))
  asked = []
  mkdirSync(path.join(root, 'issues'))
  const publication = 'name: The Tide\npublic-url: https://tide.example.org\n'
  writeFileSync(path.join(root, 'issues/newsletter.yaml'), publication)
})
afterEach(() => rmSync(root, { recursive: true }))

/** The findings of an issue with these links, from line 6 on, as lines. */
async function check(
  links: readonly string[],
  look: (url: string) => LinkLook | Promise<LinkLook>,
  hours = 0,
): Promise<string[]> {
  const lines = links.map((url, at) => `[link ${at}](${url})`).join('\n')
  writeFileSync(
    path.join(root, 'issues', `${SLUG}.md`),
    `---\ntitle: Tide\ndate: 2026-03-13\n---\n\n${lines}\n`,
  )
  const findings = await checkLinks([SLUG], {
    config: readConfig({ root, env: {} }),
    now: () => 1_000_000_000_000 + hours * HOUR_MS,
    say: () => {},
    look: async (url) => {
      asked.push(url)
      return look(url)
    },
  })
  return findings.map(
    ({ id, severity, file, line, message }) => `${id} ${severity} ${file}:${line}: ${message}`,
  )
}
const there = (): LinkLook => ({ kind: 'answered', status: 200 })

test('what is not there is a warning with its line, what cannot be told a note', async () => {
  const looks: Readonly<Record<string, LinkLook>> = {
    'https://a.example/gone': { kind: 'answered', status: 404 },
    'https://b.example/': { kind: 'nowhere' },
    'https://c.example/': { kind: 'answered', status: 403 },
    'https://d.example/': { kind: 'silent', why: 'no answer within 10 s' },
    'https://e.example/': { kind: 'silent', why: 'CERT_HAS_EXPIRED' },
  }
  const found = await check([...Object.keys(looks), 'https://f.example/'], (url) => looks[url] ?? there())

  const file = `issues/${SLUG}.md`
  expect(found).toEqual([
    `L04 warn ${file}:6: https://a.example/gone is not there: the site answers 404`,
    `L04 warn ${file}:7: https://b.example/ leads nowhere: there is no site of that name`,
    `L04 info ${file}:8: https://c.example/ could not be checked: the site answers 403`,
    `L04 info ${file}:9: https://d.example/ could not be checked: no answer within 10 s`,
    `L04 warn ${file}:10: https://e.example/ has a certificate that browsers warn of (CERT_HAS_EXPIRED)`,
  ])
})

test('each page is asked for once, one’s own network, mailboxes and ways out never', async () => {
  await check(
    [
      'https://a.example/1',
      'https://a.example/1',
      'https://10.0.0.1/',
      'http://localhost/',
      'mailto:jo@a.example',
      '#tide',
      'https://tide.example.org/u/AAAA',
      'https://tide.example.org/issues/x',
      'https://a.example/unsubscribe?id=7',
    ],
    there,
  )

  expect(asked).toEqual(['https://a.example/1', 'https://tide.example.org/issues/x'])
})

test('what was answered is remembered for a day, what was not is asked again', async () => {
  const look = (url: string): LinkLook =>
    url.includes('silent')
      ? { kind: 'silent', why: 'ECONNRESET' }
      : url.includes('503')
        ? { kind: 'answered', status: 503 }
        : there()
  const links = ['https://a.example/', 'https://silent.example/', 'https://b.example/503']

  await check(links, look)
  await check(links, look, 23)
  expect(asked.slice(3)).toEqual(['https://silent.example/', 'https://b.example/503'])
  await check(links, look, 25)
  expect(asked.slice(5)).toEqual(links)
})

test('a memory that is broken is as good as none', async () => {
  await check(['https://a.example/'], there)
  const file = path.join(root, '.data/links.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty(['https://a.example/', 'askedMs'])

  writeFileSync(file, '{"https://a.example/": 1')
  await check(['https://a.example/'], there)

  expect(asked).toHaveLength(2)
})

test('a site that is silent twice is not asked further', async () => {
  const links = Array.from({ length: 5 }, (_, at) => `https://a.example/${at}`)
  const found = await check([...links, 'https://b.example/'], (url) =>
    url.includes('//a.') ? { kind: 'silent', why: 'no answer within 10 s' } : there(),
  )

  expect(asked.filter((url) => url.includes('//a.'))).toHaveLength(2)
  expect(found).toHaveLength(5)
  expect(found.at(-1)).toContain('the site has not answered before')
})

test('a hundred are asked for at most, and the rest is counted', async () => {
  const found = await check(
    Array.from({ length: 103 }, (_, at) => `https://a.example/${at}`),
    there,
  )

  expect(asked).toHaveLength(100)
  expect(found).toEqual([expect.stringContaining('3 more links were not asked for')])
})

test('where no site can be reached at all, it is this machine', async () => {
  const found = await check(['https://a.example/', 'https://b.example/'], () => ({ kind: 'nowhere' }))

  expect(found).toEqual([
    expect.stringContaining('L04 info issues/2026-03-13-tide.md:null: none of 2 sites could be reached'),
  ])
})

test('four sites are asked at once at most, and each one thing at a time', async () => {
  const links = Array.from({ length: 24 }, (_, at) => `https://${'abcdefgh'.charAt(at % 8)}.example/${at}`)
  const inFlight: string[] = []
  const crowds: number[] = []

  await check(links, async (url) => {
    const { host } = new URL(url)
    expect(inFlight).not.toContain(host)
    inFlight.push(host)
    crowds.push(inFlight.length)
    await new Promise(setImmediate)
    inFlight.splice(inFlight.indexOf(host), 1)
    return there()
  })

  expect(asked).toHaveLength(24)
  expect(Math.max(...crowds)).toBe(4)
})
