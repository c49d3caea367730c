import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseIssue } from '../issue/parse.js'
import { collectLinks } from '../link/collect.js'
import { issuesBefore, openPast } from './past.js'
import { findUrls } from './past-urls.js'

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-past-'))
  mkdirSync(path.join(root, 'issues'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(slug: string, front = '', body = '## Locks\n\nClosed.\n') {
  const source = `---\ntitle: ${slug}\ndate: ${slug.slice(0, 10)}\n${front}---\n\n${body}`
  writeFileSync(path.join(root, `issues/${slug}.md`), source)
}

describe('the memory of past issues', () => {
  test('holds subject, number and links of each, the newest first', async () => {
    write('2026-01-02-locks', 'number: 1\n')
    write(
      '2026-03-13-tides',
      'number: 2\nsubject: \'{{subscriber.name "Reader"}}, the tides\'\n',
      '## Tides\n\n[Here](https://example.com/tide) they are.\n',
    )

    expect(await openPast()(root, null)).toEqual([
      {
        slug: '2026-03-13-tides',
        file: 'issues/2026-03-13-tides.md',
        date: '2026-03-13',
        number: 2,
        subject: 'Reader, the tides',
        urls: ['https://example.com/tide'],
      },
      {
        slug: '2026-01-02-locks',
        file: 'issues/2026-01-02-locks.md',
        date: '2026-01-02',
        number: 1,
        subject: '2026-01-02-locks',
        urls: [],
      },
    ])
  })

  test('leaves out what is broken, and what leads out of the folder', async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'pressrun-else-'))
    writeFileSync(path.join(elsewhere, 'secret.md'), '---\ntitle: Secret\ndate: 2026-01-01\n---\n\nNo.\n')
    symlinkSync(path.join(elsewhere, 'secret.md'), path.join(root, 'issues/2026-01-01-secret.md'))
    writeFileSync(path.join(root, 'issues/2026-01-02-broken.md'), '---\ntitle: [\n---\n')
    mkdirSync(path.join(root, 'issues/2026-01-03-folder.md'))
    write('2026-01-04-sound')

    const past = await openPast()(root, null)

    expect(past.map(({ slug }) => slug)).toEqual(['2026-01-04-sound'])
    rmSync(elsewhere, { recursive: true })
  })

  test('reads a file again when it has changed', async () => {
    const readPast = openPast()
    write('2026-01-02-locks')
    await readPast(root, null)

    write('2026-01-02-locks', 'subject: The locks are closed\n')

    expect((await readPast(root, null))[0]?.subject).toBe('The locks are closed')
  })

  test('is kept for the next command, which reads only what has changed since', async () => {
    const cache = path.join(root, '.data/cache')
    write('2026-01-02-locks')
    write('2026-01-03-tides')
    const first = await openPast()(root, cache)
    expect(await openPast()(root, cache)).toEqual(first)

    write('2026-01-03-tides', 'subject: The tides are late\n')
    rmSync(path.join(root, 'issues/2026-01-02-locks.md'))
    write('2026-01-04-mills')

    const past = await openPast()(root, cache)
    expect(past.map(({ subject }) => subject)).toEqual(['2026-01-04-mills', 'The tides are late'])
    expect(await openPast()(root, cache)).toEqual(past)
  })

  test('of an issue are those before it, not itself and none that come later', async () => {
    for (const slug of ['2026-01-02-locks', '2026-01-02-mills', '2026-01-03-tides', '2026-02-01-weirs'])
      write(slug)

    const before = issuesBefore(
      { slug: '2026-01-03-tides', date: '2026-01-03' },
      await openPast()(root, null),
    )

    expect(before.map(({ slug }) => slug)).toEqual(['2026-01-02-mills', '2026-01-02-locks'])
  })

  test('is empty without a folder of issues', async () => {
    expect(await openPast()(path.join(root, 'nowhere'), null)).toEqual([])
  })
})

describe('URLs found without parsing are those of the Links', () => {
  test.each([
    ['[a](https://example.com/a_(b)) and (https://example.com/c).'],
    ['[a](https://example.com/a_\\(b "Title") or <https://example.com/x>; https://example.com/y, too'],
    ['https://example.com/straße?q=ä&b=%20 and [b](<https://example.com/with(one>)'],
    ['[r][one], [s](https://example.com/?a=1&amp;b=2)\n\n[one]: https://example.com/ref "Ref"'],
    ['**https://example.com/bold** and *[c](https://bücher.example/ü)*'],
  ])('%s', (markdown) => {
    const source = `---\ntitle: T\ndate: 2026-01-02\n---\n\n## A\n\n${markdown}\n`
    const publication = { lang: 'en', template: 'digest' }
    const issue = parseIssue({ file: 'x.md', slug: '2026-01-02-x', source, publication })

    expect(findUrls(source).toSorted()).toEqual(
      collectLinks(issue, 'https://news.example.org')
        .map(({ url }) => url)
        .toSorted(),
    )
  })
})
