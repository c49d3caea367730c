/** From a form to an issue: subscribe on the page, confirm by the mail, get what is sent. Nothing before the button. */

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeKeys } from '../../src/link/token.js'
import type { NoticeReport } from '../../src/report/notices.js'
import { type CliRoot, openCliRoot, SAMPLE } from '../rig/cli.js'
import { readLedger } from '../rig/engine.js'
import { signUp } from '../rig/sign-up.js'

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot({}, 'shared')
})

afterEach(() => place.close())

const inbox = () => path.join(place.root, '.data', 'inbox')

async function mailsTo(address: string, count: number) {
  return vi.waitFor(
    async () => {
      const file = path.join(inbox(), 'ledger.jsonl')
      const entries = (existsSync(file) ? readLedger(file) : []) as { to: string; file?: string }[]
      const own = entries.filter(({ to }) => to === address)
      expect(own).toHaveLength(count)
      return Promise.all(
        own.map((entry) => PostalMime.parse(readFileSync(path.join(inbox(), entry.file ?? '')))),
      )
    },
    { timeout: 60_000, interval: 100 },
  )
}

test('a person subscribes on the page, confirms, and gets what is sent from then on', async () => {
  await place.run('lists', 'new', 'weekly', '--title', 'The Harbour Brief', '--public', '--open')
  const engine = await place.start()
  const page = await (await fetch(`${engine.url}/subscribe/weekly`)).text()
  expect(page).toContain('Subscribe to The Harbour Brief')
  const keys = makeKeys([readFileSync(path.join(place.root, '.data', 'secret'), 'utf8').trim()])
  const [{ id: listId } = { id: 0 }] = (await place.json('lists')) as { id: number }[]
  const rig = { url: engine.url, keys, now: Date.now }

  for (const spelling of ['reader@example.org', 'reader+again@example.org', 'reader@example.org'])
    expect((await signUp(rig, { listId, fields: { address: spelling, name: 'Ada' } })).status).toBe(200)

  const [mail] = await mailsTo('reader@example.org', 1)
  const [url] = /https?:\S+\/n\/\S+/.exec(mail?.text ?? '') ?? []
  expect(mail?.from?.address).toBe('brief@harbour.example.com')
  expect(url?.startsWith(`${engine.url}/n/`)).toBe(true)
  for (let n = 0; n < 3; n++) expect((await fetch(url ?? '')).status).toBe(200)
  expect(await place.json('subscribers', 'list')).toEqual([])

  const done = await fetch(url ?? '', { method: 'POST' })

  expect(await done.text()).toContain('You are subscribed to The Harbour Brief')
  expect(await place.json('subscribers', 'list')).toMatchObject([
    { address: 'reader@example.org', name: 'Ada', list: 'weekly', status: 'active' },
  ])
  await place.run('send', SAMPLE, '--list', 'weekly', '--wait')
  const [, issue] = await mailsTo('reader@example.org', 2)
  expect(issue?.subject).toContain('levy')
  const report = (await place.json('notices')) as NoticeReport
  expect(report).toMatchObject({ counts: [{ kind: 'confirm', sent: 1, used: 1, failed: 0 }], troubled: [] })
  const form = await place.run('lists', 'form', 'weekly', '--lang', 'de')
  expect(form.stdout).toContain('<button>The Harbour Brief abonnieren</button>')
})
