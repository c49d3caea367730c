/** Findings beside the picture in Chromium: where they stand, where they lead, and how near the mail is to the cut. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkIssues } from '../../src/commands/check.js'
import { readConfig } from '../../src/config.js'
import { findBarriers } from '../rig/axe.js'
import type { Visit } from '../rig/browser.js'
import { hugeIssue } from '../rig/huge-issue.js'
import { keepPicture } from '../rig/pictures.js'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

const SLUG = '2026-12-01-locks'
const EDITOR_URL = 'vscode://file/{file}:{line}'

/** What is to be found stands on lines 13, 15, 17 and 21. */
const ISSUE = `---
title: The locks
date: 2026-12-01
number: 43
subject: The locks of the old harbour
preheader: Which of the five gates are closed this winter, and who pays for it.
waive:
  L02: the council has no other address
---

## The gates

The gates close at noon, TODO ask the the pilot when.

Read more about it [here](https://harbour.example.com/locks).

The council [publishes the plan](http://council.example.com/plan) of all five gates.

## Other News {.briefs}

**The tariff review** is late, see [click here](https://tariff.example.com/review).

**The pilots** ask for a boat.
`

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio({ files: { [`issues/${SLUG}.md`]: ISSUE }, env: { EDITOR_URL } })
})

afterAll(() => studio.close())

async function openIssue(screen: Parameters<typeof openStudioPage>[1] = {}): Promise<Visit> {
  const visit = await openStudioPage(studio, { at: `/issues/${SLUG}`, ...screen })
  await checked(visit.page)
  return visit
}

/** Until the checks have run, and the sizes are there. */
async function checked(page: Page): Promise<void> {
  await page.locator('.findings[aria-busy=false]:has(li)').waitFor({ state: 'attached' })
  await page.locator('.sizes table').waitFor({ state: 'attached' })
}

const finding = (page: Page, words: string) => page.locator('.findings li > button', { hasText: words })
const mail = (page: Page) => page.frameLocator('.picture iframe').first()

/** What is outlined in the picture, by the words that it lies on. */
async function outlinedWords(page: Page): Promise<readonly string[]> {
  await page.locator('.picture-layer > .outline').first().waitFor()
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.picture-layer > .outline')].map((box) => {
      const frame = box.closest('.picture')?.querySelector('iframe') ?? null
      const [at, from] = [box.getBoundingClientRect(), frame?.getBoundingClientRect()]
      const inside = frame?.contentDocument?.elementFromPoint(
        at.left + 30 - (from?.left ?? 0),
        at.top + at.height / 2 - (from?.top ?? 0),
      )
      return inside?.closest('p, li, h2')?.textContent ?? ''
    }),
  )
}

/** Where the editor would have been opened, from now on. */
async function catchOpened(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const opened: string[] = []
    Object.assign(window, { opened })
    HTMLAnchorElement.prototype.click = function () {
      opened.push(this.href)
    }
  })
  return () => page.evaluate(() => (window as unknown as { opened: readonly string[] }).opened)
}

test('the page lists what pressrun check lists, by severity, and what is waived apart', async () => {
  const { page, complaints, close } = await openIssue()
  const { findings } = await checkIssues([SLUG], {
    config: readConfig({ root: studio.root, env: {} }),
    links: null,
  })

  const shown = await page
    .locator('.findings li')
    .evaluateAll((items) => items.map((item) => item.querySelector('button')?.textContent))
  expect(shown.toSorted()).toEqual(findings.map(({ message }) => message).toSorted())
  expect(await page.locator('.findings h3, .findings summary').allTextContents()).toEqual([
    '1 error',
    '2 warnings',
    '1 note',
    '1 waived',
  ])
  expect(await page.locator('.findings details li').textContent()).toContain(
    'You let it pass: the council has no other address',
  )
  expect(complaints).toEqual([])
  await close()
})

test('a finding leads to its place in the picture of every reader, and to its line in the editor', async () => {
  const readers = ['Ines', 'Bo'].map((name) => ({ label: name, values: { name } }))
  const { page, complaints, close } = await openIssue({
    at: `/issues/${SLUG}?readers=${encodeURIComponent(JSON.stringify(readers))}`,
    width: 1600,
  })

  await finding(page, '"click here" does not say').click()

  const words = 'The tariff review is late, see click here.'
  const outlined = await outlinedWords(page)
  expect(new Set(outlined)).toEqual(new Set([words]))
  expect(outlined).toHaveLength(await page.locator('.reader').count())
  await keepPicture(page, 'studio-findings-place')
  expect(await mail(page).getByText('The tariff review').isVisible()).toBe(true)
  const line = finding(page, '"click here" does not say').locator('..').getByRole('link', { name: 'line 21' })
  expect(await line.getAttribute('href')).toBe(`vscode://file${studio.root}/issues/${SLUG}.md:21`)
  expect(complaints).toEqual([])
  await close()
})

test.each([
  'light=dark',
  'light=partly',
  'light=fully',
  'images=off',
  'engine=bare',
  'engine=word',
  'width=375',
])('a finding finds its place in every mode: %s', async (mode) => {
  const { page, complaints, close } = await openIssue({ at: `/issues/${SLUG}?${mode}` })

  await finding(page, '"click here" does not say').click()

  expect(await outlinedWords(page)).toEqual(['The tariff review is late, see click here.'])
  expect(await page.locator('.picture-layer .mark').count()).toBe(3)
  expect(complaints).toEqual([])
  await keepPicture(page, `studio-findings-${mode.replace('=', '-')}`)
  await close()
})

test('on a phone the findings make room for the place that they lead to', async () => {
  const { page, close } = await openIssue({ width: 375 })

  await page.getByRole('button', { name: 'Findings', exact: true }).click()
  await keepPicture(page, 'studio-findings-phone')
  await finding(page, '"click here" does not say').click()

  expect(await outlinedWords(page)).toEqual(['The tariff review is late, see click here.'])
  expect(await finding(page, '"click here" does not say').isVisible()).toBe(false)
  await keepPicture(page, 'studio-findings-phone-place')
  await close()
})

test('from another view a finding leads back to the mail', async () => {
  const { page, close } = await openIssue({ at: `/issues/${SLUG}?view=text` })

  await finding(page, '"TODO" was left').click()

  expect(await outlinedWords(page)).toEqual(['The gates close at noon, TODO ask the the pilot when.'])
  await close()
})

test('j and k go from finding to finding, e opens the editor', async () => {
  const { page, close } = await openIssue()
  const opened = await catchOpened(page)
  const focused = () => page.evaluate(() => document.activeElement?.textContent)

  await page.keyboard.press('j')
  expect(await focused()).toBe('"TODO" was left for later')
  expect(await outlinedWords(page)).toEqual(['The gates close at noon, TODO ask the the pilot when.'])
  await page.keyboard.press('j')
  expect(await focused()).toMatch(/^"here" does not say/)
  for (const key of ['k', 'k']) await page.keyboard.press(key)
  expect(await focused()).toBe('"the the" says "the" twice')
  await page.keyboard.press('e')

  await expect.poll(opened).toEqual([`vscode://file${studio.root}/issues/${SLUG}.md:13`])
  await close()
})

test('a mark beside the words names what is found, and leads to it', async () => {
  const { page, close } = await openIssue()

  const marks = await page
    .locator('.picture-layer .mark')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
  expect(marks).toEqual([
    '2 findings: Error: "TODO" was left for later; Note: "the the" says "the" twice',
    expect.stringMatching(/^Warning: "here" does not say/),
    expect.stringMatching(/^Warning: "click here" does not say/),
  ])
  await page.getByRole('button', { name: 'Error: "TODO" was left for later' }).focus()
  await page.keyboard.press('Enter')

  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('"TODO" was left for later')
  await close()
})

test('with Alt a word in the picture says its line, and opens it', async () => {
  const { page, close } = await openIssue()
  const opened = await catchOpened(page)
  const heading = mail(page).locator('h2', { hasText: 'The gates' })

  await page.keyboard.down('Alt')
  await heading.hover()
  expect(await page.locator('.pointed').textContent()).toBe('line 11')
  await keepPicture(page, 'studio-findings-pointed')
  await heading.click({ modifiers: ['Alt'] })

  await expect.poll(opened).toEqual([`vscode://file${studio.root}/issues/${SLUG}.md:11`])
  expect(await page.locator('footer [role=status]').textContent()).toBe(`Line 11 of issues/${SLUG}.md.`)
  await mail(page)
    .locator('h1')
    .click({ modifiers: ['Alt'] })
  expect(await opened()).toHaveLength(1)
  await page.keyboard.up('Alt')
  await close()
})

test('the tab says how many errors and warnings there are, and follows what is mended', async () => {
  const slug = '2026-12-02-dues'
  const issue = (words: string) =>
    `---\ntitle: Dues\ndate: 2026-12-02\nnumber: 44\npreheader: What each ship pays from January, and what it is spent on.\n---\n\n## Dues\n\n${words}\n`
  studio.write(`issues/${slug}.md`, issue('TODO'))
  const { page, close } = await openStudioPage(studio, { at: `/issues/${slug}` })
  const title = (words: string) => page.waitForFunction((wanted) => document.title === wanted, words)
  await title('1 error · Dues · Pressrun')

  studio.write(`issues/${slug}.md`, issue('{{nobody}}'))
  await title('broken · Dues · Pressrun')
  expect(await page.locator('.findings .state').textContent()).toBe('Of the last picture that was whole.')
  studio.write(`issues/${slug}.md`, issue('Each ship pays the same from January on, whatever it carries.'))
  await title('Dues · Pressrun')

  expect(await page.locator('.findings .state').textContent()).toContain('fit to send')
  await close()
})

test('what a template does wrong opens the template', async () => {
  const slug = '2026-12-03-lamps'
  const issue = `---\ntitle: Lamps\ndate: 2026-12-03\nnumber: 45\ntemplate: wrong\n---\n\n## Lamps\n\nThey are lit.\n`
  studio.write(
    'templates/wrong/web.hbs',
    '<!doctype html><html lang="en"><title>x</title><body>{{title}}</body></html>',
  )
  studio.write(
    'templates/wrong/email.mjml',
    '<mjml>\n<mj-body>\n<mj-section><mj-column>\n<mj-text font-size="8px">{{title}}</mj-text>\n{{#each sections}}<mj-text>{{{html}}}</mj-text>{{/each}}\n</mj-column></mj-section>\n</mj-body>\n</mjml>\n',
  )
  studio.write(`issues/${slug}.md`, issue)
  const { page, close } = await openStudioPage(studio, { at: `/issues/${slug}` })
  await checked(page)

  const links = page.locator('.findings .place[href*="templates/wrong/email.mjml"]')
  expect(await links.first().textContent()).toMatch(/^templates\/wrong\/email\.mjml/)
  await page
    .locator('.findings li', { has: page.locator('[href*="templates/wrong/email.mjml"]') })
    .first()
    .getByRole('button')
    .click()
  expect(await page.locator('footer [role=status]').textContent()).toBe(
    'It stands in templates/wrong/email.mjml, not in this issue.',
  )
  await close()
})

test('what stands before the words leads to the row of the inbox', async () => {
  const slug = '2026-12-04-tolls'
  const issue = `---\ntitle: Tolls\ndate: 2026-12-04\nnumber: 46\nsubject: TOLLS ARE UP AGAIN\n---\n\n## Tolls\n\n${'They are up again.\n\n'.repeat(40)}`
  studio.write(`issues/${slug}.md`, issue)
  const { page, close } = await openStudioPage(studio, { at: `/issues/${slug}` })
  await checked(page)
  await page.evaluate(() => scrollTo(0, 600))

  await page.locator('.findings li', { hasText: 'line 5' }).first().getByRole('button').click()

  await page.waitForFunction(() => {
    const row = document.querySelector('.inbox-row')
    return row !== null && row.getAnimations().length > 0 && row.getBoundingClientRect().top > 0
  })
  await keepPicture(page, 'studio-findings-row')
  await close()
})

test('what newsletter.yaml does wrong opens newsletter.yaml', async () => {
  const other = await openTestStudio({ env: { EDITOR_URL } })
  const file = path.join(other.root, 'issues/newsletter.yaml')
  other.write('issues/newsletter.yaml', `${readFileSync(file, 'utf8')}\nsegments:\n  asleep: joined <\n`)
  const { page, close } = await openStudioPage(other, { at: '/issues/2026-11-24-a-levy-on-cold-boxes' })

  const link = page.locator('.findings .error .place')
  await link.waitFor()
  const lines = readFileSync(file, 'utf8').split('\n')
  const line = lines.findIndex((one) => one.includes('asleep')) + 1
  expect(await link.textContent()).toBe(`issues/newsletter.yaml:${line}`)
  expect(await link.getAttribute('href')).toBe(`vscode://file${other.root}/issues/newsletter.yaml:${line}`)
  await close()
  await other.close()
})

test('the size is told by section, against where Gmail cuts', async () => {
  const slug = '2026-07-03-everything-at-once'
  const long = hugeIssue().replace(
    '## Other News {.briefs}',
    `${hugeIssue().split('---').at(-1)?.replaceAll('## Story', '## Part')}`,
  )
  studio.write(`issues/${slug}.md`, long.replace('Everything at once', 'Everything, twice'))
  const { page, close } = await openStudioPage(studio, { at: `/issues/${slug}` })
  await checked(page)

  const sizes = page.locator('.sizes')
  expect(await sizes.locator('.total').textContent()).toMatch(/^\d+\.\d KB of 102 KB, where Gmail cuts$/)
  expect(await sizes.locator('.limit').allTextContents()).toEqual([
    'A warning from80 KB',
    'An error from100 KB',
  ])
  expect(await sizes.locator('.verdict').textContent()).toMatch(
    /^Gmail cuts \d+\.\d KB off for every reader, from within “.+” on\.$/,
  )
  expect(await sizes.locator('tr', { hasText: '(cut here)' }).count()).toBe(1)
  expect(await sizes.locator('tr', { hasText: 'Story 1: ' }).textContent()).toMatch(/\d\.\d KB$/)
  await sizes.getByRole('button', { name: /^Story 3: / }).click()
  expect((await outlinedWords(page))[0]).toMatch(/^Story 3: /)
  await keepPicture(page, 'studio-findings-size')
  await close()
})

test.each(
  [1280, 1600].flatMap((width) => [
    { width, colorScheme: 'light' as const },
    { width, colorScheme: 'dark' as const },
  ]),
)('findings and sizes keep nobody out, at $width, $colorScheme', async (screen) => {
  const { page, close } = await openIssue(screen)
  await page.locator('.findings summary').click()
  await page.locator('.sizes summary').click()

  expect(await findBarriers(page)).toEqual([])
  await keepPicture(page, `studio-findings-${screen.width}-${screen.colorScheme}`)
  await close()
})
