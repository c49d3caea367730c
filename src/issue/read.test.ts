import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listIssues, readIssue, readPublication, resolveIssueFile } from './read.js'

let outside: string
let root: string

beforeEach(async () => {
  outside = await mkdtemp(path.join(tmpdir(), 'pressrun-read-'))
  root = path.join(outside, 'root')
  await mkdir(path.join(root, 'issues'), { recursive: true })
  await write('issues/newsletter.yaml', 'name: The Harbour Brief\n')
  await write('issues/README.md', '# How to write an issue\n')
})

afterEach(async () => {
  await rm(outside, { recursive: true })
})

async function write(name: string, text: string): Promise<string> {
  const file = path.join(root, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

function issueText(date: string, keys = ''): string {
  return `---\ntitle: Ports\ndate: ${date}\n${keys}---\nHello.\n`
}

describe('an issue', () => {
  test('is found by slug, by file name, and by paths relative and absolute', async () => {
    const file = await write('issues/2026-03-31-ports.md', issueText('2026-03-31'))

    for (const name of ['2026-03-31-ports', '2026-03-31-ports.md', 'issues/2026-03-31-ports.md', file])
      expect(await resolveIssueFile(root, name)).toBe(file)
    expect(await readIssue(root, '2026-03-31-ports')).toMatchObject({
      slug: '2026-03-31-ports',
      file: 'issues/2026-03-31-ports.md',
      template: 'digest',
    })
  })

  test('may lie outside the root when its whole path is given', async () => {
    const file = path.join(outside, '2026-03-31-ports.md')
    await writeFile(file, issueText('2026-03-31'))

    expect(await readIssue(root, file)).toMatchObject({ file, slug: '2026-03-31-ports' })
  })

  test.each([
    '../outside',
    '../2026-03-31-ports.md',
    'issues/../../x.md',
    'a/b',
    '/etc/passwd',
    '..',
    '',
    'a\0b',
    '..\\x.md',
  ])('is not named %j', async (name) => {
    await expect(resolveIssueFile(root, name)).rejects.toThrow(/names no issue|there is no issue/)
  })

  test('that does not exist is answered with the nearest ones', async () => {
    await write('issues/2026-03-31-ports.md', issueText('2026-03-31'))
    await write('issues/2026-04-14-grain.md', issueText('2026-04-14'))

    await expect(readIssue(root, '2026-03-31-prots')).rejects.toThrow(
      'there is no issue "2026-03-31-prots"; the nearest are 2026-03-31-ports',
    )
    await expect(readIssue(root, 'grain')).rejects.toThrow('the nearest are 2026-04-14-grain')
  })

  test('a folder with the name of an issue is told for what it is', async () => {
    await mkdir(path.join(root, 'issues/2026-05-01-folder.md'), { recursive: true })

    await expect(readIssue(root, '2026-05-01-folder')).rejects.toThrow(
      'issues/2026-05-01-folder.md is no file; an issue is a file that can be read and written',
    )
  })

  test('that links out of the root is refused', async () => {
    await writeFile(path.join(outside, 'secret.md'), issueText('2026-03-31'))
    await symlink(path.join(outside, 'secret.md'), path.join(root, 'issues', '2026-03-31-link.md'))

    await expect(readIssue(root, '2026-03-31-link')).rejects.toThrow('links to a file outside')
    expect(await listIssues(root)).toMatchObject([{ kind: 'broken', slug: '2026-03-31-link' }])
  })

  test('of five megabytes is refused unread', async () => {
    await writeFile(path.join(root, 'issues', '2026-03-31-ports.md'), 'x'.repeat(5_000_000))

    await expect(readIssue(root, '2026-03-31-ports')).rejects.toThrow(
      'issues/2026-03-31-ports.md: the file has 5000000 bytes; 1000000 is the most',
    )
  })

  test('that cannot be read as UTF-8 is refused with the line', async () => {
    const file = path.join(root, 'issues', '2026-03-31-ports.md')
    await writeFile(file, Buffer.from('---\ntitle: A\ndate: 2026-03-31\n---\nCaf\xe9\n', 'latin1'))

    await expect(readIssue(root, '2026-03-31-ports')).rejects.toThrow(
      'issues/2026-03-31-ports.md:5: U+FFFD stands for lost text; save the file as UTF-8',
    )
  })
})

describe('the folder', () => {
  test('is listed by date, what is broken with its problems', async () => {
    await write('issues/2026-04-14-grain.md', '---\ntitle: Grain\n---\nHello.\n')
    await write('issues/2026-03-31-ports.md', issueText('2026-03-31'))
    await write('issues/draft.md', issueText('2026-03-31'))

    const listings = await listIssues(root)

    expect(listings.map(({ slug, kind }) => [slug, kind])).toEqual([
      ['2026-03-31-ports', 'issue'],
      ['2026-04-14-grain', 'broken'],
      ['draft', 'broken'],
    ])
  })

  test('with one number twice names both, also when one of them is broken', async () => {
    await write('issues/2026-03-31-ports.md', issueText('2026-03-31', 'number: 7\n'))
    await write(
      'issues/2026-04-14-grain.md',
      issueText('2026-04-14', 'number: 7\n').replace('Hello', '{{x}}'),
    )

    await expect(readIssue(root, '2026-03-31-ports')).rejects.toThrow(
      'issues/2026-03-31-ports.md:4: number 7 is also that of issues/2026-04-14-grain.md; give one of them another',
    )
    expect(
      (await listIssues(root)).map((listing) => listing.kind === 'broken' && listing.problems.length),
    ).toEqual([1, 2])
  })

  test('with a link to nothing is still listed', async () => {
    await symlink(path.join(root, 'nowhere.md'), path.join(root, 'issues', '2026-03-31-link.md'))

    expect(await listIssues(root)).toMatchObject([
      { kind: 'broken', problems: [{ message: expect.stringContaining('is missing') }] },
    ])
  })
})

describe('the publication', () => {
  test('that links out of the root is refused, and nothing of it is told', async () => {
    const file = path.join(root, 'issues', 'newsletter.yaml')
    await rm(file)
    await writeFile(path.join(outside, 'secret'), 'root:x:0\nsecret: hunter2\n')
    await symlink(path.join(outside, 'secret'), file)

    await expect(readPublication(root)).rejects.toThrow(
      `issues/newsletter.yaml links to a file outside ${root}; copy it here`,
    )
  })

  test('is read from newsletter.yaml', async () => {
    expect(await readPublication(root)).toMatchObject({ name: 'The Harbour Brief', lang: 'en' })
  })

  test('that links out of the root is refused', async () => {
    await writeFile(path.join(outside, 'newsletter.yaml'), 'name: Elsewhere\n')
    await rm(path.join(root, 'issues/newsletter.yaml'))
    await symlink(path.join(outside, 'newsletter.yaml'), path.join(root, 'issues/newsletter.yaml'))

    await expect(readPublication(root)).rejects.toThrow('issues/newsletter.yaml links to a file outside')
  })

  test('that is not there is one sentence', async () => {
    await expect(readPublication(outside)).rejects.toThrow(
      'issues/newsletter.yaml is missing; write it, or name its root with --root',
    )
  })
})
