import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ImportInput, type ImportReport, importPosts } from './import.js'
import { printFiles, printReport } from './import-report.js'

/** 1 × 1 pixels. */
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

let root: string
let issues: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pressrun-import-'))
  issues = path.join(root, 'issues')
})

afterEach(async () => {
  await rm(root, { recursive: true })
})

/** Writes files below the root and returns the absolute path of the first folder or file. */
async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true })
    await writeFile(path.join(root, name), bytes)
  }
  return path.join(root, Object.keys(files)[0]?.split('/')[0] ?? '')
}

function importFrom(source: string, options: Partial<ImportInput> = {}): Promise<ImportReport> {
  return importPosts({
    source,
    from: null,
    only: [],
    outDir: issues,
    isDry: false,
    keepsBroken: false,
    date: null,
    site: null,
    publication: { lang: 'en', template: 'digest', timeZone: null },
    ...options,
  })
}

function results({ posts }: ImportReport) {
  return posts.map(({ name, result }) => [name, result])
}

function messages({ posts }: ImportReport): string {
  return posts
    .flatMap(({ notes, problems }) => [...notes, ...problems].map(({ message }) => message))
    .join('\n')
}

describe('a text', () => {
  test('becomes an issue file in issues/', async () => {
    const source = await put({
      'bulletin.txt': '14 April 2026\n\nPorts Reopen\n\nThey did so on a Monday.\n',
    })

    const report = await importFrom(source)

    const file = path.join(issues, '2026-04-14-ports-reopen.md')
    expect(printFiles(report)).toBe(`${file}\n`)
    expect(await readFile(file, 'utf8')).toBe(
      '---\ntitle: Ports Reopen\ndate: 2026-04-14\n---\n\n## Ports Reopen\n\nThey did so on a Monday.\n',
    )
  })

  test('that was imported before is left alone', async () => {
    const source = await put({
      'bulletin.txt': '14 April 2026\n\nPorts Reopen\n\nThey did so on a Monday.\n',
    })
    await importFrom(source)
    const file = path.join(issues, '2026-04-14-ports-reopen.md')
    await writeFile(file, 'edited')

    const report = await importFrom(source)

    expect(printReport(report)).toContain(`${file} is there already and was left alone`)
    expect(await readFile(file, 'utf8')).toBe('edited')
  })

  test('of an older Windows program keeps its quotes', async () => {
    const source = await put({
      'bulletin.txt': Buffer.from('14 April 2026\n\nThe port\x92s quays.\n', 'latin1'),
    })

    await importFrom(source)

    expect(await readFile(path.join(issues, '2026-04-14-the-ports-quays.md'), 'utf8')).toContain(
      'The port’s quays.',
    )
  })

  test.each<[string, string | Uint8Array, string]>([
    ['export.zip', 'PK\u0003\u0004…', 'is a zip archive; unzip it first, and name the folder'],
    ['report.docx', 'PK\u0003\u0004…', "is a word processor's file; save it as HTML or plain text first"],
    ['report.pdf', '%PDF-1.7', 'is no text; save it as HTML, Markdown or plain text first'],
    ['page.mhtml', 'From: x', 'is packed; save it as "HTML only" first'],
    ['posts.csv', 'a,b', 'is a table alone; name the folder it came in'],
    ['other.json', '{"a":1}', 'is no export of Ghost or Buttondown'],
    ['broken.json', '{', 'is no valid JSON; export it again'],
  ])('is none: %s', async (name, bytes, complaint) => {
    const source = await put({ [name]: bytes })

    await expect(importFrom(source)).rejects.toThrow(complaint)
  })

  test('that is not there is one sentence', async () => {
    const source = path.join(root, 'none.txt')

    await expect(importFrom(source)).rejects.toThrow(`there is no file ${source}`)
  })
})

test('texts of another kind than their folder are named', async () => {
  const source = await put({
    'posts/2026-04-14-a.md': '# Ports\n\nThey reopen.\n',
    'posts/b.html': '<h1>Quays</h1><p>They close.</p>',
    'posts/c.txt': 'A note.',
    'posts/README.md': '# How this is kept',
  })

  const report = await importFrom(source)

  expect(report.posts.map(({ where, result }) => [path.basename(where), result])).toEqual([
    ['2026-04-14-a.md', 'written'],
    ['b.html', 'left'],
    ['c.txt', 'left'],
  ])
  expect(messages(report)).toContain('it is not markdown, as what was taken')
})

describe('a folder of Markdown', () => {
  const folder = {
    'blog/_posts/2026-04-14-ports-reopen.md':
      '---\ntitle: Ports reopen\nauthor: Ines Varga\n---\n\nThey *did*. ![Quay](../pics/Quay.gif)\n',
    'blog/_posts/2026-04-15-no-title.md': '# Ships wait\n\nFor nine days.\n',
    'blog/_drafts/later.md': '---\ntitle: Later\n---\n\nNot yet.\n',
    'blog/README.md': 'How this blog works.\n',
    'blog/pics/Quay.gif': GIF,
  }

  test('becomes issues with their images; a draft waits until it is named', async () => {
    const source = await put(folder)

    const report = await importFrom(source)

    expect(results(report)).toEqual([
      ['later', 'left'],
      ['ports-reopen', 'written'],
      ['no-title', 'written'],
    ])
    expect(await readFile(path.join(issues, '2026-04-14-ports-reopen.md'), 'utf8')).toBe(
      '---\ntitle: Ports reopen\ndate: 2026-04-14\nauthors:\n  - Ines Varga\n---\n\n## Ports reopen\n\nThey *did*. ![Quay](images/quay.gif)\n',
    )
    expect(await readFile(path.join(issues, 'images', 'quay.gif'))).toEqual(GIF)
  })

  test('is listed first, and nothing is written then', async () => {
    const source = await put(folder)

    const report = await importFrom(source, { isDry: true })

    expect(printFiles(report)).toBe(
      '2026-04-14-ports-reopen  Ports reopen\n2026-04-15-no-title  Ships wait\n',
    )
    await expect(readdir(issues)).rejects.toThrow('ENOENT')
  })

  test('is imported once: a second run says what is there', async () => {
    const source = await put(folder)
    await importFrom(source)

    const report = await importFrom(source)

    expect(results(report).map(([, result]) => result)).toEqual(['left', 'there', 'there'])
    expect(await readdir(path.join(issues, 'images'))).toEqual(['quay.gif'])
  })

  test('gives the posts that are named, and the draft too', async () => {
    const source = await put(folder)

    const report = await importFrom(source, { only: ['later'], date: '2026-05-01' })

    expect(results(report)).toEqual([['later', 'written']])
    expect(await readdir(issues)).toEqual(['2026-05-01-later.md'])
  })

  test('says which names are near when one is wrong', async () => {
    const source = await put(folder)

    await expect(importFrom(source, { only: ['ports-repen'] })).rejects.toThrow(
      'holds no post "ports-repen"; the nearest are ports-reopen',
    )
  })

  test('with a post that cannot be read gives all the others', async () => {
    const source = await put({ ...folder, 'blog/_posts/2026-04-16-bad.md': '---\ntitle: [\n---\n\nText.\n' })

    const report = await importFrom(source)

    expect(results(report)).toContainEqual(['bad', 'failed'])
    expect(results(report)).toContainEqual(['no-title', 'written'])
    expect(printReport(report)).toContain('2026-04-16-bad.md:')
  })

  test('with two posts of one name and day keeps both', async () => {
    const source = await put({
      'blog/a/2026-04-14-news.md': '# News\n\nOne.\n',
      'blog/b/2026-04-14-news.md': '# News\n\nTwo.\n',
    })

    await importFrom(source)

    expect(await readdir(issues)).toEqual(['2026-04-14-news-2.md', '2026-04-14-news.md'])
  })
})

describe('an image', () => {
  test.each<[string, string, string]>([
    ['../outside.gif', 'climbs out', 'lies outside of what is imported'],
    ['link.gif', 'is a link', 'is a symbolic link; copy the file there itself'],
    ['linked/inside.gif', 'lies behind a link', 'is a symbolic link; copy the file there itself'],
    ['big.gif', 'is too large', 'bytes, of which 2097152 are the most'],
    ['fake.gif', 'is none', 'is no image; mail readers show png, jpg and gif'],
    ['drawing.svg', 'is of another kind', 'is svg; mail readers show png, jpg and gif'],
    ['none.gif', 'is missing', 'was not found beside it'],
  ])('%s, which %s, is said to be and stays as words', async (name, _why, reason) => {
    const source = await put({
      'post/2026-04-14-quay.md': `# Quay\n\nText. ![The quay](${name})\n`,
      'post/big.gif': Buffer.concat([GIF, Buffer.alloc(2 * 1024 * 1024)]),
      'post/fake.gif': 'not an image',
      'post/drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      'outside.gif': GIF,
      'far/inside.gif': GIF,
    })
    await symlink(path.join(root, 'outside.gif'), path.join(source, 'link.gif'))
    await symlink(path.join(root, 'far'), path.join(source, 'linked'))

    const report = await importFrom(source)

    expect(messages(report)).toContain(reason)
    expect(await readFile(path.join(issues, '2026-04-14-quay.md'), 'utf8')).toContain('Text. Image: The quay')
    expect(await readdir(issues)).toEqual(['2026-04-14-quay.md'])
  })

  test('on a web server is a link, listed to be downloaded', async () => {
    const source = await put({ 'p/2026-04-14-a.md': '# A\n\n![Quay](https://example.com/q.png)\n' })

    const report = await importFrom(source)

    expect(await readFile(path.join(issues, '2026-04-14-a.md'), 'utf8')).toContain(
      '[Image: Quay](https://example.com/q.png)',
    )
    expect(report.posts[0]?.downloads).toEqual(['https://example.com/q.png'])
  })

  test('of the name of another one gets a number, and is copied once', async () => {
    const other = Buffer.concat([GIF, Buffer.from([0])])
    const source = await put({
      'p/a/2026-04-14-a.md': '# A\n\nText ![Quay](q.gif)\n',
      'p/a/q.gif': GIF,
      'p/b/2026-04-14-b.md': '# B\n\nText ![Quay](q.gif) ![Quay](../a/q.gif)\n',
      'p/b/q.gif': other,
    })

    await importFrom(source)

    expect(await readdir(path.join(issues, 'images'))).toEqual(['q-2.gif', 'q.gif'])
    expect(await readFile(path.join(issues, '2026-04-14-b.md'), 'utf8')).toContain(
      '![Quay](images/q-2.gif) ![Quay](images/q.gif)',
    )
  })

  test('written into the page is a file as well', async () => {
    const source = await put({
      'page.html': `<title>Quay</title><p>Text <img alt="Dot" src="data:image/gif;base64,${GIF.toString('base64')}"></p>`,
    })

    await importFrom(source, { date: '2026-04-14' })

    expect(await readFile(path.join(issues, 'images', 'image.gif'))).toEqual(GIF)
  })
})

describe('what would be no valid issue', () => {
  const page = { 'page.html': `<title>Long</title><p>${'word '.repeat(250_000)}</p>` }

  test('is not written, and the reason is said', async () => {
    const source = await put(page)

    const report = await importFrom(source, { date: '2026-04-14' })

    expect(results(report)).toEqual([['page', 'failed']])
    expect(printReport(report)).toContain('--keep-broken')
    expect(messages(report)).toContain('1000000 is the most')
  })

  test('is written when that is asked for', async () => {
    const source = await put(page)

    const report = await importFrom(source, { date: '2026-04-14', keepsBroken: true })

    expect(results(report)).toEqual([['page', 'broken']])
    expect(await readdir(issues)).toEqual(['2026-04-14-page.md'])
  })
})
