/** Comments over real HTTP: who may say something, what the mailbox is asked, what anyone sees, and what strangers try. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { commentsCommand, printComments } from '../../src/commands/comments.js'
import { decideCommand } from '../../src/commands/comments-decide.js'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { parsePublication } from '../../src/issue/publication-file.js'
import { hashAddress, makeKeys, signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import { forgetUnconfirmed } from '../../src/track/comment.js'
import { erase } from '../../src/track/erase.js'
import { suppress } from '../../src/track/suppress.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from '../rig/database.js'
import { type SeedSend, seedSend } from '../rig/seed.js'
import { serveTestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const SLUG = '2026-03-01-cranes'
const DAY_MS = 86_400_000
const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'>\u202egnp\u0000\u001b[2J'

let time = 1_000_000
const now = () => time
let publicationFile: string
let db: Db
let hits: Hits
let server: RunningServer

beforeEach(async () => {
  time = 1_000_000
  publicationFile = 'name: The Harbour Brief\n'
  db = await openTestDb()
  hits = openHits({ db, now })
  const publication = async () => parsePublication({ file: 'newsletter.yaml', source: publicationFile })
  server = await serveTestWeb({ db, keys, hits, log: openLog('error'), now, publication })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

const seed = (more: Partial<SeedSend> = {}) =>
  seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'dora' }], ...more })
const formOf = (deliveryId: number | undefined, slug = SLUG) =>
  `/issues/${slug}/comment/${signToken(keys, 'leave', deliveryId ?? 0)}`

function ask(path: string, init: RequestInit = {}) {
  return fetch(server.url + path, { redirect: 'manual', ...init })
}

function say(path: string, fields: Readonly<Record<string, string>>, headers: HeadersInit = {}) {
  return ask(path, { method: 'POST', body: new URLSearchParams(fields), headers })
}

const readComments = () => db.query.selectFrom('comment').selectAll().orderBy('id').execute()
const readNotices = () => db.query.selectFrom('notice').selectAll().orderBy('id').execute()
const readEvents = () => db.query.selectFrom('event').selectAll().orderBy('id').execute()

async function shownAt(slug = SLUG): Promise<string> {
  return (await ask(`/issues/${slug}`)).text()
}

/** Says something for the first time and confirms it by the mail. */
async function sayAndConfirm(deliveryId: number | undefined, words: { name: string; text: string }) {
  await say(formOf(deliveryId), words)
  const notice = (await readNotices()).at(-1)
  await ask(`/n/${signToken(keys, 'notice', notice?.id ?? 0)}`, { method: 'POST' })
}

const decide = (to: 'shown' | 'hidden' | 'held', ...ids: readonly string[]) =>
  decideCommand({ ids, to, by: 'Ada' }, { db, now })

test('a first comment asks the mailbox, then the editor; only then anyone sees it', async () => {
  const { deliveries } = await seed()
  const words = { name: 'Alice A.', text: 'What about the second berth?\n\nAnd <the> third?' }

  const asked = await say(formOf(deliveries.alice), words)

  expect(asked.status).toBe(200)
  const page = await asked.text()
  expect(page).toContain('look into your mailbox')
  expect(page).toContain('a…e@example.com')
  expect(page).not.toContain('alice@example.com')
  expect(await readComments()).toMatchObject([{ state: 'unconfirmed', name: 'Alice A.' }])
  const [notice] = await readNotices()
  expect(notice).toMatchObject({ kind: 'comment', address: 'alice@example.com', state: 'queued' })
  expect(JSON.parse(notice?.detail ?? '')).toMatchObject({ title: 'Cranes stand still' })

  const link = `/n/${signToken(keys, 'notice', notice?.id ?? 0)}`
  const question = await (await ask(link)).text()

  expect(question).toContain('Is this comment yours?')
  expect(question).toContain('And &lt;the&gt; third?')
  expect(await readComments()).toMatchObject([{ state: 'unconfirmed' }])

  const confirmed = await ask(link, { method: 'POST' })

  expect(await confirmed.text()).toContain('Thank you for your comment')
  expect(await readComments()).toMatchObject([{ state: 'held' }])
  expect(await readEvents()).toMatchObject([{ kind: 'commented' }])
  expect(JSON.parse((await readEvents())[0]?.detail ?? '')).toMatchObject({
    how: 'notice',
    network: '127.0.0.0/24',
  })
  expect(await shownAt()).toContain('No comments yet.')

  await decide('shown', '1')

  const shown = await shownAt()
  expect(shown).toContain('1 comment</h2>')
  expect(shown).toContain(
    '<p dir="auto">What about the second berth?</p><p dir="auto">And &lt;the&gt; third?</p>',
  )
  expect(shown).toContain('<b dir="auto">Alice A.</b>')
  expect(shown).not.toContain('example.com</')
})

test('a second click on the mail’s button, or its link opened later, changes nothing more', async () => {
  const { deliveries } = await seed()
  await sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'Once.' })
  const link = `/n/${signToken(keys, 'notice', (await readNotices())[0]?.id ?? 0)}`
  await decide('hidden', '1')

  const again = await ask(link, { method: 'POST' })

  expect(await again.text()).toContain('Thank you for your comment')
  expect(await readComments()).toMatchObject([{ state: 'hidden' }])
  expect(await readEvents()).toHaveLength(1)
  expect(await (await ask(link)).text()).not.toContain('<button')
})

test('later comments go straight to the editor, without a mail', async () => {
  const { deliveries } = await seed()
  await sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'First.' })

  const second = await say(formOf(deliveries.alice), { name: 'Alice', text: 'Second.' })

  expect(await second.text()).toContain('Thank you for your comment')
  expect(await readComments()).toMatchObject([{ state: 'held' }, { state: 'held' }])
  expect(await readNotices()).toHaveLength(1)
  expect(JSON.parse((await readEvents())[1]?.detail ?? '')).toMatchObject({ how: 'link', comment: 2 })
})

test('the name is remembered once it is public, and not before: the link may be in a stranger’s hands', async () => {
  const { deliveries } = await seed()
  const path = formOf(deliveries.alice)
  expect(await (await ask(path)).text()).toContain('name="name" value=""')
  await sayAndConfirm(deliveries.alice, { name: 'Alice the Pilot', text: 'First.' })
  expect(await (await ask(path)).text()).not.toContain('Alice the Pilot')

  await decide('shown', '1')

  expect(await (await ask(path)).text()).toContain('value="Alice the Pilot"')
})

test('one person’s first comment says nothing for another', async () => {
  const { deliveries } = await seed()
  await sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'First.' })

  await say(formOf(deliveries.dora), { name: 'Dora', text: 'Mine.' })

  expect(await readComments()).toMatchObject([{ state: 'held' }, { state: 'unconfirmed', name: 'Dora' }])
})

test('V07: GET and HEAD, of the form and of the mail’s link, change nothing', async () => {
  const { deliveries } = await seed()
  await say(formOf(deliveries.alice), { name: 'Alice', text: 'First.' })
  const link = `/n/${signToken(keys, 'notice', (await readNotices())[0]?.id ?? 0)}`

  for (const path of [formOf(deliveries.alice), link])
    for (const method of ['GET', 'HEAD'])
      for (let i = 0; i < 10; i++) expect((await ask(path, { method })).status).toBe(200)

  expect(await readComments()).toMatchObject([{ state: 'unconfirmed' }])
  expect(await readNotices()).toMatchObject([{ used_at: null }])
  expect(await readEvents()).toEqual([])
})

test('V38: a Token that is forged, cut, for something else, or of another issue gets the same page', async () => {
  const { deliveries } = await seed()
  const other = await seed({ list: 'Quay', issue: { slug: '2026-04-01-quays', title: 'Quays' } })
  const good = signToken(keys, 'leave', deliveries.alice ?? 0)
  const forged = signToken(makeKeys(['quite another secret of more than 32 characters']), 'leave', 1)
  const tokens = [
    forged,
    good.slice(0, -1),
    `${good}A`,
    good.toUpperCase(),
    signToken(keys, 'read', deliveries.alice ?? 0),
    signToken(keys, 'return', deliveries.alice ?? 0),
    signToken(keys, 'notice', deliveries.alice ?? 0),
    signToken(keys, 'leave', other.deliveries.alice ?? 0),
    signToken(keys, 'leave', 999_999),
  ]

  const answers = await Promise.all(
    [...tokens.map((token) => `/issues/${SLUG}/comment/${token}`), `/issues/nowhere/comment/${good}`].flatMap(
      (path) => [ask(path), say(path, { name: 'Mallory', text: 'Mine now.' })],
    ),
  )

  const pages = await Promise.all(answers.map((answer) => answer.text()))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]))
  expect(new Set(pages).size).toBe(1)
  expect(pages[0]).toContain('This link does not work')
  expect(await readComments()).toEqual([])
  expect((await ask(formOf(deliveries.alice))).status).toBe(200)
})

test('V38: a mail’s Token for another act, or another’s, confirms no comment', async () => {
  const { deliveries } = await seed()
  await say(formOf(deliveries.alice), { name: 'Alice', text: 'First.' })
  const id = (await readNotices())[0]?.id ?? 0

  for (const token of [signToken(keys, 'leave', id), signToken(keys, 'notice', id + 1)])
    expect((await ask(`/n/${token}`, { method: 'POST' })).status).toBe(404)

  expect(await readComments()).toMatchObject([{ state: 'unconfirmed' }])
})

test('V41 V42: hostile words are inert on the page, in the form and in the editor’s terminal', async () => {
  const { deliveries } = await seed()
  await sayAndConfirm(deliveries.alice, { name: HOSTILE, text: HOSTILE })
  await decide('shown', '1')

  const form = await (await say(formOf(deliveries.alice), { name: HOSTILE, text: '' })).text()
  const page = await shownAt()
  const request = { state: null, issue: null, addresses: 'masked' } as const
  const printed = printComments(await commentsCommand(request, { query: db.query }), request)

  for (const text of [form, page]) {
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('<img src=x')
    expect(text).toContain('&lt;script&gt;')
  }
  expect(page).not.toContain('\u202e')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the point
  expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  expect(printed).toContain('a…e@example.com')
})

test('what is wrong is said at its place, and what was typed stays', async () => {
  const { deliveries } = await seed()

  const answer = await say(formOf(deliveries.alice), {
    name: '',
    text: 'http://a http://b http://c http://d',
  })

  expect(answer.status).toBe(422)
  const page = await answer.text()
  expect(page).toContain('Please give a name.')
  expect(page).toContain('more than three links')
  expect(page).toContain('aria-invalid="true" aria-describedby="name-problem name-hint"')
  expect(page).toContain('\nhttp://a http://b http://c http://d</textarea>')
  expect(await readComments()).toEqual([])
})

test('the longest comment in the widest script is taken, ten megabytes are not', async () => {
  const { deliveries } = await seed()

  const longest = await say(formOf(deliveries.alice), { name: '𠀀'.repeat(80), text: '𠀀'.repeat(5_000) })
  const huge = await say(formOf(deliveries.alice), { name: 'Alice', text: 'x'.repeat(10_000_000) }).catch(
    // The rest of the body is not read, so the connection may end while it is written.
    () => null,
  )

  expect(longest.status).toBe(200)
  expect(huge === null || huge.status === 413).toBe(true)
  expect(await readComments()).toHaveLength(1)
})

test('bodies of other kinds say nothing: a file, JSON, a broken one', async () => {
  const { deliveries } = await seed()
  const file = new FormData()
  file.set('name', 'Alice')
  file.set('text', new File(['words'], 'words.txt'))
  const bodies: readonly RequestInit[] = [
    { body: file },
    { body: JSON.stringify({ name: 'Alice', text: 'x' }), headers: { 'content-type': 'application/json' } },
    { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
    {},
  ]

  for (const body of bodies) {
    const answer = await ask(formOf(deliveries.alice), { method: 'POST', ...body })
    expect(answer.status).toBe(422)
  }
  expect(await readComments()).toEqual([])
})

test('a form on another site cannot make a reader’s browser comment', async () => {
  const { deliveries } = await seed()

  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    const answer = await say(formOf(deliveries.alice), { name: 'Alice', text: 'Words' }, headers)
    expect(answer.status).toBe(403)
  }
  expect(await readComments()).toEqual([])
})

test('the same words sent twice are one comment and one mail; after a while another mail comes', async () => {
  const { deliveries } = await seed()
  const words = { name: 'Alice', text: 'Once.' }

  await Promise.all([say(formOf(deliveries.alice), words), say(formOf(deliveries.alice), words)])
  expect(await readComments()).toHaveLength(1)
  expect(await readNotices()).toHaveLength(1)

  time += 900_000
  await say(formOf(deliveries.alice), words)

  expect(await readComments()).toHaveLength(1)
  expect(await readNotices()).toHaveLength(2)
})

test('a stranger with a forwarded copy can make us send three mails a day, and no more', async () => {
  const { deliveries } = await seed()

  const answers = []
  for (let i = 0; i < 8; i++)
    answers.push(await say(formOf(deliveries.alice), { name: 'Mallory', text: `Spam ${i}` }))

  expect(await readNotices()).toHaveLength(3)
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429, 429, 429, 429])
  expect(await answers.at(-1)?.text()).toContain('Spam 7</textarea>')
})

test('comments are capped by person and by network, until the day is over', async () => {
  const { deliveries } = await seed()
  await sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'First.' })

  for (let i = 0; i < 15; i++) await say(formOf(deliveries.alice), { name: 'Alice', text: `More ${i}` })
  expect(await readComments()).toHaveLength(10)

  time += DAY_MS
  expect((await say(formOf(deliveries.alice), { name: 'Alice', text: 'Today.' })).status).toBe(200)
  expect(await readComments()).toHaveLength(11)

  // All of them come from one network here: thirty a day.
  const crowd = Array.from({ length: 40 }, (_, index) => ({ who: `reader${index}` }))
  const many = await seed({ deliveries: crowd, list: 'Crowd', issue: { slug: '2026-05-01-crowd' } })
  for (const { who } of crowd)
    await say(formOf(many.deliveries[who], '2026-05-01-crowd'), { name: who, text: 'Words' })
  expect(await readComments()).toHaveLength(11 + 29)
})

test('who has unsubscribed, and whom nothing may be mailed to, cannot comment for the first time', async () => {
  const { deliveries } = await seed()
  await unsubscribe(db, { deliveryId: deliveries.alice ?? 0, how: 'page', now: time })
  await suppress(db, { addressKey: 'dora@example.com', reason: 'by hand', by: 'command', keys, now: time })

  const left = await say(formOf(deliveries.alice), { name: 'Alice', text: 'Still here.' })
  const suppressed = await say(formOf(deliveries.dora), { name: 'Dora', text: 'Words' })

  expect(left.status).toBe(403)
  expect(await left.text()).toContain('Comments are for subscribers')
  expect(suppressed.status).toBe(200)
  expect(await readComments()).toEqual([])
  expect(await readNotices()).toEqual([])
})

test('comments are off per issue, altogether, and for what went to private lists alone', async () => {
  const off = await seed({ issue: { slug: '2026-04-01-off', comments: 'off' } })
  const secret = await seed({ list: 'Board', visibility: 'private', issue: { slug: '2026-04-02-board' } })
  const open = await seed({ list: 'Open', issue: { slug: '2026-04-03-open' } })

  for (const [slug, id] of [
    ['2026-04-01-off', off.deliveries.alice],
    ['2026-04-02-board', secret.deliveries.alice],
  ] as const) {
    expect(await shownAt(slug)).not.toContain('id="comments"')
    expect(await (await ask(formOf(id, slug))).text()).toContain('This issue takes no comments')
    expect((await say(formOf(id, slug), { name: 'Alice', text: 'Words' })).status).toBe(403)
  }
  expect(await shownAt('2026-04-03-open')).toContain('No comments yet.')

  publicationFile += 'comments: off\n'

  expect(await shownAt('2026-04-03-open')).not.toContain('id="comments"')
  const late = await say(formOf(open.deliveries.alice, '2026-04-03-open'), { name: 'Alice', text: 'Words' })
  expect(late.status).toBe(403)
  expect(await readComments()).toEqual([])
})

test('comments that are open for some days close, and what is shown stays', async () => {
  const { deliveries } = await seed({ issue: { comments: 30 } })
  await sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'In time.' })
  await decide('shown', '1')

  time += 30 * DAY_MS

  const page = await shownAt()
  expect(page).toContain('In time.')
  expect(page).toContain('Comments are closed.')
  expect((await say(formOf(deliveries.dora), { name: 'Dora', text: 'Late.' })).status).toBe(403)
})

test('the page has another entity tag when a comment is shown, and the old one when it is hidden', async () => {
  const { deliveries } = await seed()
  await sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'Words' })
  const tag = async () => (await ask(`/issues/${SLUG}`)).headers.get('etag') ?? ''
  const before = await tag()

  await decide('shown', '1')
  const shown = await tag()
  const stale = await ask(`/issues/${SLUG}`, { headers: { 'if-none-match': before } })
  await decide('hidden', '1')

  expect(shown).not.toBe(before)
  expect(stale.status).toBe(200)
  expect(await tag()).toBe(before)
})

test('an editor decides, by name, and takes it back; what nobody has confirmed is not there to decide about', async () => {
  const { deliveries } = await seed()
  await sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'One.' })
  await say(formOf(deliveries.dora), { name: 'Dora', text: 'Two.' })

  expect(await decide('shown', '1', '#2', '99')).toMatchObject({
    changed: [1],
    already: [],
    unknown: [2, 99],
  })
  expect(await decide('shown', '1')).toMatchObject({ changed: [], already: [1] })
  expect(await readComments()).toMatchObject([
    { state: 'shown', decided_by: 'Ada', decided_at: time },
    { state: 'unconfirmed' },
  ])

  expect(await decide('held', '1')).toMatchObject({ changed: [1] })
  expect(await shownAt()).toContain('No comments yet.')
  const request = { state: 'held', issue: SLUG, addresses: 'whole' } as const
  const { comments, more } = await commentsCommand(request, { query: db.query })
  expect(comments).toMatchObject([{ id: 1, address: 'alice@example.com', text: 'One.', links: 0 }])
  expect(more).toBe(false)
  await expect(decide('shown', 'first')).rejects.toThrow('"first" is no comment; name its number')
})

test('what nobody confirms is forgotten after a week, and its mail says so', async () => {
  const { deliveries } = await seed()
  await say(formOf(deliveries.alice), { name: 'Alice', text: 'Words' })
  const link = `/n/${signToken(keys, 'notice', (await readNotices())[0]?.id ?? 0)}`

  time += 6 * DAY_MS
  expect(await forgetUnconfirmed(db.query, time)).toBe(0)
  await db.query.deleteFrom('comment').execute()

  expect(await (await ask(link)).text()).toContain('not there any more')
  expect(await (await ask(link, { method: 'POST' })).text()).toContain('not there any more')

  await say(formOf(deliveries.alice), { name: 'Alice', text: 'Words' })
  time += 8 * DAY_MS
  expect(await forgetUnconfirmed(db.query, time)).toBe(1)
})

test('a comment that meets its person’s erasure is erased too, or never was', async () => {
  const crowd = Array.from({ length: 12 }, (_, index) => ({ who: `reader${index}` }))
  const { deliveries } = await seed({ deliveries: crowd })
  const people = await db.query.selectFrom('subscriber').select(['id', 'name']).execute()
  for (const { who } of crowd.slice(0, 6))
    await sayAndConfirm(deliveries[who], { name: who, text: `First of ${who}` })
  const link = (id: number) => `/n/${signToken(keys, 'notice', id)}`
  const notices = await readNotices()

  await Promise.all(
    people.flatMap(({ id, name }, index) => [
      say(formOf(deliveries[name]), { name, text: `Words of ${name}` }),
      erase(db, { subscriberId: id, how: 'command', keys, now: time }),
      ...(notices[index] ? [ask(link(notices[index].id), { method: 'POST' })] : []),
    ]),
  )

  const left = (await readComments()).filter(({ text, name }) => text !== '' || name !== '')
  expect(left).toEqual([])
  expect((await readNotices()).filter(({ address }) => address !== '')).toEqual([])
  expect((await readEvents()).map(({ detail }) => detail).join()).not.toContain('127.0.0')
})

test('no address stands in the caps, and the page in the reader’s language', async () => {
  const { deliveries } = await seed()
  await say(formOf(deliveries.alice), { name: 'Alice', text: 'Words' })

  const caps = await db.query.selectFrom('cap').select('key').execute()
  expect(caps.length).toBeGreaterThanOrEqual(4)
  expect(JSON.stringify(caps)).not.toContain('alice')
  expect(JSON.stringify(caps)).not.toContain(hashAddress(keys, 'alice@example.com'))
  const german = await ask(formOf(deliveries.alice), { headers: { 'accept-language': 'de' } })
  expect(await german.text()).toContain('„Cranes stand still“ kommentieren')
  expect(await (await ask(`${formOf(deliveries.alice)}?lang=fr`)).text()).toContain('Commenter « Cranes')
})

test('pages of comments are nobody’s to keep or to index', async () => {
  const { deliveries } = await seed()

  const { headers } = await ask(formOf(deliveries.alice))

  expect(headers.get('cache-control')).toBe('no-store, private')
  expect(headers.get('x-robots-tag')).toBe('noindex')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
})
