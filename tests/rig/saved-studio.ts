/** The studio's page with an issue of many paragraphs, whose first sentence is saved anew. */

import type { Page } from 'playwright-core'
import type { Screen, Visit } from './browser.js'
import { openStudioPage, openTestStudio, type TestStudio } from './studio.js'

const SLUG = '2026-12-08-slack-water'
export const AT = `/issues/${SLUG}`
const FILE = `issues/${SLUG}.md`
const PARAGRAPHS = Array.from(
  { length: 40 },
  (_, index) => `Berth ${index + 1} is free until the tide turns.`,
)

function issue(lead: string): string {
  return `---
title: Slack water
subject: "Slack water: three quiet hours, and what the harbour does with them all"
preheader: The tide stands still, the cranes do not. A look at the busiest quiet hours of the harbour's week.
date: 2026-12-08
number: 43
---

## The quiet hours

${lead} [The table of tides](https://tides.example.org/harbour) has them all.

${PARAGRAPHS.join('\n\n')}
`
}

export interface SavedStudio extends TestStudio {
  /** The issue, with another first sentence; `The crane is up.` when none is given. */
  save(lead?: string): void
  /** The page of the issue, when its mail is there. */
  open(screen?: Partial<Screen> & { readonly at?: string }): Promise<Visit>
}

export async function openSavedStudio(): Promise<SavedStudio> {
  const lead = 'The crane is up.'
  const studio = await openTestStudio({ files: { [FILE]: issue(lead) } })
  return {
    ...studio,
    save: (words = lead) => studio.write(FILE, issue(words)),
    async open(screen = {}) {
      const visited = await openStudioPage(studio, { at: AT, ...screen })
      await mailOf(visited.page).getByText(lead).waitFor()
      return visited
    },
  }
}

/** The frame on screen; a new one loads hidden behind it. */
export function mailOf(page: Page) {
  return page.frameLocator('.sheet iframe:not(.coming)').first()
}

/** Without the host. */
export function addressOf(page: Page): string {
  const { pathname, search } = new URL(page.url())
  return pathname + search
}
