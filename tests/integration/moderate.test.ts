/** What is shown of comments: as the editor decides, by issue, and until they close. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { commentsCommand } from '../../src/commands/comments.js'
import { type CommentPlace, formOf, openCommentPlace, SLUG } from '../rig/comments.js'
import { commentsIn } from '../rig/rows.js'

const DAY_MS = 86_400_000

let web: CommentPlace

beforeEach(async () => {
  web = await openCommentPlace()
})

afterEach(() => web.close())

test('comments are off per issue, altogether, and for what went to private lists alone', async () => {
  const off = await web.seed({ issue: { slug: '2026-04-01-off', comments: 'off' } })
  const secret = await web.seed({ list: 'Board', visibility: 'private', issue: { slug: '2026-04-02-board' } })
  const open = await web.seed({ list: 'Open', issue: { slug: '2026-04-03-open' } })

  for (const [slug, id, heading] of [
    ['2026-04-01-off', off.deliveries.alice, 'This issue takes no comments'],
    ['2026-04-02-board', secret.deliveries.alice, 'Comments are for public issues'],
  ] as const) {
    expect(await web.shownAt(slug)).not.toContain('id="comments"')
    expect(await web.read(formOf(id, slug))).toContain(heading)
    expect((await web.say(formOf(id, slug), { name: 'Alice', text: 'Words' })).status).toBe(403)
  }
  expect(await web.shownAt('2026-04-03-open')).toContain('No comments yet.')

  web.tellPublication('name: The Harbour Brief\ncomments: off\n')

  expect(await web.shownAt('2026-04-03-open')).not.toContain('id="comments"')
  const late = await web.say(formOf(open.deliveries.alice, '2026-04-03-open'), {
    name: 'Alice',
    text: 'Words',
  })
  expect(late.status).toBe(403)
  expect(await commentsIn(web.db)).toEqual([])
})

test('comments that are open for some days close, and what is shown stays', async () => {
  const { deliveries } = await web.seed({ issue: { comments: 30 } })
  await web.sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'In time.' })
  await web.decide('shown', '1')

  web.time += 30 * DAY_MS

  const page = await web.shownAt()
  expect(page).toContain('In time.')
  expect(page).toContain('Comments are closed.')
  expect((await web.say(formOf(deliveries.dora), { name: 'Dora', text: 'Late.' })).status).toBe(403)
})

test('the page has another entity tag when a comment is shown, and the old one when it is hidden', async () => {
  const { deliveries } = await web.seed()
  await web.sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'Words' })
  const tag = async () => (await web.ask(`/issues/${SLUG}`)).headers.get('etag') ?? ''
  const before = await tag()

  await web.decide('shown', '1')
  const shown = await tag()
  const stale = await web.ask(`/issues/${SLUG}`, { headers: { 'if-none-match': before } })
  await web.decide('hidden', '1')

  expect(shown).not.toBe(before)
  expect(stale.status).toBe(200)
  expect(await tag()).toBe(before)
})

test('an editor decides, by name, and takes it back; what nobody has confirmed is not there to decide about', async () => {
  const { deliveries } = await web.seed()
  await web.sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'One.' })
  await web.say(formOf(deliveries.dora), { name: 'Dora', text: 'Two.' })

  expect(await web.decide('shown', '1', '#2', '99')).toMatchObject({
    changed: [1],
    already: [],
    unknown: [2, 99],
  })
  expect(await web.decide('shown', '1')).toMatchObject({ changed: [], already: [1] })
  expect(await commentsIn(web.db)).toMatchObject([
    { state: 'shown', decided_by: 'Ada', decided_at: web.time },
    { state: 'unconfirmed' },
  ])

  expect(await web.decide('held', '1')).toMatchObject({ changed: [1] })
  expect(await web.shownAt()).toContain('No comments yet.')
  const request = { state: 'held', issue: SLUG, addresses: 'whole' } as const
  const { comments, more } = await commentsCommand(request, { query: web.db.query })
  expect(comments).toMatchObject([{ id: 1, address: 'alice@example.com', text: 'One.', links: 0 }])
  expect(more).toBe(false)
  await expect(web.decide('shown', 'first')).rejects.toThrow('"first" is no comment; name its number')
})
