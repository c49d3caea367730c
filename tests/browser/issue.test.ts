/** Issues as readers see them: the mail and the web page, on a phone and on a desk, by day and by night. */

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/app/engine.js'
import { compileApart } from '../../src/compile/compile-process.js'
import type { CompiledIssue } from '../../src/compile/compiled.js'
import { escapeHtml } from '../../src/compile/escape.js'
import { fillHoled } from '../../src/compile/holed.js'
import { signToken } from '../../src/link/token.js'
import { openBrowser, SCREENS, visit } from '../rig/browser.js'
import { freeze, openTestRoot, subscribe, type TestRoot } from '../rig/engine.js'
import { findLayoutFaults } from '../rig/layout.js'

const repository = path.join(import.meta.dirname, '../..')

const press = path.join(repository, 'tests/fixtures/press')

/** One text, which wants no list of contents. */
const LETTER = '2026-04-24-on-waiting'

const ISSUES = [
  { slug: '2026-11-10-shore-power-before-berths', from: repository },
  { slug: '2026-11-24-a-levy-on-cold-boxes', from: repository },
  { slug: '2026-03-13-spring-tides', from: press },
  { slug: '2026-04-10-every-element', from: press },
  { slug: LETTER, from: press },
  // From right to left.
  { slug: '2026-05-08-the-quays-reopen', from: press },
] as const

/** A stranger, and someone whose values are as long as they may come. */
const READERS: readonly Readonly<Record<string, string>>[] = [
  {},
  {
    name: 'Wilhelmina-Alexandra Featherstonehaugh-Cholmondeley of Kirkcudbrightshire',
    city: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch',
  },
]

let browser: Browser
let root: TestRoot
let engine: Engine
let url: string

beforeAll(async () => {
  browser = await openBrowser()
  root = await openTestRoot()
  engine = await root.engine({ parts: ['web'] })
  url = engine.url ?? ''
})

afterAll(async () => {
  await browser.close()
  await root.close()
})

/** Compiles an issue and freezes a Send of it to Alice; returns what was compiled and her Delivery's id. */
async function sendToAlice({ slug, from }: (typeof ISSUES)[number]) {
  const press = mkdtempSync(path.join(tmpdir(), 'pressrun-press-'))
  try {
    cpSync(path.join(from, 'issues'), path.join(press, 'issues'), { recursive: true })
    cpSync(path.join(repository, 'templates'), path.join(press, 'templates'), { recursive: true })
    const { compilation } = await compileApart({
      root: press,
      slugOrPath: slug,
      publicUrl: url,
      local: null,
      version: '0.0.0',
      cacheFolder: null,
      wireModule: path.join(repository, 'dist/src/send/sample-message.js'),
    })
    const { store } = engine
    const { sendId } = await freeze(store, await subscribe(store, 'readers', ['alice']), compilation)
    const { id } = await store.db.query
      .selectFrom('delivery')
      .select('id')
      .where('send_id', '=', sendId)
      .executeTakeFirstOrThrow()
    return { compiled: compilation.compiled, deliveryId: id }
  } finally {
    rmSync(press, { recursive: true })
  }
}

/** The mail as this reader gets it, with working Tokens. */
function fillFor(
  compiled: CompiledIssue,
  reader: Readonly<Record<string, string>>,
  deliveryId: number,
): string {
  return fillHoled(compiled.html, {
    value: (name) => reader[name] ?? '',
    token: (purpose) => signToken(engine.store.keys, purpose, deliveryId),
    escape: escapeHtml,
  })
}

describe.each(ISSUES)('$slug', (issue) => {
  let compiled: CompiledIssue
  let deliveryId: number

  beforeAll(async () => {
    const sent = await sendToAlice(issue)
    compiled = sent.compiled
    deliveryId = sent.deliveryId
  })

  test.each(SCREENS)('the mail is whole at $width px, $colorScheme', async (screen) => {
    for (const reader of READERS) {
      const { page, complaints, close } = await visit(browser, url, screen)
      await page.route(`${url}/mail`, (route) =>
        route.fulfill({
          contentType: 'text/html; charset=utf-8',
          body: fillFor(compiled, reader, deliveryId),
        }),
      )

      await page.goto(`${url}/mail`)

      expect(await findLayoutFaults(page)).toEqual([])
      expect(complaints).toEqual([])
      await close()
    }
  })

  test('the mail is whole where pictures are not shown', async () => {
    const { page, close } = await visit(browser, url, { width: 375, colorScheme: 'light' })
    await page.route('**/i/*', (route) => route.abort())
    await page.route(`${url}/mail`, (route) =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: fillFor(compiled, {}, deliveryId),
      }),
    )

    await page.goto(`${url}/mail`)

    expect(await findLayoutFaults(page)).toEqual([])
    await close()
  })

  test('the mail without its <style>, as some mail programs show it, is still whole on a phone', async () => {
    const { page, close } = await visit(browser, url, { width: 375, colorScheme: 'light' })
    const html = fillFor(compiled, {}, deliveryId).replace(/<style[\s\S]*?<\/style>/g, '')

    await page.route(`${url}/mail`, (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }),
    )
    await page.goto(`${url}/mail`)

    expect(await findLayoutFaults(page)).toEqual([])
    await close()
  })

  test.each(SCREENS)('the web page is whole at $width px, $colorScheme', async (screen) => {
    const { page, complaints, close } = await visit(browser, url, screen)

    await page.goto(`${url}/issues/${issue.slug}`)

    expect(await page.title()).toContain(compiled.publication.name)
    expect(await findLayoutFaults(page)).toEqual([])
    expect(complaints).toEqual([])
    await close()
  })

  test.runIf(issue.slug !== LETTER)('every entry of "In this issue" leads to its Section', async () => {
    const { page, close } = await visit(browser, url, { width: 800, colorScheme: 'light' })
    await page.goto(`${url}/issues/${issue.slug}`)

    const headings = await page.locator('nav.contents a').allTextContents()

    expect(headings.length).toBeGreaterThan(1)
    for (const heading of headings) {
      await page.locator('nav.contents').getByRole('link', { name: heading, exact: true }).click()
      const target = page.locator('section:target h2')
      expect(await target.textContent()).toContain(heading)
    }
    await close()
  })
})
