/** What a draft is compared with: what Sends have pinned, what git keeps, what was built here lately. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRevisions } from '../../../src/commands/git-revisions.js'
import type { DraftView, Problem } from '../../../src/web/studio/api.js'
import type { ComparisonView, VersionsView } from '../../../src/web/studio/versions/api.js'
import { createDatabase, dropDatabase } from '../../rig/database.js'
import { git, pinSend } from '../../rig/pinned.js'
import { openTestStudio, type TestStudio } from '../../rig/studio.js'

const SHORE_POWER = '2026-11-10-shore-power-before-berths'
const COLD_BOXES = '2026-11-24-a-levy-on-cold-boxes'
const HARBOUR = '2026-12-01-harbour'
const FILE = `issues/${HARBOUR}.md`
const issue = (words: string, link = 'https://harbour.example/old') =>
  `---\ntitle: Harbour\nsubject: ${words}\ndate: 2026-12-01\nnumber: 43\n---\n\n## Quay\n\n${words} Read [the plan](${link}).\n\nThe lamps stay lit.\n`

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg==',
  'base64',
)

let studio: TestStudio
let databaseUrl: string | null
let env: Record<string, string>

beforeEach(async () => {
  databaseUrl = await createDatabase()
  env = databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }
  studio = await openTestStudio({ env, files: { [FILE]: issue('The crane is up.') } })
})

afterEach(async () => {
  await studio.close()
  if (databaseUrl !== null) await dropDatabase(databaseUrl)
})

const pin = (slug: string, startedAt: number) =>
  pinSend({ root: studio.root, env }, slug, { list: 'readers', startedAt })

async function readVersions(slug = HARBOUR): Promise<VersionsView> {
  return (await fetch(`${studio.url}/api/drafts/${slug}/versions`)).json()
}

async function compareWith(key: string, slug = HARBOUR): Promise<ComparisonView> {
  const response = await fetch(
    `${studio.url}/api/drafts/${slug}/compare?${new URLSearchParams({ with: key })}`,
  )
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

async function refusal(key: string, slug = HARBOUR): Promise<string> {
  const response = await fetch(
    `${studio.url}/api/drafts/${slug}/compare?${new URLSearchParams({ with: key })}`,
  )
  expect(response.status).toBe(422)
  const { problems }: { problems: readonly Problem[] } = await response.json()
  return problems.map(({ where, message }) => `${where} ${message}`.trim()).join('\n')
}

async function frameOf(query: Record<string, string>, slug = HARBOUR): Promise<string> {
  return (await fetch(`${studio.url}/frame/${slug}/mail?${new URLSearchParams(query)}`)).text()
}

/** What differs in the words, as `-gone +new`. */
function changes({ text }: ComparisonView): string {
  return text
    .flat()
    .filter(({ kind }) => kind !== 'same')
    .map(({ kind, text: words }) => `${kind === 'added' ? '+' : '-'}${words.trim()}`)
    .join(' ')
}

describe('Sends', () => {
  test('what is in the list: Sends of the issue, and the last issue that was sent before', async () => {
    const earlier = await pin(SHORE_POWER, Date.UTC(2026, 10, 10))
    const last = await pin(COLD_BOXES, Date.UTC(2026, 10, 24))
    const own = await pin(HARBOUR, Date.UTC(2026, 11, 1))

    const { versions } = await readVersions()

    expect(versions.map(({ key, name, detail, hash }) => ({ key, name, detail, hash }))).toEqual([
      {
        key: `send:${own.sendId}`,
        name: `Send ${own.sendId} to readers`,
        detail: 'finished',
        hash: own.hash,
      },
      { key: `send:${last.sendId}`, name: 'The last issue sent', detail: COLD_BOXES, hash: last.hash },
    ])
    const before = await readVersions(COLD_BOXES)
    expect(before.versions.map(({ key }) => key)).toEqual([`send:${last.sendId}`, `send:${earlier.sendId}`])
  })

  test('a draft that has not changed is exactly the bytes of its Send', async () => {
    const { sendId, hash } = await pin(HARBOUR, 1)

    const { same, verdict, lines, links, text } = await compareWith(`send:${sendId}`)

    const draft: DraftView = await (await fetch(`${studio.url}/api/drafts/${HARBOUR}`)).json()
    expect(draft.facts?.hash).toBe(hash)
    expect({ same, verdict, lines, links }).toEqual({
      same: 'all',
      verdict: `These are exactly the bytes of Send ${sendId} to readers.`,
      lines: [],
      links: [],
    })
    expect(text.flat().every(({ kind }) => kind === 'same')).toBe(true)
  })

  test('words, subject and links that differ from what was sent are told', async () => {
    const { sendId } = await pin(HARBOUR, 1)
    studio.write(FILE, issue('The crane is down.', 'https://harbour.example/new'))

    const compared = await compareWith(`send:${sendId}`)

    expect(compared).toMatchObject({ same: 'nothing', verdict: '' })
    expect(changes(compared)).toContain('-up +down')
    expect(compared.lines.find(({ what }) => what === 'Subject')?.pieces).toEqual([
      { kind: 'same', text: 'The crane is ' },
      { kind: 'removed', text: 'up' },
      { kind: 'added', text: 'down' },
      { kind: 'same', text: '.' },
    ])
    expect(compared.links).toMatchObject([{ kind: 'changed', words: 'the plan' }])
  })

  test('its picture is shown as it was pinned, in the mode that is asked for, with images that are gone', async () => {
    studio.write('issues/images/quay.png', PNG)
    studio.write(FILE, `${issue('The crane is up.')}\n![The quay](images/quay.png)\n`)
    const { sendId } = await pin(HARBOUR, 1)
    rmSync(path.join(studio.root, 'issues/images'), { recursive: true })
    studio.write(FILE, issue('The crane is down.'))

    const sent = await frameOf({ version: `send:${sendId}` })

    expect(sent).toContain('The crane is up.')
    expect(await frameOf({})).not.toContain('The crane is up.')
    expect(await frameOf({ version: `send:${sendId}`, light: 'fully' })).not.toBe(sent)
    const [, image = ''] = /src="(\/image\/[^"]+)"/.exec(sent) ?? []
    const answer = await fetch(studio.url + image.replaceAll('&amp;', '&'))
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array(PNG))
  })

  test('the first digits of a hash are enough', async () => {
    const { sendId, hash } = await pin(HARBOUR, 1)

    expect((await compareWith(`hash:${hash.slice(0, 8)}`)).verdict).toContain(hash.slice(0, 12))
    // Whoever writes them alone may mean a commit or a hash.
    expect((await compareWith(`git:${hash.slice(0, 8)}`)).same).toBe('all')
    expect(await refusal('send:99')).toBe('there is no Send 99')
    expect(sendId).toBe(1)
  })
})

describe('what was built here lately', () => {
  test('a draft is compared with what it was before it was saved', async () => {
    const hash = await builtHash()
    studio.write(FILE, issue('The crane is down.'))

    const compared = await compareWith(`hash:${hash.slice(0, 10)}`)

    expect(changes(compared)).toContain('-up +down')
    expect(await refusal('hash:00000000')).toContain('has a hash that begins with 00000000')
  })

  /** Once its findings are there, the build has been kept. */
  async function builtHash(): Promise<string> {
    const ending = new AbortController()
    const live = await fetch(`${studio.url}/api/live?slug=${HARBOUR}`, { signal: ending.signal })
    const reader = (live.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
    try {
      for (let told = ''; !told.includes('event: findings'); ) told += (await reader.read()).value ?? ''
      const draft: DraftView = await (await fetch(`${studio.url}/api/drafts/${HARBOUR}`)).json()
      return draft.facts?.hash ?? ''
    } finally {
      ending.abort()
    }
  }
})

describe('git', () => {
  beforeEach(() => {
    git(studio.root, 'init', '--quiet', '--initial-branch=main')
    git(studio.root, 'add', '.')
    git(studio.root, 'commit', '--quiet', '--message=The crane is up')
  })

  test('commits that touched the issue are in the list, by their messages', async () => {
    studio.write(FILE, issue('The crane is down.'))
    git(studio.root, 'commit', '--quiet', '--all', '--message=The crane is down')
    studio.write('templates/partials/note.txt', 'x')
    git(studio.root, 'add', '.')
    git(studio.root, 'commit', '--quiet', '--message=Nothing of the issue')

    const { versions, whyNoCommits } = await readVersions()

    expect(versions.map(({ kind, name }) => `${kind}: ${name}`)).toEqual([
      'commit: The crane is down',
      'commit: The crane is up',
    ])
    expect(whyNoCommits).toBe('')
  })

  test.each(['main', 'HEAD', 'approved', 'HEAD~0'])('a draft is compared with what %s is', async (name) => {
    git(studio.root, 'tag', 'approved')
    studio.write(FILE, issue('The crane is down.'))

    const compared = await compareWith(`git:${name}`)

    expect(compared.name).toMatch(/commit [0-9a-f]{7}$/)
    expect(changes(compared)).toContain('-up +down')
    expect(await frameOf({ version: `git:${name}` })).toContain('The crane is up.')
  })

  test('an older template is what the older picture is made with', async () => {
    studio.edit('templates/digest/email.mjml', (text) =>
      text.replace('<mj-body', '<mj-body css-class="newer"'),
    )

    expect(await frameOf({})).toContain('newer')
    expect(await frameOf({ version: 'git:HEAD' })).not.toContain('newer')
  })

  test('without a change since the commit the bytes are the same', async () => {
    expect((await compareWith('git:HEAD')).verdict).toMatch(
      /^These are exactly the bytes of HEAD, commit [0-9a-f]{7}\.$/,
    )
  })

  test('no hook runs, and nothing is written', async () => {
    const [hooks, ran] = [path.join(studio.root, '.git/hooks'), path.join(studio.root, 'hook-ran')]
    mkdirSync(hooks, { recursive: true })
    for (const hook of ['post-checkout', 'fsmonitor', 'post-index-change'])
      writeFileSync(path.join(hooks, hook), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 })
    git(studio.root, 'config', 'core.fsmonitor', path.join(hooks, 'fsmonitor'))
    const index = git(studio.root, 'hash-object', '.git/index')
    studio.write(FILE, issue('The crane is down.'))

    await compareWith('git:HEAD')

    expect(readdirSync(studio.root)).not.toContain('hook-ran')
    expect(git(studio.root, '-c', 'core.fsmonitor=false', 'hash-object', '.git/index')).toBe(index)
  })

  test('what keeps an old revision from being drawn is told with its place there', async () => {
    studio.write(FILE, '---\ntitle: Harbour\n---\n\nText.\n')
    git(studio.root, 'commit', '--quiet', '--all', '--message=Broken')
    studio.write(FILE, issue('The crane is up.'))

    expect(await refusal('git:HEAD')).toMatch(/^[0-9a-f]{7}:issues\/2026-12-01-harbour\.md "date" is missing/)
  })

  test.each([
    ['git:--output=x', 'git knows no branch, tag or commit "--output=x"'],
    ['git::/crane', 'git knows no branch, tag or commit ":/crane"'],
    ['git:nowhere', 'git knows no branch, tag or commit "nowhere"'],
    ['git:HEAD:issues', 'git knows no branch, tag or commit "HEAD:issues"'],
    ['git:a b', 'git knows no branch, tag or commit "a b"'],
    ['main', 'names no version'],
  ])('%s is refused with a sentence', async (key, sentence) => {
    expect(await refusal(key)).toContain(sentence)
  })

  test('an issue that no commit holds yet says so', async () => {
    studio.write('issues/2026-12-08-new.md', issue('New.').replace('43', '44').replace('12-01', '12-08'))

    expect(await readVersions('2026-12-08-new')).toEqual({
      versions: [],
      whyNoCommits: 'no commit holds this issue yet',
    })
    expect(await refusal('git:HEAD', '2026-12-08-new')).toMatch(/is not in [0-9a-f]{7}: it came later/)
  })
})

test('without a repository the list says so, and a revision is refused', async () => {
  const { versions, whyNoCommits } = await readVersions()

  expect(versions).toEqual([])
  expect(whyNoCommits).toContain('is in no git repository')
  expect(await refusal('git:main')).toContain('is in no git repository')
})

describe('a root below the top of a repository', () => {
  let top: string

  beforeEach(() => {
    top = mkdtempSync(path.join(tmpdir(), 'pressrun-repository-'))
    mkdirSync(path.join(top, 'letters/issues'), { recursive: true })
    writeFileSync(path.join(top, 'letters/issues/a.md'), 'One\r\n')
    writeFileSync(path.join(top, 'letters/secret.txt'), 'not ours')
    writeFileSync(path.join(top, 'elsewhere.md'), 'not ours')
    git(top, 'init', '--quiet')
    git(top, 'add', '.')
    git(top, 'commit', '--quiet', '--message=One: a "word" and ü')
  })

  afterEach(() => rmSync(top, { recursive: true, force: true }))

  test('gives its own files as they were, and takes the folder away again', async () => {
    const revisions = openRevisions(path.join(top, 'letters'))
    const id = (await revisions.find('HEAD')) ?? ''

    const [folder, files] = await revisions.take(id, async (root) => [
      root,
      readdirSync(root, { recursive: true, encoding: 'utf8' }).sort(),
    ])

    expect(files).toEqual(['issues', path.join('issues', 'a.md')])
    expect(readdirSync(tmpdir())).not.toContain(path.basename(folder))
    const { commits } = await revisions.list('issues/a.md')
    expect(commits).toEqual([{ id, subject: 'One: a "word" and ü', at: expect.any(Number) }])
  })

  test('one that has no commit yet says so', async () => {
    rmSync(path.join(top, '.git'), { recursive: true })
    git(top, 'init', '--quiet')

    expect(await openRevisions(path.join(top, 'letters')).list('issues/a.md')).toEqual({
      commits: [],
      why: 'there is no commit yet',
    })
  })
})
