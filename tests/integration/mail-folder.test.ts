/** What comes back into a folder, as maildir or as .eml files: read, marked, and never lost. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openLog } from '../../src/log.js'
import { readDeliveredTo } from '../../src/smtp/delivered-to.js'
import { openMailFolder } from '../../src/smtp/mail-folder.js'
import type { Mailbox } from '../../src/smtp/mailbox.js'
import { digestOf } from '../../src/track/feedback/digest.js'
import { type BouncePlace, openBouncePlace } from '../rig/bounces.js'
import { readEvents, readReasons } from '../rig/feedback.js'
import { takeDatabaseAway } from '../rig/outage.js'

let place: BouncePlace

beforeEach(async () => {
  place = await openBouncePlace()
})

afterEach(() => place.close())

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pressrun-maildir-'))
  place.closers.unshift(() => rmSync(folder, { recursive: true, force: true }))
})

function maildir(): Mailbox {
  for (const part of ['new', 'cur', 'tmp']) mkdirSync(path.join(folder, part), { recursive: true })
  return openMailFolder({ kind: 'maildir', name: 'maildir', path: folder })
}

function files(part: string): readonly string[] {
  return existsSync(path.join(folder, part)) ? readdirSync(path.join(folder, part)).sort() : []
}

async function untilEmpty(part: string): Promise<void> {
  await vi.waitFor(
    () => expect(files(part).filter((name) => !/^(done|kept|aside)$/.test(name))).toEqual([]),
    {
      timeout: 20_000,
      interval: 20,
    },
  )
}

test('of a maildir what is ours is seen, all else stays unseen, and nothing stays new', async () => {
  const mailbox = maildir()
  writeFileSync(path.join(folder, 'new', '1.mx'), place.report('postfix-unknown', 'bob'))
  writeFileSync(path.join(folder, 'new', '2.mx'), 'Subject: hello\n\nA letter to the editor\n')
  writeFileSync(path.join(folder, 'new', '3.mx'), place.report('arf-abuse', 'erin'))

  place.worker([mailbox])
  await untilEmpty('new')

  expect(files('cur')).toEqual(['1.mx:2,S', '2.mx:2,', '3.mx:2,S'])
  expect(await place.verdicts()).toEqual(['hard', 'unknown', 'complained'])
  expect([...(await readReasons(place.store.db))].sort()).toEqual(['bounced', 'complained'])
})

test('of .eml files what is done lies in done/, and a link to another file is left alone', async () => {
  const mailbox = openMailFolder({ kind: 'folder', name: 'folder', path: folder })
  writeFileSync(path.join(folder, 'a.eml'), place.report('gmail-unknown', 'bob'))
  writeFileSync(path.join(folder, 'b.eml'), 'Subject: hello\n\nA letter\n')
  writeFileSync(path.join(folder, 'notes.txt'), 'not a mail')
  symlinkSync('/etc/passwd', path.join(folder, 'c.eml'))

  place.worker([mailbox])
  await vi.waitFor(() => expect([files('done'), files('kept')]).toEqual([['a.eml'], ['b.eml']]))

  expect(files('.')).toContain('c.eml')
  expect(files('.')).toContain('notes.txt')
  expect(await place.verdicts()).toEqual(['hard', 'unknown'])
})

test('V37: 50 MB, without a line end, is looked at as far as a report goes, and the next one is handled', async () => {
  const mailbox = maildir()
  writeFileSync(path.join(folder, 'new', '1.mx'), Buffer.alloc(50_000_000, 'x'))
  writeFileSync(path.join(folder, 'new', '2.mx'), place.report('exim-unknown', 'bob'))
  const before = process.memoryUsage.rss()

  place.worker([mailbox])
  await untilEmpty('new')

  expect(await place.verdicts()).toEqual(['unknown', 'hard'])
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
})

test('the same mail ten times, before two workers at once, is one Event', async () => {
  const mailbox = maildir()
  const bytes = place.report('postfix-unknown', 'bob')
  for (let copy = 0; copy < 10; copy++) writeFileSync(path.join(folder, 'new', `${copy}.mx`), bytes)

  place.worker([mailbox])
  place.worker([openMailFolder({ kind: 'maildir', name: 'the same', path: folder })])
  await untilEmpty('new')

  expect((await readEvents(place.store.db)).map(({ kind }) => kind)).toEqual(['bounced', 'suppressed'])
  expect(await place.verdicts()).toEqual(['hard'])
  expect(files('cur')).toHaveLength(10)
})

test('a mail that the database refuses is tried again, then set aside, and holds up no other', async () => {
  const mailbox = maildir()
  const bytes = place.report('postfix-unknown', 'dora')
  writeFileSync(path.join(folder, 'new', '1.mx'), bytes)
  writeFileSync(path.join(folder, 'new', '2.mx'), place.report('postfix-unknown', 'bob'))
  await place.refuseDigest(digestOf(bytes, readDeliveredTo(bytes)))

  place.worker([mailbox], { log: openLog('silent') })
  await untilEmpty('new')

  expect(files('cur')).toEqual(['1.mx:2,F', '2.mx:2,S'])
  expect(await place.verdicts()).toEqual(['hard'])
})

test('while the database takes nothing, nothing is set aside', async () => {
  const mailbox = maildir()
  writeFileSync(path.join(folder, 'new', '1.mx'), place.report('postfix-unknown', 'bob'))
  const giveBack = await takeDatabaseAway(place.store.db, place.root.config.databaseUrl)
  const { take } = place.worker([], { log: openLog('silent') })
  const stop = AbortSignal.timeout(60_000)

  for (let pass = 0; pass < 5; pass++) await expect(mailbox.readAll(take, stop)).rejects.toThrow()
  expect(files('new')).toEqual(['1.mx'])

  await giveBack()
  await vi.waitFor(() => mailbox.readAll(take, stop), { timeout: 10_000, interval: 100 })
  expect(files('cur')).toEqual(['1.mx:2,S'])
})
