/** A draft that differs from what a Send of it, and git, have kept; and the comparison of it in Chromium. */

import type { Page } from 'playwright-core'
import type { Screen, Visit } from './browser.js'
import { git, type Pinned, pinSend } from './pinned.js'
import { openStudioPage, openTestStudio, type TestStudio } from './studio.js'

const SHORE_POWER = '2026-11-10-shore-power-before-berths'
const SLUG = '2026-12-01-harbour'
const FILE = `issues/${SLUG}.md`
export const AT = `/issues/${SLUG}`

const issue = (words: string, more = '') => `---
title: The harbour this week
date: 2026-12-01
number: 43
subject: ${words}
preheader: Which of the five gates are closed this winter, and who pays for it.
---

## The quay

${words} Read [the plan](https://harbour.example.com/${more === '' ? 'old' : 'new'}) of the council.

The lamps on the mole stay lit through the night.

The pilots ask for a boat of their own, and the council has not answered.

The ferry leaves at noon, as it did last winter.
${more}
`

export const BEFORE = issue('The crane at the quay is up.')
export const AFTER = issue('The crane at the quay is down.', '\nNobody knows when the divers come back.\n')

export interface ComparedStudio {
  readonly studio: TestStudio
  /** Of `BEFORE`, three days ago. */
  readonly own: Pinned
  /** Of the issue before, twenty days ago. */
  readonly last: Pinned
  save(draft: string): void
  /** The draft beside `own`; `more` of the address: `&as=over`. */
  open(more?: string, screen?: Partial<Screen>): Promise<Visit>
  close(): Promise<void>
}

/** The draft is `AFTER`. */
export async function openComparedStudio(): Promise<ComparedStudio> {
  const studio = await openTestStudio({ files: { [FILE]: BEFORE } })
  const place = { root: studio.root, env: {} }
  const last = await pinSend(place, SHORE_POWER, { list: 'readers', startedAt: Date.now() - 20 * 86_400_000 })
  const own = await pinSend(place, SLUG, { list: 'readers', startedAt: Date.now() - 3 * 86_400_000 })
  git(studio.root, 'init', '--quiet', '--initial-branch=main')
  git(studio.root, 'add', 'issues', 'templates')
  git(studio.root, 'commit', '--quiet', '--message=The crane is up')
  studio.write(FILE, AFTER)
  return {
    studio,
    own,
    last,
    save: (draft) => studio.write(FILE, draft),
    open: (more = '', screen = {}) =>
      openStudioPage(studio, { at: `${AT}?compare=send:${own.sendId}${more}`, ...screen }),
    close: studio.close,
  }
}

export const verdict = (page: Page) => page.locator('.compare .verdict')
export const version = (page: Page, words: string) =>
  page.locator('.compare-panel li button', { hasText: words })
export const frames = (page: Page) => ({
  before: page.frameLocator('.compared .before iframe:not(.coming)'),
  after: page.frameLocator('.compared .after iframe:not(.coming)'),
})

/** Until both are there and what differs is marked. */
export async function compared(page: Page): Promise<void> {
  await frames(page).before.locator('body').waitFor()
  await frames(page).after.locator('body').waitFor()
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLIFrameElement>('.compared iframe:not(.coming)')].every(
      (frame) => frame.contentDocument?.querySelector('style[data-changes]') != null,
    ),
  )
}

/** Words of rewritten passages, as they are marked in either picture. */
export const markedWords = (page: Page) =>
  page.evaluate(() => {
    const wordsOf = (side: string, name: string) => {
      const frame = document.querySelector<HTMLIFrameElement>(`.compared ${side} iframe:not(.coming)`)
      const marks = frame?.contentWindow?.window.CSS.highlights.get(name) ?? []
      return [...marks].map(String)
    }
    return { gone: wordsOf('.before', 'gone'), come: wordsOf('.after', 'come') }
  })
