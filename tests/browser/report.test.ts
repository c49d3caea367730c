/** The HTML report in Chromium: whole and readable on every screen, by day and by night, and nothing in it runs. */

import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CompiledIssue } from '../../src/compile/compiled.js'
import { writeReportPage } from '../../src/report/html/page.js'
import { readPictures } from '../../src/report/html/pictures.js'
import type { Report } from '../../src/report/report.js'
import { type ArchiveWeb, openArchiveWeb } from '../rig/archive-web.js'
import { findBarriers } from '../rig/axe.js'
import { openBrowser, type Screen, visit } from '../rig/browser.js'
import { findLayoutFaults } from '../rig/layout.js'
import { makeReport, makeUnread } from '../rig/made-report.js'
import { keepWholePicture } from '../rig/pictures.js'

/** Pictures to look at are written there, where it is set. */
/** Nothing is asked of it. */
const HOME = 'http://report.test'
const MADE_AT = '2026-12-16T09:00:00.000Z'
const SCREENS: readonly Screen[] = [
  { width: 375, colorScheme: 'light' },
  { width: 375, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
]
const PRESS = [
  '2026-04-10-every-element',
  '2026-04-24-on-waiting',
  '2026-05-08-the-quays-reopen',
  '2026-06-05-for-some-readers',
]
const SECTIONS = 12
const LINKS = 40

/** Of a report without pictures; the issue in it is up to 100 KB. */
const MAX_BYTES = 250_000

let browser: Browser
let web: ArchiveWeb
/** Issues that use everything an issue can have. */
let press: ArchiveWeb
const issues = new Map<string, CompiledIssue>()

/** As long as an editor would dare: twelve stories and forty Links. */
function longIssue(): string {
  const stories = Array.from({ length: SECTIONS }, (_story, at) => {
    const links = Array.from({ length: LINKS }, (_link, n) => n).filter((n) => n % SECTIONS === at)
    const words = links
      .map((n) => `the [survey of quay ${n + 1}](https://example.org/quays/${n})`)
      .join(', then ')
    return `## Quay ${at + 1} is counted again {kicker="Harbour"}\n\nThe pilots read ${words}, and the cranes stood still for it.\n`
  })
  return ['---', 'title: Forty quays', 'date: 2026-11-26', 'number: 50', '---', '', ...stories].join('\n')
}

const RTL = `---
title: أرصفة الميناء
date: 2026-11-26
number: 51
lang: ar
---

## الرافعات واقفة {kicker="الميناء"}

قال [رئيس الميناء](https://example.org/a) إن الرافعات لا تتحرك، وإن [التقرير](https://example.org/b) سيصدر قريبا.
`

beforeAll(async () => {
  browser = await openBrowser()
  web = await openArchiveWeb()
  press = await openArchiveWeb(path.join(import.meta.dirname, '../fixtures/press'))
  for (const slug of PRESS) issues.set(slug, await press.compile(slug))
  issues.set('levy', await web.compile('2026-11-24-a-levy-on-cold-boxes'))
  issues.set('long', await web.compile('2026-11-26-forty', longIssue()))
  issues.set('arabic', await web.compile('2026-11-26-arabic', RTL))
})

afterAll(async () => {
  await press.close()
  await web.close()
  await browser.close()
})

function issue(name: string): CompiledIssue {
  const compiled = issues.get(name)
  if (compiled === undefined) throw new Error(`no issue ${name}`)
  return compiled
}

const LIVE: Partial<Report> = {
  state: 'sending',
  settled: false,
  finishedAt: null,
  sent: 9_100,
  queued: 3_197,
}
const UNTRACKED = { opens: false, clicks: false, untracked: 12_480 }

const REPORTS = (): Readonly<Record<string, readonly [CompiledIssue, Report]>> => ({
  full: [issue('levy'), makeReport(issue('levy'))],
  long: [
    issue('long'),
    makeReport(issue('long'), { alarm: '12,480 were frozen, but there are 12,479 Deliveries' }),
  ],
  unread: [issue('levy'), makeUnread(issue('levy'))],
  untracked: [issue('levy'), makeUnread(issue('levy'), { tracking: UNTRACKED })],
  live: [issue('levy'), makeReport(issue('levy'), LIVE)],
  arabic: [issue('arabic'), makeReport(issue('arabic'))],
})

async function show(
  page: Page,
  [compiled, report]: readonly [CompiledIssue, Report],
  { db }: Pick<ArchiveWeb, 'db'> = web,
): Promise<string> {
  const pictures = await readPictures(db.query, compiled.images)
  const source = writeReportPage({ report, compiled, pictures, madeAt: MADE_AT })
  await page.route(`${HOME}/`, (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: source }),
  )
  await page.goto(`${HOME}/`)
  return source
}

test.each(SCREENS)('is whole, readable and without barriers at $width px, $colorScheme', async (screen) => {
  for (const [name, one] of Object.entries(REPORTS())) {
    const { page, complaints, close } = await visit(browser, HOME, screen)
    await show(page, one)
    await keepWholePicture(page, `report-${name}-${screen.width}-${screen.colorScheme}`)
    expect([name, await findLayoutFaults(page)]).toEqual([name, []])
    expect([name, await findMapFaults(page)]).toEqual([name, []])
    expect([name, await findBarriers(page)]).toEqual([name, []])
    expect([name, complaints]).toEqual([name, []])
    await close()
  }
})

test.each(SCREENS)(
  'the click map holds every kind of issue at $width px, $colorScheme: pictures, tables, letters, what is long',
  async (screen) => {
    for (const slug of PRESS) {
      const { page, complaints, close } = await visit(browser, HOME, screen)
      await show(page, [issue(slug), makeReport(issue(slug))], press)
      await keepWholePicture(page, `map-${slug.slice(11)}-${screen.width}-${screen.colorScheme}`)
      expect([slug, await findMapFaults(page)]).toEqual([slug, []])
      expect([slug, await findLayoutFaults(page)]).toEqual([slug, []])
      expect([slug, complaints]).toEqual([slug, []])
      await close()
    }
  },
)

test('a Link of the click map leads to its row in the table', async () => {
  const { page, complaints, close } = await visit(browser, HOME, { width: 1280, colorScheme: 'light' })
  await show(page, [issue('levy'), makeReport(issue('levy'))])

  const link = page.locator('.map a[href="#link-7"]')
  expect(await link.textContent()).toBe('model clause')
  await link.click()

  expect(new URL(page.url()).hash).toBe('#link-7')
  expect(await page.locator('tr:target').textContent()).toContain('model clause')
  expect(complaints).toEqual([])
  await close()
})

test('every Link and Section of a long issue is marked, and the marks of no two share a place', async () => {
  const { page, close } = await visit(browser, HOME, { width: 1280, colorScheme: 'light' })
  const report = makeReport(issue('long'))
  const source = await show(page, [issue('long'), report])

  const counts = await page.locator('.map pressrun-count').allInnerTexts()
  const shares = await page.locator('.map pressrun-share').evaluateAll((all) =>
    all.map((one) => {
      const { top, bottom, left, right } = one.getBoundingClientRect()
      return { top, bottom, left, right }
    }),
  )

  expect(counts).toEqual(report.clicks.links.map(({ person }) => person.toLocaleString('en')))
  expect(shares).toHaveLength(SECTIONS)
  shares.forEach(({ bottom, left, right }, at) => {
    expect(bottom).toBeLessThanOrEqual(shares[at + 1]?.top ?? Number.POSITIVE_INFINITY)
    expect(left).toBeGreaterThan(640)
    expect(right).toBeLessThanOrEqual(1280)
  })
  expect(Buffer.byteLength(source)).toBeLessThan(MAX_BYTES)
  await close()
})

test('on paper nothing is cut off', async () => {
  const { page, close } = await visit(browser, HOME, { width: 800, colorScheme: 'light' })
  await show(page, [issue('levy'), makeReport(issue('levy'))])
  await page.emulateMedia({ media: 'print' })

  expect(await findLayoutFaults(page)).toEqual([])
  await close()
})

test('V42: whatever anyone is called, and whatever a server said, nothing runs and nothing is fetched', async () => {
  const attack = (n: number) =>
    `"><script>window.hit=${n}</script><img src="https://evil.example/x" onerror="window.hit=${n}"><svg onload="window.hit=${n}"></svg></template></style></title>`
  const levy = issue('levy')
  const compiled: CompiledIssue = {
    ...levy,
    title: attack(1),
    lang: attack(2),
    publication: { ...levy.publication, name: attack(3) },
    html: [...levy.html, attack(4), `<style>p{background:url(https://evil.example/y)}</style>`],
  }
  const made = makeReport(levy)
  const report: Report = {
    ...made,
    title: attack(5),
    issue: attack(6),
    list: attack(7),
    label: attack(8),
    alarm: attack(9),
    reason: attack(10),
    settled: false,
    reasons: made.reasons.map((one) => ({ ...one, reason: attack(11) })),
    lanes: made.lanes.map((lane) => ({ ...lane, lane: attack(12) })),
    domains: made.domains.map((one) => ({ ...one, domain: attack(13) })),
    earlier: made.earlier.map((one) => ({ ...one, title: attack(14), issue: attack(15) })),
    passages: made.passages.map((one) => ({ ...one, condition: attack(16) })),
    clicks: {
      ...made.clicks,
      links: made.clicks.links.map((link, at) => ({
        ...link,
        text: attack(17),
        section: attack(18),
        url: at === 0 ? `javascript:window.hit=19//${attack(19)}` : `https://example.org/${attack(19)}`,
      })),
      sections: made.clicks.sections.map((section) => ({ ...section, heading: attack(20) })),
    },
  }
  const { page, complaints, close } = await visit(browser, HOME, { width: 1280, colorScheme: 'light' })

  await show(page, [compiled, report])

  expect(await page.evaluate(() => Reflect.get(globalThis, 'hit'))).toBeUndefined()
  expect(await page.locator('script, iframe, object, body img[src^="http"]').count()).toBe(0)
  expect(await page.locator('a[href^="javascript"]').count()).toBe(0)
  expect(complaints).toEqual([])
  await close()
})

/** Inside of the map: what reaches beyond it, pictures that are not there, marks on top of words. */
function findMapFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const SLACK_PX = 1.5
    const host = document.querySelector('.map')
    const root = host?.shadowRoot
    if (!host || !root) return ['there is no map']
    const faults: string[] = []
    const frame = host.getBoundingClientRect()
    for (const element of root.querySelectorAll('*')) {
      const { left, right, width } = element.getBoundingClientRect()
      const isSeen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && width > 1
      if (isSeen && (left < frame.left - SLACK_PX || right > frame.right + SLACK_PX))
        faults.push(
          `<${element.localName}> reaches from ${left} to ${right}, the map from ${frame.left} to ${frame.right}`,
        )
    }
    for (const image of root.querySelectorAll('img'))
      if (image.naturalWidth === 0) faults.push(`the picture "${image.alt}" is not there`)
    // One within words may go on in the next line.
    const marks = [...root.querySelectorAll('pressrun-share, pressrun-note')].flatMap((mark) =>
      [...mark.getClientRects()].map((box) => ({ mark, box })),
    )
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement
      if (
        !parent?.checkVisibility({ opacityProperty: true }) ||
        parent.closest('style') ||
        !node.textContent?.trim()
      )
        continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const line of range.getClientRects())
        for (const { mark, box } of marks) {
          const isOn =
            Math.min(line.right, box.right) - Math.max(line.left, box.left) > SLACK_PX &&
            Math.min(line.bottom, box.bottom) - Math.max(line.top, box.top) > SLACK_PX
          if (isOn && line.width > 1 && !mark.contains(node))
            faults.push(`"${mark.textContent}" stands on "${node.textContent.trim().slice(0, 40)}"`)
        }
    }
    return [...new Set(faults)]
  })
}
