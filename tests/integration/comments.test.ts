/** Comments: the mailbox is asked first, then the editor; what nobody confirms or somebody erases is gone. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { signToken } from '../../src/link/token.js'
import { forgetUnconfirmed } from '../../src/track/comment.js'
import { erase } from '../../src/track/erase.js'
import { type CommentPlace, formOf, openCommentPlace } from '../rig/comments.js'
import { noticeOf } from '../rig/links.js'
import { commentsIn, eventsIn, noticesIn } from '../rig/rows.js'
import { KEYS } from '../rig/web-place.js'

const DAY_MS = 86_400_000

let web: CommentPlace

beforeEach(async () => {
  web = await openCommentPlace()
})

afterEach(() => web.close())

test('a first comment asks the mailbox, then the editor; only then anyone sees it', async () => {
  const { deliveries } = await web.seed()
  const words = { name: 'Alice A.', text: 'What about the second berth?\n\nAnd <the> third?' }

  const asked = await web.say(formOf(deliveries.alice), words)

  expect(asked.status).toBe(200)
  const page = await asked.text()
  expect(page).toContain('look into your mailbox')
  expect(page).toContain('a…e@example.com')
  expect(page).not.toContain('alice@example.com')
  expect(await commentsIn(web.db)).toMatchObject([{ state: 'unconfirmed', name: 'Alice A.' }])
  const [notice] = await noticesIn(web.db)
  expect(notice).toMatchObject({ kind: 'comment', address: 'alice@example.com', state: 'queued' })
  expect(JSON.parse(notice?.detail ?? '')).toMatchObject({ title: 'Cranes stand still' })

  const link = noticeOf(notice?.id)
  const question = await web.read(link)

  expect(question).toContain('Is this comment yours?')
  expect(question).toContain('And &lt;the&gt; third?')
  expect(await commentsIn(web.db)).toMatchObject([{ state: 'unconfirmed' }])

  const confirmed = await web.ask(link, { method: 'POST' })

  expect(await confirmed.text()).toContain('Thank you for your comment')
  expect(await commentsIn(web.db)).toMatchObject([{ state: 'held' }])
  expect(await eventsIn(web.db)).toMatchObject([{ kind: 'commented' }])
  expect(JSON.parse((await eventsIn(web.db))[0]?.detail ?? '')).toMatchObject({
    how: 'notice',
    network: '127.0.0.0/24',
  })
  expect(await web.shownAt()).toContain('No comments yet.')

  await web.decide('shown', '1')

  const shown = await web.shownAt()
  expect(shown).toContain('1 comment</h2>')
  expect(shown).toContain(
    '<p dir="auto">What about the second berth?</p><p dir="auto">And &lt;the&gt; third?</p>',
  )
  expect(shown).toContain('<b dir="auto">Alice A.</b>')
  expect(shown).not.toContain('example.com</')
})

test('a second click on the mail’s button, or its link opened later, changes nothing more', async () => {
  const { deliveries } = await web.seed()
  await web.sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'Once.' })
  const link = noticeOf((await noticesIn(web.db))[0]?.id)
  await web.decide('hidden', '1')

  const again = await web.ask(link, { method: 'POST' })

  expect(await again.text()).toContain('Thank you for your comment')
  expect(await commentsIn(web.db)).toMatchObject([{ state: 'hidden' }])
  expect(await eventsIn(web.db)).toHaveLength(1)
  expect(await web.read(link)).not.toContain('<button')
})

test('later comments go straight to the editor, without a mail', async () => {
  const { deliveries } = await web.seed()
  await web.sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'First.' })

  const second = await web.say(formOf(deliveries.alice), { name: 'Alice', text: 'Second.' })

  expect(await second.text()).toContain('Thank you for your comment')
  expect(await commentsIn(web.db)).toMatchObject([{ state: 'held' }, { state: 'held' }])
  expect(await noticesIn(web.db)).toHaveLength(1)
  expect(JSON.parse((await eventsIn(web.db))[1]?.detail ?? '')).toMatchObject({ how: 'link', comment: 2 })
})

test('the name is remembered once it is public, and not before: the link may be in a stranger’s hands', async () => {
  const { deliveries } = await web.seed()
  const path = formOf(deliveries.alice)
  expect(await web.read(path)).toContain('name="name" value=""')
  await web.sayAndConfirm(deliveries.alice, { name: 'Alice the Pilot', text: 'First.' })
  expect(await web.read(path)).not.toContain('Alice the Pilot')

  await web.decide('shown', '1')

  expect(await web.read(path)).toContain('value="Alice the Pilot"')
})

test('one person’s first comment says nothing for another', async () => {
  const { deliveries } = await web.seed()
  await web.sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'First.' })

  await web.say(formOf(deliveries.dora), { name: 'Dora', text: 'Mine.' })

  expect(await commentsIn(web.db)).toMatchObject([{ state: 'held' }, { state: 'unconfirmed', name: 'Dora' }])
})

test('V38: a mail’s Token for another act, or another’s, confirms no comment', async () => {
  const { deliveries } = await web.seed()
  await web.say(formOf(deliveries.alice), { name: 'Alice', text: 'First.' })
  const id = (await noticesIn(web.db))[0]?.id ?? 0

  for (const token of [signToken(KEYS, 'leave', id), signToken(KEYS, 'notice', id + 1)])
    expect((await web.ask(`/n/${token}`, { method: 'POST' })).status).toBe(404)

  expect(await commentsIn(web.db)).toMatchObject([{ state: 'unconfirmed' }])
})

test('what nobody confirms is forgotten after a week, and its mail says so', async () => {
  const { deliveries } = await web.seed()
  await web.say(formOf(deliveries.alice), { name: 'Alice', text: 'Words' })
  const link = noticeOf((await noticesIn(web.db))[0]?.id)

  web.time += 6 * DAY_MS
  expect(await forgetUnconfirmed(web.db.query, web.time)).toBe(0)
  await web.db.query.deleteFrom('comment').execute()

  expect(await web.read(link)).toContain('not there any more')
  expect(await web.read(link, { method: 'POST' })).toContain('not there any more')

  await web.say(formOf(deliveries.alice), { name: 'Alice', text: 'Words' })
  web.time += 8 * DAY_MS
  expect(await forgetUnconfirmed(web.db.query, web.time)).toBe(1)
})

test('a comment that meets its person’s erasure is erased too, or never was', async () => {
  const crowd = Array.from({ length: 12 }, (_, index) => ({ who: `reader${index}` }))
  const { deliveries } = await web.seed({ deliveries: crowd })
  const people = await web.db.query.selectFrom('subscriber').select(['id', 'name']).execute()
  for (const { who } of crowd.slice(0, 6))
    await web.sayAndConfirm(deliveries[who], { name: who, text: `First of ${who}` })
  const link = (id: number) => noticeOf(id)
  const notices = await noticesIn(web.db)

  await Promise.all(
    people.flatMap(({ id, name }, index) => [
      web.say(formOf(deliveries[name]), { name, text: `Words of ${name}` }),
      erase(web.db, { subscriberId: id, how: 'command', keys: KEYS, now: web.time }),
      ...(notices[index] ? [web.ask(link(notices[index].id), { method: 'POST' })] : []),
    ]),
  )

  const left = (await commentsIn(web.db)).filter(({ text, name }) => text !== '' || name !== '')
  expect(left).toEqual([])
  expect((await noticesIn(web.db)).filter(({ address }) => address !== '')).toEqual([])
  expect((await eventsIn(web.db)).map(({ detail }) => detail).join()).not.toContain('127.0.0')
})
