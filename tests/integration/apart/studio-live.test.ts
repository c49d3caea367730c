/** The studio over HTTP: what it tells of an issue while the issue is being written, however it is saved. */

import { closeSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DraftView } from '../../../src/web/studio/api.js'
import { openTestStudio, type TestStudio } from '../../rig/studio.js'
import { type Ears, openEars } from '../../rig/studio-ears.js'

const SLUG = '2026-12-01-harbour'
const OTHER = '2026-12-02-locks'

function issue(words: string, number = 43, date = SLUG.slice(0, 10)): string {
  return `---\ntitle: Harbour ${number}\ndate: ${date}\nnumber: ${number}\n---\n\n## Quay\n\n${words}\n`
}

let studio: TestStudio
let ears: Ears

beforeAll(async () => {
  studio = await openTestStudio()
})

afterAll(() => studio.close())

beforeEach(async () => {
  studio.write(`issues/${SLUG}.md`, issue('The crane is up.'))
  studio.write(`issues/${OTHER}.md`, issue('The lock is shut.', 44, '2026-12-02'))
  await draftOf(SLUG)
  ears = await openEars(studio.url, SLUG)
})

afterEach(() => ears.close())

async function draftOf(slug: string): Promise<DraftView> {
  return (await fetch(`${studio.url}/api/drafts/${slug}`)).json()
}

async function mailOf(slug: string): Promise<string> {
  return (await fetch(`${studio.url}/frame/${slug}/mail`)).text()
}

/** The draft after a change, as it is told. */
async function afterChange(): Promise<DraftView> {
  return (await ears.hear('draft', ({ draft }) => draft.slug === SLUG)).draft
}

test('an issue is told with its title, and its picture stands in a frame; then come its findings', async () => {
  const draft = await draftOf(SLUG)

  expect(draft).toMatchObject({ slug: SLUG, problems: [], facts: { title: 'Harbour 43' } })
  expect(await mailOf(SLUG)).toContain('The crane is up.')
  studio.write(`issues/${SLUG}.md`, issue('The crane is down. TODO'))
  const { draft: found } = await ears.hear('findings', (told) => told.draft.version > draft.version)
  expect(found.findings?.map(({ id }) => id)).toContain('N02')
})

test('a file that is written anew in one go is one new picture', async () => {
  const before = await draftOf(SLUG)
  const savedAt = Date.now()
  studio.write(`issues/${SLUG}.md`, issue('The crane is down.'))
  const { draft, changedAt } = await ears.hear('draft')

  expect(draft.version).toBe(before.version + 1)
  // What was written just before may be told with it.
  expect(changedAt).toBeGreaterThan(savedAt - 1_000)
  expect(changedAt).toBeLessThanOrEqual(Date.now())
  expect(await mailOf(SLUG)).toContain('The crane is down.')
})

test('a file that another is renamed over is seen, and again the next time', async () => {
  for (const words of ['One crane.', 'Two cranes.', 'Three cranes.']) {
    studio.write(`issues/.${SLUG}.md.swp`, 'left over')
    const written = path.join(studio.root, `issues/${SLUG}.md~`)
    writeFileSync(written, issue(words))
    renameSync(written, path.join(studio.root, `issues/${SLUG}.md`))
    await afterChange()
    expect(await mailOf(SLUG)).toContain(words)
  }
})

test('a file that is taken away and written again is never told as broken', async () => {
  const file = path.join(studio.root, `issues/${SLUG}.md`)
  rmSync(file)
  writeFileSync(file, issue('The crane is down.'))

  const draft = await afterChange()

  expect(draft.problems).toEqual([])
  expect(await mailOf(SLUG)).toContain('The crane is down.')
})

test('a file that is emptied first and written after is never shown by half', async () => {
  const before = await draftOf(SLUG)
  const whole = issue('The crane is down.')
  const file = openSync(path.join(studio.root, `issues/${SLUG}.md`), 'w')
  // As long as a slow disk takes.
  await new Promise((resolve) => setImmediate(resolve))
  writeSync(file, whole.slice(0, 20))
  await new Promise((resolve) => setImmediate(resolve))
  writeSync(file, whole.slice(20))
  closeSync(file)

  const draft = await afterChange()

  expect(draft).toMatchObject({ version: before.version + 1, problems: [] })
})

test('what programs keep beside the file while it is edited draws nothing', async () => {
  const before = await draftOf(SLUG)
  for (const name of [`.${SLUG}.md.swp`, `${SLUG}.md~`, '4913', `#${SLUG}.md#`, `.#${SLUG}.md`, 'x.tmp'])
    studio.write(`issues/${name}`, 'nothing')
  // Told in order: had anything been drawn for those, it would have come first.
  studio.write(`issues/${SLUG}.md`, issue('The crane is down.'))

  expect((await afterChange()).version).toBe(before.version + 1)
})

test('twenty saves in a burst end with the last of them', async () => {
  for (let n = 1; n <= 20; n++) studio.write(`issues/${SLUG}.md`, issue(`Crane number ${n} is up.`))
  await afterChange()

  expect(await mailOf(SLUG)).toContain('Crane number 20 is up.')
  expect(ears.count('draft')).toBe(1)
})

test('an issue that nobody looks at is not drawn when it changes, and is whole when it is asked for', async () => {
  const before = await draftOf(OTHER)
  studio.write(`issues/${OTHER}.md`, issue('The lock is open.', 44, '2026-12-02'))
  studio.write(`issues/${SLUG}.md`, issue('The crane is down.'))
  await afterChange()

  // It was drawn before, since it was asked for.
  const isNewer = ({ draft }: { draft: DraftView }) => draft.slug === OTHER && draft.version > before.version
  expect(ears.count('draft', isNewer)).toBe(0)
  expect((await draftOf(OTHER)).version).toBe(before.version + 1)
  expect(await mailOf(OTHER)).toContain('The lock is open.')
})

test('a template, a shared part, the publication and its words are drawn in every issue that is looked at', async () => {
  const others = await openEars(studio.url, OTHER)
  await others.hear('draft', ({ draft }) => draft.slug === OTHER).catch(() => {})
  for (const [file, change] of [
    [
      'templates/digest/email.mjml',
      (text: string) => text.replace('<mj-body', '<mj-body css-class="edited"'),
    ],
    ['templates/partials/story.mjml', (text: string) => `${text}\n`],
    ['issues/newsletter.yaml', (text: string) => `${text}\n# a note\n`],
    ['issues/words.txt', () => 'quayside\n'],
  ] as const) {
    studio.edit(file, change)
    const told = [ears, others].map((one) => one.hear('draft', ({ draft }) => draft.slug === SLUG))
    await Promise.all(told)
  }
  others.close()

  expect(await mailOf(SLUG)).toContain('edited')
})

test('a broken issue keeps its last good picture and says where and what, until it is mended', async () => {
  const before = await draftOf(SLUG)
  studio.write(`issues/${SLUG}.md`, issue('The {{crane}} is down.'))
  const broken = await afterChange()

  expect(broken).toMatchObject({ version: before.version, findings: [], facts: { title: 'Harbour 43' } })
  expect(broken.problems[0]).toMatchObject({ where: `issues/${SLUG}.md`, line: 9 })
  expect(await mailOf(SLUG)).toContain('The crane is up.')

  studio.write(`issues/${SLUG}.md`, issue('The crane is down.'))
  expect((await afterChange()).problems).toEqual([])
  expect(await mailOf(SLUG)).toContain('The crane is down.')
})

test('an issue that was never whole has problems and no picture', async () => {
  studio.write('issues/2026-12-05-new.md', '---\ntitle: New\n---\n')

  const draft = await draftOf('2026-12-05-new')

  expect(draft).toMatchObject({ version: 0, facts: null })
  expect(draft.problems.length).toBeGreaterThan(0)
  expect((await fetch(`${studio.url}/frame/2026-12-05-new/mail`)).status).toBe(404)
  rmSync(path.join(studio.root, 'issues/2026-12-05-new.md'))
})

test('an issue that is renamed, a publication or templates that are gone: each is said, and mended', async () => {
  for (const [file, where] of [
    [`issues/${SLUG}.md`, `issues/${SLUG}.md`],
    ['issues/newsletter.yaml', 'issues/newsletter.yaml'],
    ['templates', 'templates'],
    ['issues', `issues/${SLUG}.md`],
  ] as const) {
    const place = path.join(studio.root, file)
    renameSync(place, path.join(studio.root, 'away'))
    const { draft } = await ears.hear('draft', (told) => told.draft.problems.length > 0)
    expect(`${draft.problems[0]?.where}${draft.problems[0]?.message}`).toContain(where)

    renameSync(path.join(studio.root, 'away'), place)
    await ears.hear('draft', (told) => told.draft.problems.length === 0)
  }
  studio.write(`issues/${SLUG}.md`, issue('The folder is watched again.'))
  await afterChange()
  expect(await mailOf(SLUG)).toContain('The folder is watched again.')
})

test('a number that two issues bear is told of both, and mended in either', async () => {
  studio.write(`issues/${OTHER}.md`, issue('The lock is shut.', 43, '2026-12-02'))
  studio.write(`issues/${SLUG}.md`, issue('The crane is down.'))
  const twin = await afterChange()
  studio.write(`issues/${OTHER}.md`, issue('The lock is shut.', 44, '2026-12-02'))
  const mended = await afterChange()

  expect(twin.problems[0]?.message).toContain(`number 43 is also that of issues/${OTHER}.md`)
  expect(mended.problems).toEqual([])
})

test('a template that calls itself is a problem of the draft, and the studio goes on', async () => {
  const before = await draftOf(SLUG)
  studio.edit('templates/digest/email.mjml', (text) => text.replace('<mj-body', '{{> digest/loop }}<mj-body'))
  studio.write('templates/digest/loop.mjml', '{{> digest/loop }}')
  const broken = (await ears.hear('draft', ({ draft }) => draft.problems.length > 0)).draft
  studio.edit('templates/digest/email.mjml', (text) => text.replace('{{> digest/loop }}', ''))
  rmSync(path.join(studio.root, 'templates/digest/loop.mjml'))
  const mended = (await ears.hear('draft', ({ draft }) => draft.problems.length === 0)).draft

  expect(broken.version).toBe(before.version)
  expect(mended.version).toBeGreaterThan(before.version)
})

test('an issue that comes or goes is news for the list', async () => {
  studio.write('issues/2026-12-06-more.md', issue('More.', 46))
  await ears.hear('issues')
  rmSync(path.join(studio.root, 'issues/2026-12-06-more.md'))
  await ears.hear('issues')
})

test('what leads out of the folder is no issue', async () => {
  for (const slug of ['..%2f..%2fetc%2fpasswd', 'a%5cb', '.env', 'x%00', encodeURIComponent(studio.root)])
    expect([slug, (await fetch(`${studio.url}/api/drafts/${slug}`)).status]).toEqual([slug, 422])
})

test('a folder with nothing in it opens, says so, and shows the first issue as it is written', async () => {
  const empty = await openTestStudio({ folders: [] })
  const news = await openEars(empty.url, SLUG)
  const before = await news.hear('draft')
  empty.take('templates')
  empty.take('issues')
  empty.write(`issues/${SLUG}.md`, issue('The crane is up.'))
  const after = await news.hear('draft', ({ draft }) => draft.version > 0)

  expect(before.draft.problems[0]?.message).toContain('is not there')
  expect(after.draft.problems).toEqual([])
  news.close()
  await empty.close()
})

test('the end of the studio ends what listens to it at once', async () => {
  const brief = await openTestStudio()
  const listener = await openEars(brief.url, '2026-11-24-a-levy-on-cold-boxes')
  await listener.hear('draft')
  const began = performance.now()
  await brief.close()
  await listener.ended

  // Whoever is not told to end is cut off after five seconds.
  expect(performance.now() - began).toBeLessThan(4_500)
})
