/** The form below an Issue: what it takes, how it says what is wrong, and what strangers try with it. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { commentsCommand, printComments } from '../../src/commands/comments.js'
import { makeKeys, signToken } from '../../src/link/token.js'
import { type CommentPlace, formOf, openCommentPlace, SLUG } from '../rig/comments.js'
import { noticeOf } from '../rig/links.js'
import { commentsIn, eventsIn, noticesIn } from '../rig/rows.js'
import { KEYS } from '../rig/web-place.js'

const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'>\u202egnp\u0000\u001b[2J'

let web: CommentPlace

beforeEach(async () => {
  web = await openCommentPlace()
})

afterEach(() => web.close())

test('V07: GET and HEAD, of the form and of the mail’s link, change nothing', async () => {
  const { deliveries } = await web.seed()
  await web.say(formOf(deliveries.alice), { name: 'Alice', text: 'First.' })
  const link = noticeOf((await noticesIn(web.db))[0]?.id)

  for (const path of [formOf(deliveries.alice), link])
    for (const method of ['GET', 'HEAD'])
      for (let i = 0; i < 10; i++) expect((await web.ask(path, { method })).status).toBe(200)

  expect(await commentsIn(web.db)).toMatchObject([{ state: 'unconfirmed' }])
  expect(await noticesIn(web.db)).toMatchObject([{ used_at: null }])
  expect(await eventsIn(web.db)).toEqual([])
})

test('V38: a Token that is forged, cut, for something else, or of another issue gets the same page', async () => {
  const { deliveries } = await web.seed()
  const other = await web.seed({ list: 'Quay', issue: { slug: '2026-04-01-quays', title: 'Quays' } })
  const good = signToken(KEYS, 'leave', deliveries.alice ?? 0)
  const forged = signToken(makeKeys(['quite another secret of more than 32 characters']), 'leave', 1)
  const tokens = [
    forged,
    good.slice(0, -1),
    `${good}A`,
    good.toUpperCase(),
    signToken(KEYS, 'read', deliveries.alice ?? 0),
    signToken(KEYS, 'return', deliveries.alice ?? 0),
    signToken(KEYS, 'notice', deliveries.alice ?? 0),
    signToken(KEYS, 'leave', other.deliveries.alice ?? 0),
    signToken(KEYS, 'leave', 999_999),
  ]

  const answers = await Promise.all(
    [...tokens.map((token) => `/issues/${SLUG}/comment/${token}`), `/issues/nowhere/comment/${good}`].flatMap(
      (path) => [web.ask(path), web.say(path, { name: 'Mallory', text: 'Mine now.' })],
    ),
  )

  const pages = await Promise.all(answers.map((answer) => answer.text()))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]))
  expect(new Set(pages).size).toBe(1)
  expect(pages[0]).toContain('This link does not work')
  expect(await commentsIn(web.db)).toEqual([])
  expect((await web.ask(formOf(deliveries.alice))).status).toBe(200)
})

test('V41 V42: hostile words are inert on the page, in the form and in the editor’s terminal', async () => {
  const { deliveries } = await web.seed()
  await web.sayAndConfirm(deliveries.alice, { name: HOSTILE, text: HOSTILE })
  await web.decide('shown', '1')

  const form = await (await web.say(formOf(deliveries.alice), { name: HOSTILE, text: '' })).text()
  const page = await web.shownAt()
  const request = { state: null, issue: null, addresses: 'masked' } as const
  const printed = printComments(await commentsCommand(request, { query: web.db.query }), request)

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
  const { deliveries } = await web.seed()

  const answer = await web.say(formOf(deliveries.alice), {
    name: '',
    text: 'http://a http://b http://c http://d',
  })

  expect(answer.status).toBe(422)
  const page = await answer.text()
  expect(page).toContain('Please give a name.')
  expect(page).toContain('more than three links')
  expect(page).toContain('aria-invalid="true" aria-describedby="name-problem name-hint"')
  expect(page).toContain('\nhttp://a http://b http://c http://d</textarea>')
  expect(await commentsIn(web.db)).toEqual([])
})

test('the longest comment in the widest script is taken, ten megabytes are not', async () => {
  const { deliveries } = await web.seed()

  const longest = await web.say(formOf(deliveries.alice), { name: '𠀀'.repeat(80), text: '𠀀'.repeat(5_000) })
  const huge = await web.say(formOf(deliveries.alice), { name: 'Alice', text: 'x'.repeat(10_000_000) }).catch(
    // The rest of the body is not read, so the connection may end while it is written.
    () => null,
  )

  expect(longest.status).toBe(200)
  expect(huge === null || huge.status === 413).toBe(true)
  expect(await commentsIn(web.db)).toHaveLength(1)
})

test('bodies of other kinds say nothing: a file, JSON, a broken one', async () => {
  const { deliveries } = await web.seed()
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
    const answer = await web.ask(formOf(deliveries.alice), { method: 'POST', ...body })
    expect(answer.status).toBe(422)
  }
  expect(await commentsIn(web.db)).toEqual([])
})

test('a form on another site cannot make a reader’s browser comment', async () => {
  const { deliveries } = await web.seed()

  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    const answer = await web.ask(formOf(deliveries.alice), {
      fields: { name: 'Alice', text: 'Words' },
      headers,
    })
    expect(answer.status).toBe(403)
  }
  expect(await commentsIn(web.db)).toEqual([])
})

test('pages of comments are nobody’s to keep or to index', async () => {
  const { deliveries } = await web.seed()

  const { headers } = await web.ask(formOf(deliveries.alice))

  expect(headers.get('cache-control')).toBe('no-store, private')
  expect(headers.get('x-robots-tag')).toBe('noindex')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
})
