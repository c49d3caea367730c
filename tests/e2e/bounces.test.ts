/** What comes back, as an operator meets it: the engine, its mailbox, `pressrun bounces`. */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openStore, type Store } from '../../src/app/store.js'
import { readConfig } from '../../src/config.js'
import { bounceBytes, namesOf } from '../rig/bounce-corpus.js'
import { type CliRoot, openCliRoot } from '../rig/cli.js'
import { readEvents } from '../rig/feedback.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

let place: CliRoot
let store: Store
let send: SeededSend
let maildir: string

beforeEach(async () => {
  place = await openCliRoot({ PRESSRUN_SECRET: 'a secret of the bounce tests with 32 characters' }, 'shared')
  store = await openStore(readConfig({ root: place.root, env: place.env }))
  send = await seedSend(store.db.query, {
    deliveries: ['alice', 'bob', 'erin'].map((who) => ({ who })),
    state: 'finished',
    now: Date.now() - 60_000,
  })
  maildir = path.join(place.root, 'back')
  for (const part of ['new', 'cur', 'tmp']) mkdirSync(path.join(maildir, part), { recursive: true })
})

afterEach(async () => {
  await store.close()
  await place.close()
})

function put(name: string, report: string, who: string): void {
  const bytes = bounceBytes(report, namesOf(store.keys, send.deliveries[who] ?? 0), {
    'bob@example.net': `${who}@example.com`,
    'erin@example.org': `${who}@example.com`,
  })
  writeFileSync(path.join(maildir, 'new', name), bytes)
}

function lying(part: string): readonly string[] {
  return existsSync(path.join(maildir, part)) ? readdirSync(path.join(maildir, part)).sort() : []
}

async function untilTaken(): Promise<void> {
  await vi.waitFor(() => expect(lying('new')).toEqual([]), { timeout: 20_000, interval: 50 })
}

describe.each(['feedback.before', 'feedback.after'])('kill -9 at %s', (point) => {
  test('each mail counts once, whenever the engine dies', async () => {
    put('1.mx', 'postfix-unknown', 'bob')
    put('2.mx', 'arf-abuse', 'erin')
    const env = { BOUNCES: `maildir:${maildir}` }

    for (const passage of [1, 2]) {
      const engine = await place.start({ ...env, PRESSRUN_FAILPOINT: `${point}:${passage}` }, [
        '--only',
        'bounces',
      ])
      expect(await engine.died).toBe('SIGKILL')
    }
    const engine = await place.start(env, ['--only', 'bounces'])
    await untilTaken()
    expect(await engine.end('SIGTERM')).toBe(0)

    expect(lying('cur')).toEqual(['1.mx:2,S', '2.mx:2,S'])
    expect((await readEvents(store.db)).map(({ kind }) => kind)).toEqual([
      'bounced',
      'suppressed',
      'complained',
      'suppressed',
    ])
  })
})

test('V42: what strangers wrote is inert on the terminal, in pressrun bounces and in what is known of a person', async () => {
  const evil = '<img src=x onerror=alert(1)>\u001b[2J\u001b]0;owned\u0007'
  const head = `Return-Path: <>\r\nTo: <bounces+${namesOf(store.keys, send.deliveries.bob ?? 0).returnToken}@example.com>`
  const dsn = [
    head,
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    'MIME-Version: 1.0',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    `It did not work ${evil}`,
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    'Final-Recipient: rfc822; bob@example.com',
    'Action: failed',
    'Status: 5.1.1',
    `Diagnostic-Code: smtp; 550 5.1.1 No such user ${evil}`,
    '--b--',
    '',
  ].join('\r\n')
  writeFileSync(path.join(maildir, 'new', '1.mx'), dsn)
  writeFileSync(
    path.join(maildir, 'new', '2.mx'),
    `${head}\r\nSubject: hello\r\n\r\nI am a person ${evil}\r\n`,
  )
  await place.start({ BOUNCES: `maildir:${maildir}` }, ['--only', 'bounces'])
  await untilTaken()

  const listed = await place.run('bounces')
  const json = (await place.json('bounces')) as { newest: unknown[]; unknown: { id: number }[] }
  const letter = await place.run('bounces', 'show', String(json.unknown[0]?.id))
  const person = await place.run('subscribers', 'show', 'bob@example.com')

  for (const { stdout, code } of [listed, letter, person]) {
    expect(code).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  }
  expect(listed.stdout).toMatch(/^hard: there is no such address +1 +1 +1$/m)
  expect(listed.stdout).toMatch(/^not understood +1 +1 +1$/m)
  expect(listed.stdout).toContain('bob@example.com')
  expect(letter.stdout).toContain('I am a person <img src=x onerror=alert(1)>')
  expect(person.stdout).toMatch(/bounced .*hard, 550 5\.1\.1 No such user .*by maildir/)
  expect(await place.run('bounces', 'show', '99')).toMatchObject({
    code: 2,
    stderr: 'there is no "99" among what came back; pressrun bounces lists it by number\n',
  })
})

test('with nothing there it says what to set; what cannot be read stops the start in words', async () => {
  expect((await place.run('bounces')).stdout).toMatch(
    /^nothing has come back: set RETURN_PATH and BOUNCES_LISTEN/,
  )

  const starting = place.start({ BOUNCES_LISTEN: '127.0.0.1:0' }, ['--only', 'bounces'])
  await expect(starting).rejects.toThrow(/BOUNCES_LISTEN: nothing would be accepted there; set RETURN_PATH/)
  const other = place.start({ BOUNCES: 'imap://b:hunter2@mail.example.org' }, ['--only', 'bounces'])
  await expect(other).rejects.toThrow(/BOUNCES: would send the password in the clear/)
})
