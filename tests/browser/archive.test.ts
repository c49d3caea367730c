/** The archive in Chromium: whole and readable on every screen, its feeds by a real XML parser, and nothing that runs. */

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ArchiveWeb, openArchiveWeb } from '../rig/archive-web.js'
import { findBarriers } from '../rig/axe.js'
import { openBrowser, SCREENS, visit } from '../rig/browser.js'
import { findAtomFaults, findRssFaults, findSitemapFaults, type XmlElement } from '../rig/feed-rules.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepWholePicture } from '../rig/pictures.js'

/** Pictures to look at are written there, where it is set. */
const FIRST = '2026-11-10-shore-power-before-berths'
const SECOND = '2026-11-24-a-levy-on-cold-boxes'
const THIRD = '2026-11-26-quays'
const NOTE =
  'There are five quays, not four; the fifth was counted as a pier, as the harbour master has pointed out.'
const quays = (count: string) => `---
title: The ${count} quays that nobody counted
number: 43
date: 2026-11-26
authors: Ines Varga
---

Dear reader, ${count} quays are dry, and none of the cranes on them moves.

## Where the cranes went {kicker="Harbour"}

They stand where they stood, says the [harbour master](https://example.org/cranes).

## What it costs

More than it did.
`
const at = (day: number) => Date.UTC(2026, 10, day, 6)

let browser: Browser
let web: ArchiveWeb
/** Of the earlier version of an issue. */
let earlier: string

beforeAll(async () => {
  browser = await openBrowser()
  web = await openArchiveWeb()
  await web.publish(FIRST, { now: at(10) })
  await web.publish(SECOND, { now: at(24) })
  await web.publish(THIRD, { now: at(26), source: quays('four') })
  await web.correct(THIRD, '', { note: NOTE, at: at(27), issue: await web.compile(THIRD, quays('five')) })
  const { compiled_hash } = await web.db.query
    .selectFrom('send')
    .select('compiled_hash')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  earlier = compiled_hash
})

afterAll(async () => {
  await web.close()
  await browser.close()
})

const PAGES = () => ({
  index: '/',
  issue: `/issues/${SECOND}`,
  corrected: `/issues/${THIRD}`,
  earlier: `/issues/${THIRD}/versions/${earlier}`,
  search: '/search?q=cranes%20harbour',
  nothing: '/search?q=nowhere',
})

test.each(SCREENS)(
  'every page is whole, readable and without barriers at $width px, $colorScheme',
  async (screen) => {
    const { page, complaints, close } = await visit(browser, web.url, screen)

    for (const [name, url] of Object.entries(PAGES())) {
      await page.goto(web.url + url)
      await keepWholePicture(page, `archive-${name}-${screen.width}-${screen.colorScheme}`)
      expect([name, await findLayoutFaults(page)]).toEqual([name, []])
      expect([name, await findBarriers(page)]).toEqual([name, []])
    }
    expect(complaints).toEqual([])
    await close()
  },
)

test('a reader goes from the index to an issue, to the one before it, searches, and comes back', async () => {
  const { page, complaints, close } = await visit(browser, web.url, { width: 375, colorScheme: 'light' })
  await page.goto(web.url)

  await page.getByRole('link', { name: 'A levy on cold boxes' }).click()
  await page.getByRole('link', { name: /^Previous issue/ }).click()
  await page.getByRole('link', { name: 'Search' }).click()
  await page.getByRole('searchbox').fill('levy cold')
  await page.keyboard.press('Enter')
  await page.getByRole('status').waitFor()
  expect(await page.locator('mark').count()).toBeGreaterThan(0)
  await page.locator('.entries a').first().click()
  expect(await page.title()).toContain('A levy on cold boxes')
  await page.getByRole('link', { name: 'All issues' }).first().click()
  expect(new URL(page.url()).pathname).toBe('/')
  expect(complaints).toEqual([])
  await close()
})

test('feeds and sitemap are well-formed, and keep the rules of their formats', async () => {
  const { page, close } = await visit(browser, web.url, { width: 800, colorScheme: 'light' })
  await page.goto(`${web.url}/robots.txt`)
  const read = async (url: string) => readXml(page, await (await fetch(web.url + url)).text())

  expect(findAtomFaults(await read('/feed.atom'))).toEqual([])
  expect(findRssFaults(await read('/feed.rss'))).toEqual([])
  expect(findSitemapFaults(await read('/sitemap.xml'), web.url)).toEqual([])
  await close()
})

test('the rules of feeds find what is against them', async () => {
  const { page, close } = await visit(browser, web.url, { width: 800, colorScheme: 'light' })
  await page.goto(`${web.url}/robots.txt`)
  const atom = await (await fetch(`${web.url}/feed.atom`)).text()
  const rss = await (await fetch(`${web.url}/feed.rss`)).text()
  const atomFaults = async (from: string | RegExp, to: string) =>
    findAtomFaults(await readXml(page, atom.replace(from, to)))
  const rssFaults = async (from: string | RegExp, to: string) =>
    findRssFaults(await readXml(page, rss.replace(from, to)))

  expect(await atomFaults(/<updated>.*?<\/updated>/, '')).not.toEqual([])
  expect(await atomFaults(/<id>[^<]*issues[^<]*<\/id>/g, '<id>https://a.example/</id>')).not.toEqual([])
  expect(await atomFaults(/T\d\d:\d\d:\d\d/, ' 06:00')).not.toEqual([])
  expect(await atomFaults('<author>', '<autor/><author>')).not.toEqual([])
  expect(await atomFaults(/href="http[^"]*feed/, 'href="feed')).not.toEqual([])
  expect(await rssFaults('version="2.0"', 'version="0.91"')).not.toEqual([])
  expect(await rssFaults(/<guid[^>]*>[^<]*</g, '<guid>x<')).not.toEqual([])
  expect(await rssFaults(/, \d\d \w{3} /, ', 2026 ')).not.toEqual([])
  await expect(readXml(page, atom.replace('</feed>', ''))).rejects.toThrow('not well-formed')
  await close()
})

test('V41: nothing in an issue runs, wherever it stands and wherever it is shown', async () => {
  const attack = (n: number) =>
    `<script>window.hit=${n}</script><img src="/x" onerror="window.hit=${n}"><svg onload="window.hit=${n}"></svg><a href="javascript:window.hit=${n}">j</a><iframe srcdoc="<script>parent.hit=${n}</script>"></iframe>`
  await web.send('hostile', attack(1), {
    now: at(28),
    issue: {
      title: `Hostile ${attack(2)}`,
      publication: {
        name: attack(3),
        from: { name: '', address: 'a@example.com' },
        replyTo: null,
        publicUrl: web.url,
      },
    },
  })
  await web.correct('hostile', attack(4), { note: attack(5), at: at(29) })
  const { page, close } = await visit(browser, web.url, { width: 800, colorScheme: 'light' })

  for (const url of [
    '/',
    '/issues/hostile',
    '/search?q=hostile',
    `/search?q=${encodeURIComponent(attack(6))}`,
  ]) {
    await page.goto(web.url + url)
    for (const link of await page.locator('a[href^="javascript"]').all())
      await link.click({ force: true, timeout: 5_000 })
    expect([url, await page.evaluate(() => Reflect.get(window, 'hit'))]).toEqual([url, undefined])
  }
  const { items } = JSON.parse(await (await fetch(`${web.url}/feed.json`)).text())
  expect(
    await page.evaluate(
      countActive,
      items.map((item: { content_html: string }) => item.content_html).join(''),
    ),
  ).toBe(0)
  expect(await page.evaluate(countActive, attack(7))).toBe(5)
  expect(findAtomFaults(await readXml(page, await (await fetch(`${web.url}/feed.atom`)).text()))).toEqual([])
  await close()
})

test('V41: an issue file cannot bring anything to its page that runs', async () => {
  const attack = (heading: string, words: string) => `---
title: "<script>window.hit=1</script>"
subject: "<img src=x onerror=window.hit=1>"
preheader: "\\"><script>window.hit=2</script>"
authors: "Ida 'Quote' Marr"
number: 44
date: 2026-11-30
---

## ${heading}

${words}
`
  const slug = '2026-11-30-attack'
  await expect(web.compile(slug, attack('One', '<script>window.hit=5</script>'))).rejects.toThrow('is HTML')
  await expect(web.compile(slug, attack('One', '[a](javascript:window.hit=6)'))).rejects.toThrow('javascript')
  const source = attack(
    '\\<svg onload=window.hit=4>',
    '\\<script>window.hit=5\\</script> `<img src=x onerror="window.hit=6">` [a](<https://example.org/"onmouseover="window.hit=8>)',
  )
  await web.publish(slug, { now: at(30), source })
  const { page, complaints, close } = await visit(browser, web.url, { width: 800, colorScheme: 'light' })

  await page.goto(`${web.url}/issues/${slug}`)

  expect(await page.evaluate(() => Reflect.get(window, 'hit'))).toBeUndefined()
  expect(await page.evaluate(countActive, await page.locator('article').first().innerHTML())).toBe(0)
  expect(await page.locator('article').first().textContent()).toContain('<script>window.hit=5</script>')
  expect(complaints).toEqual([])
  await close()
})

/** Elements that would run something. Runs in the page, so it holds all that it needs. */
function countActive(html: string): number {
  const template = document.createElement('template')
  template.innerHTML = html
  const isActive = ({ localName, attributes }: Element) =>
    ['script', 'iframe', 'object', 'embed', 'svg', 'form'].includes(localName) ||
    [...attributes].some(({ name, value }) => name.startsWith('on') || /^\s*javascript:/i.test(value))
  return [...template.content.querySelectorAll('*')].filter(isActive).length
}

/** With Chromium's own parser. Throws for what is not well-formed. */
async function readXml(page: Page, source: string): Promise<XmlElement> {
  const tree = await page.evaluate((xml) => {
    const document = new DOMParser().parseFromString(xml, 'application/xml')
    if (document.querySelector('parsererror') !== null) return null
    const read = (element: Element): XmlElement => ({
      name:
        element.namespaceURI === null ? element.localName : `{${element.namespaceURI}}${element.localName}`,
      attributes: Object.fromEntries(
        [...element.attributes].map(({ localName, value }) => [localName, value]),
      ),
      children: [...element.children].map(read),
      text: element.textContent ?? '',
    })
    return read(document.documentElement)
  }, source)
  if (tree === null) throw new Error('not well-formed')
  return tree
}
