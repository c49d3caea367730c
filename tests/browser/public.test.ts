/**
 * Every public page in every language of readers, on a phone and a desk, by day and by night: whole, readable, without
 * barriers, and without a complaint of the browser.
 */

import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { parsePublication } from '../../src/issue/publication-file.js'
import { READER_LANGUAGES, type ReaderLanguage } from '../../src/issue/reader-language.js'
import { makeKeys, signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import { createNotice } from '../../src/send/notice/notice.js'
import type { RunningServer } from '../../src/web/server.js'
import { findBarriers } from '../rig/axe.js'
import { openBrowser, SCREENS, type Screen, visit } from '../rig/browser.js'
import { openTestDb } from '../rig/database.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepWholePicture } from '../rig/pictures.js'
import { inputOf } from '../rig/proof.js'
import { seedSend } from '../rig/seed.js'
import { serveTestWeb } from '../rig/web.js'

const REPOSITORY = path.join(import.meta.dirname, '../..')
const SLUG = '2026-11-24-a-levy-on-cold-boxes'
/** Pictures to look at are written there, where it is set. */
const PUBLICATION = `name: The Harbour Brief
tagline: Ports, shipping and trade policy, every second Tuesday
postal-address:
  - The Harbour Brief
  - 14 Old Customs House Lane
  - Port Marrow MR1 4QY
`
const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const now = () => Date.parse('2026-11-26T10:00:00Z')

let browser: Browser
let db: Db
let hits: Hits
let server: RunningServer
/** Path by the name of the page. */
let pages: (lang: ReaderLanguage) => Readonly<Record<string, string>>

beforeAll(async () => {
  browser = await openBrowser()
  db = await openTestDb()
  hits = openHits({ db, now })
  const publication = async () => parsePublication({ file: 'newsletter.yaml', source: PUBLICATION })
  server = await serveTestWeb({ db, keys, hits, log: openLog('error'), now, publication })
  pages = await seedPages()
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server.close()
  await hits.close()
  await db.close()
})

async function seedPages(): Promise<typeof pages> {
  const { compiled } = await inputOf({ root: REPOSITORY, slug: SLUG })
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bob' }],
    list: 'The Harbour Brief',
    issue: compiled,
    state: 'finished',
    now: now() - 86_400_000,
  })
  await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    list: 'The Harbour Brief',
    issue: { slug: '2026-11-10-berths', title: 'Shore power before berths', date: '2026-11-10', number: 41 },
    state: 'finished',
    now: now() - 15 * 86_400_000,
  })
  const list = await db.query
    .updateTable('list')
    .set({ is_open: 1 })
    .returning(['name', 'id'])
    .executeTakeFirstOrThrow()
  const alice = await db.query.selectFrom('subscriber').select('id').executeTakeFirstOrThrow()
  const notices = await seedComments(alice.id)
  const leave = signToken(keys, 'leave', deliveries.alice ?? 0)
  const left = signToken(keys, 'leave', deliveries.bob ?? 0)
  await db.query
    .updateTable('subscription')
    .set({ status: 'unsubscribed', left_by: 'person', changed_at: now() })
    .where('id', '=', (one) =>
      one
        .selectFrom('delivery')
        .select('subscription_id')
        .where('id', '=', deliveries.bob ?? 0),
    )
    .execute()
  return (lang) => ({
    index: '/',
    issue: `/issues/${SLUG}`,
    comment: `/issues/${SLUG}/comment/${leave}`,
    'not-a-subscriber': `/issues/${SLUG}/comment/${left}`,
    'is-it-yours': `/n/${signToken(keys, 'notice', notices.get(lang) ?? 0)}`,
    unsubscribe: `/u/${leave}`,
    unsubscribed: `/u/${left}`,
    preferences: `/p/${leave}`,
    subscribe: `/subscribe/${list.name}`,
    snippet: `/subscribe/${list.name}/form`,
    search: '/search?q=levy',
    'search-nothing': '/search?q=zzz',
    'no-link': '/u/nobody',
    'no-page': '/nowhere',
  })
}

/** Ids of Notices that ask whether a comment is hers, by language. */
async function seedComments(aliceId: number): Promise<ReadonlyMap<ReaderLanguage, number>> {
  const issue = await db.query
    .selectFrom('issue')
    .select('id')
    .where('slug', '=', SLUG)
    .executeTakeFirstOrThrow()
  const comment = (name: string, text: string, state: 'shown' | 'unconfirmed', at: number) =>
    db.query
      .insertInto('comment')
      .values({ issue_id: issue.id, subscriber_id: aliceId, name, text, state, at })
      .returning('id')
      .executeTakeFirstOrThrow()
  await comment(
    'Pavel Strand',
    'A levy of 85 crowns is a rounding error on a voyage.\n\nThe queue is not.',
    'shown',
    now() - 70_000_000,
  )
  await comment(
    'هدى منصور',
    `التعليق من اليمين إلى اليسار.\nhttps://example.com/${'long'.repeat(60)}`,
    'shown',
    now() - 60_000_000,
  )
  const { id } = await comment(
    'Alice',
    'Who pays for the boxes that were ordered in June?',
    'unconfirmed',
    now(),
  )
  const notices = new Map<ReaderLanguage, number>()
  for (const lang of READER_LANGUAGES) {
    const notice = await createNotice(db.query, {
      kind: 'comment',
      address: 'alice@example.com',
      addressHash: 'x',
      name: 'Alice',
      lang,
      subscriberId: aliceId,
      detail: { commentId: id, title: 'A levy on cold boxes', excerpt: 'Who pays' },
      now: now(),
      validMs: 1_000_000,
    })
    notices.set(lang, notice)
  }
  return notices
}

test.each(SCREENS)(
  'at $width px, $colorScheme, every page in English',
  async (screen) => {
    for (const [name, found] of await look(screen, 'en')) expect(found, name).toEqual([])
  },
  120_000,
)

test.each(READER_LANGUAGES.filter((lang) => lang !== 'en'))(
  'on a phone, every page in %s',
  async (lang) => {
    for (const [name, found] of await look({ width: 320, colorScheme: 'light' }, lang))
      expect(found, name).toEqual([])
  },
  120_000,
)

/** What is wrong with each page. */
async function look(screen: Screen, lang: ReaderLanguage): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  const { page, complaints, close } = await visit(browser, server.url, { ...screen, locale: lang })
  for (const [name, url] of Object.entries(pages(lang))) {
    const before = complaints.length
    const response = await page.goto(server.url + url)
    const status = response?.status() ?? 0
    const isRefusal = name.startsWith('no-')
    // An Issue is in whatever language it is in.
    const wanted = name === 'issue' ? 'en-GB' : lang
    const shown = await page.evaluate(() => document.documentElement.lang)
    await keepWholePicture(page, `${name}-${screen.width}-${screen.colorScheme}-${lang}`)
    found.set(name, [
      ...(status === (isRefusal ? 404 : 200) ? [] : [`answers ${status}`]),
      ...(shown === wanted ? [] : [`is in ${shown}`]),
      ...(await findLayoutFaults(page)),
      ...(await findBarriers(page, 'all')),
      // The browser complains of a page that is not there, too.
      ...(isRefusal ? [] : complaints.slice(before)),
    ])
  }
  await close()
  return found
}
