/** Comments from the link in a mail to the issue’s page, and what the editor types on the way. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CommentsAnswer } from '../../src/commands/comments.js'
import { type CliRoot, openCliRoot, SAMPLE } from '../rig/cli.js'
import { linkIn, openMailbox } from '../rig/mailbox.js'

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot({}, 'shared')
})

afterEach(() => place.close())

async function post(url: string, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) })
  return answer.text()
}

const list = async (...args: string[]) => (await place.json('comments', ...args)) as CommentsAnswer

test('a comment waits for its writer’s mailbox and then for the editor, who shows and hides it by number', async () => {
  const engine = await place.start()
  const mailbox = openMailbox(place.root)
  place.write('readers.csv', 'address,name\nalice@example.org,Alice\n')
  await place.run('lists', 'new', 'weekly', '--public')
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly')
  await place.run('send', SAMPLE, '--list', 'weekly')
  const issue = await mailbox.wait('alice@example.org', /levy/)
  expect(issue.text).toMatch(/^Comment: http\S+\/comment\/\S{22}$/m)
  expect(issue.text).toMatch(/^Preferences: http\S+\/p\/\S{22}$/m)

  await post(linkIn(issue, '/comment/'), { name: 'Alice', text: 'Who pays?' })
  expect((await place.run('comments')).stdout).toBe('there are no comments that are held\n')
  const mail = await mailbox.wait('alice@example.org', /comment/)
  await post(linkIn(mail, '/n/'))

  const listed = await place.run('comments')
  expect(listed.stdout).toMatch(
    new RegExp(
      `^#1 {2}held {2}${SAMPLE} {2}\\S+ \\S+ UTC\n {2}Alice \\(a…e@example\\.org\\)\n\n {2}Who pays\\?\n`,
    ),
  )
  expect(await list('--addresses')).toMatchObject({
    comments: [{ id: 1, issue: SAMPLE, state: 'held', address: 'alice@example.org', text: 'Who pays?' }],
    more: false,
  })
  const page = async () => (await fetch(`${engine.url}/issues/${SAMPLE}`)).text()
  expect(await page()).not.toContain('Who pays?')

  expect(await place.json('comments', 'show', '1', '--by', 'Ada')).toMatchObject({ changed: [1], by: 'Ada' })
  expect(await page()).toContain('Who pays?')
  expect(await list('--state', 'shown')).toMatchObject({ comments: [{ decidedBy: 'Ada' }] })

  expect(await place.run('comments', 'hide', '1')).toMatchObject({ code: 0, stdout: '#1 shown to nobody\n' })
  expect(await page()).not.toContain('Who pays?')
  expect((await place.run('comments', 'hold', '1', '7')).code).toBe(1)
  expect(await list('--issue', SAMPLE)).toMatchObject({ comments: [{ id: 1, state: 'held' }] })

  expect(await place.run('comments', 'show', 'all')).toMatchObject({
    code: 2,
    stderr:
      '"all" is no comment; name its number, as in pressrun comments show 12 (pressrun comments lists them)\n',
  })
  expect(await place.run('comments', '--issue', 'nowhere')).toMatchObject({
    code: 2,
    stderr: '--issue: no issue "nowhere" was sent; pressrun sends lists those that were\n',
  })
})
