/** The order of pictures, with a painter that takes as long as the test wants. */

import { expect, test } from 'vitest'
import type { Build } from '../../compile/build.js'
import type { Picture } from '../../compile/picture.js'
import { InputError } from '../../errors.js'
import { openLog } from '../../log.js'
import type { LiveEvents } from './api.js'
import { openDrafts } from './drafts.js'

const SLUG = '2026-12-01-harbour'
const FILE = `issues/${SLUG}.md`

/** A picture that is told from others by its source. */
function picture(source: string): Picture {
  const compiled = {
    title: source,
    number: null,
    date: '2026-12-01',
    lang: 'en',
    links: [],
    subject: [],
    html: [],
    text: [],
    publication: { from: { name: 'Harbour', address: 'news@example.org' } },
  }
  // All that drafts read of one.
  return { file: FILE, source, preheader: [], compilation: { compiled, hash: source } } as unknown as Picture
}

function openRig() {
  const waiting: { readonly resolve: (drawn: Picture) => void; readonly reject: (error: Error) => void }[] =
    []
  let wake = () => {}
  let nowMs = 1_000
  const drafts = openDrafts({
    draw: () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        wake()
      }),
    // All that drafts read of one.
    check: async () => ({ findings: [] }) as unknown as Build,
    look: async () => {},
    now: () => nowMs,
    log: openLog('silent'),
  })
  const told: LiveEvents['draft'][] = []
  drafts.live.on('draft', (event) => told.push(event))
  return {
    drafts,
    told,
    waiting,
    change: (changedAt: number, file = FILE) => drafts.change({ files: new Set([file]), changedAt }),
    at(ms: number) {
      nowMs = ms
    },
    /** The next picture that is asked for. */
    async next() {
      while (waiting.length === 0)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const [first] = waiting.splice(0, 1)
      if (first === undefined) throw new Error('nothing is drawn')
      return first
    },
    titles: () => told.map(({ draft }) => draft.facts?.title),
  }
}

/** All that follows from what has been resolved. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('what changes while it is drawn is drawn after it, and the older picture is not shown', async () => {
  const { drafts, change, next, titles, told } = openRig()
  drafts.show(SLUG)
  const first = await next()
  change(1_010)
  change(1_020)
  first.resolve(picture('old'))
  ;(await next()).resolve(picture('new'))
  await settle()

  expect(titles()).toEqual(['new'])
  expect(told[0]).toMatchObject({ changedAt: 1_000, draft: { version: 1 } })
})

test('who writes without end still sees how far it has come', async () => {
  const { drafts, change, next, titles, at } = openRig()
  drafts.show(SLUG)
  const first = await next()
  change(1_010)
  at(1_600)
  first.resolve(picture('old'))
  ;(await next()).resolve(picture('new'))
  await settle()

  expect(titles()).toEqual(['old', 'new'])
})

test('never are two pictures of an issue drawn at once', async () => {
  const { drafts, change, next, waiting } = openRig()
  drafts.show(SLUG)
  const first = await next()
  change(1_010)
  drafts.show(SLUG)
  void drafts.get(SLUG)
  await settle()

  expect(waiting).toHaveLength(0)
  first.resolve(picture('old'))
  ;(await next()).resolve(picture('new'))
})

test('a change of what is broken is told when it is mended, with the picture that it had until then', async () => {
  const { drafts, change, next, told } = openRig()
  drafts.show(SLUG)
  ;(await next()).resolve(picture('whole'))
  await settle()
  change(1_010)
  ;(await next()).reject(new InputError([{ where: FILE, line: 3, message: 'is wrong' }]))
  await settle()
  change(1_020, 'issues/2026-12-02-other.md')
  ;(await next()).resolve(picture('mended'))
  await settle()

  expect(told.map(({ draft }) => [draft.version, draft.facts?.title, draft.problems.length])).toEqual([
    [1, 'whole', 0],
    [1, 'whole', 1],
    [2, 'mended', 0],
  ])
})

test('what fails otherwise is a problem of the draft, and the next change is drawn', async () => {
  const { drafts, change, next, told } = openRig()
  drafts.show(SLUG)
  ;(await next()).reject(new Error('the compiling process ended early'))
  await settle()
  change(1_010)
  ;(await next()).resolve(picture('whole'))
  await settle()

  expect(told[0]?.draft.problems).toEqual([
    { where: FILE, line: null, message: 'the compiling process ended early' },
  ])
  expect(told[1]?.draft.problems).toEqual([])
})

test('an issue that no page shows any more is not drawn', async () => {
  const { drafts, change, next, waiting } = openRig()
  const leave = drafts.show(SLUG)
  ;(await next()).resolve(picture('whole'))
  await settle()
  leave()
  change(1_010)
  await settle()

  expect(waiting).toHaveLength(0)
})
