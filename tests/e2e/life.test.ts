/** A Send's life as an editor steers it on the command line: sentences, exit codes, and what comes of it. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { Status } from '../../src/report/status.js'
import { startChaosSmtp } from '../rig/chaos.js'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE } from '../rig/cli.js'

let place: CliRoot

afterEach(() => place.close())

async function openWith(readers: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  place = await openCliRoot(env, 'shared')
  place.write('readers.csv', readers)
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
}

function correctIssue(): void {
  const file = `issues/${SAMPLE}.md`
  const text = readFileSync(path.join(place.root, file), 'utf8')
  place.write(file, `${text}\nA word that was missing.\n`)
}

async function untilFinished(send: string): Promise<Status> {
  return vi.waitFor(
    async () => {
      const status = (await place.json('status', send)) as Status
      expect(status.state).toBe('finished')
      return status
    },
    { timeout: 90_000, interval: 300 },
  )
}

function inbox(): readonly { readonly to: string }[] {
  return readFileSync(path.join(place.root, '.data', 'inbox', 'ledger.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): { to: string } => JSON.parse(line))
}

test('pause, resume, cancel: done once, said again when it is so already, refused from the end', async () => {
  await openWith(readersCsv(3))
  await place.run('send', SAMPLE, '--list', 'weekly')

  const paused = await place.run('pause', '1', '--by', 'Ada')
  const pausedAgain = await place.run('pause', '1', '--by', 'Bert')
  const sent = await place.run('send', SAMPLE, '--list', 'weekly')
  const resumed = await place.run('resume', '1')
  const cancelled = await place.run('cancel', '1', '--by', 'Ada\u202e\n')
  const cancelledAgain = await place.json('cancel', '1')
  const pausedLate = await place.run('pause', '1')
  const resumedLate = await place.run('resume', '1', '--json')
  const none = await place.run('cancel', '7')

  expect(paused).toMatchObject({ code: 0, stderr: '' })
  expect(paused.stdout).toMatch(/^Send 1 is paused; pressrun resume 1 goes on, pressrun supersede 1 .*\n$/)
  expect(pausedAgain).toMatchObject({ code: 0, stdout: 'Send 1 is paused already (paused by Ada)\n' })
  expect(sent).toMatchObject({ code: 1, stdout: '' })
  expect(sent.stderr).toMatch(
    /to "weekly" is Send 1 already, which is paused \(paused by Ada\); pressrun resume 1/,
  )
  expect(resumed).toMatchObject({ code: 0, stdout: 'Send 1 goes on\n' })
  expect(resumed.stderr).toBe('no engine runs here; pressrun start goes on with it\n')
  expect(cancelled).toMatchObject({
    code: 0,
    stdout: 'Send 1 is cancelled: 0 had got it; nobody else gets it\n',
  })
  expect(cancelledAgain).toEqual({
    send: 1,
    state: 'cancelled',
    reason: 'cancelled by Ada',
    changed: false,
    message: 'Send 1 is cancelled already (cancelled by Ada)',
  })
  expect(pausedLate).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'Send 1 is cancelled; there is nothing to pause\n',
  })
  expect(resumedLate).toMatchObject({ code: 1, stderr: '' })
  expect(JSON.parse(resumedLate.stdout)).toMatchObject({ send: 1, state: 'cancelled', changed: false })
  expect(none).toMatchObject({ code: 2, stderr: 'there is no Send 7; pressrun sends lists them\n' })
})

test('supersede: not with the same issue, not with a broken one; then everyone gets the corrected one', async () => {
  await openWith(readersCsv(6))
  await place.run('send', SAMPLE, '--list', 'weekly')

  const unchanged = await place.run('supersede', '1')
  place.write('issues/newsletter.yaml', 'nme: Typo\n')
  const broken = await place.run('supersede', '1')
  const untouched = (await place.json('status', '1')) as Status
  place.write('issues/newsletter.yaml', 'name: The Harbour Brief\n')
  correctIssue()
  const [one, other] = await Promise.all([
    place.run('supersede', '1', '--by', 'Ada'),
    place.run('supersede', '1'),
  ])
  const again = await place.run('supersede', '1')
  await place.start()
  const status = await untilFinished('2')
  const late = await place.run('supersede', '2')
  const repeat = await place.run('repeat', '2')
  const sends = await place.run('sends')

  expect(unchanged).toMatchObject({ code: 1, stdout: '' })
  expect(unchanged.stderr).toMatch(
    /^issues\/.*\.md is what Send 1 sends; change it first, or pressrun supersede 1 --unchanged/,
  )
  expect(broken.code).toBe(2)
  expect(untouched).toMatchObject({ state: 'sending', queued: 6 })
  // V14: two operators at the same instant.
  expect([one, other].map(({ code }) => code).sort()).toEqual([0, 1])
  expect(one.code === 0 ? one.stdout : other.stdout).toBe('2\n')
  expect(again.stderr).toBe(
    'Send 1 was superseded before, by Send 2; pressrun supersede 2 goes on from there\n',
  )
  expect(status).toMatchObject({ sent: 6, audience: 6, label: 'correction of Send 1' })
  expect(inbox()).toHaveLength(6)
  expect(late.stderr).toMatch(/^Send 2 is finished: nobody is left/)
  expect(repeat).toMatchObject({ code: 1, stdout: '' })
  expect(repeat.stderr).toMatch(/^nobody failed in Send 2/)
  expect(sends.stdout).toMatch(/1 .* cancelled .*superseded by Send 2 \(/)
  expect(sends.stdout).toMatch(/2 .* finished .*correction of Send 1/)
  expect((await place.run('verify', '1')).code).toBe(0)
  expect((await place.run('verify', '2')).code).toBe(0)
})

test('send --at: refused when it can’t be, shown in its zone, and gone out by itself when it is due', async () => {
  await openWith(readersCsv(2))
  const at = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10)
  const send = (...args: string[]) => place.run('send', SAMPLE, '--list', 'weekly', ...args)

  const past = await send('--at', '2026-01-01 09:00', '--zone', 'Europe/Berlin')
  const zone = await send('--at', `${at} 09:00`, '--zone', 'Europe/Berln')
  const waits = await send('--at', `${at} 09:00`, '--wait')
  const alone = await send('--zone', 'Europe/Berlin')
  const far = await send('--at', '2126-12-01 09:00')
  const tooLate = await send('--at', `${at} 09:00`, '--late', '31d')
  const nothing = await place.json('sends')
  place.write('issues/newsletter.yaml', 'name: The Harbour Brief\ntime-zone: Asia/Tokyo\n')
  const scheduled = await send('--at', `${at} 18:00`, '--uncertain', 'resend')
  const again = await send('--at', `${at} 19:00`)
  const sends = await place.run('sends')
  await place.run('cancel', '1')
  const soon = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 8_000).toISOString().slice(0, 19)
  const second = await place.json('send', SAMPLE, '--list', 'weekly', '--at', `${soon}Z`)
  await place.start()
  const status = await untilFinished('2')

  expect([past, zone, waits, alone].map(({ code, stdout }) => `${code} ${stdout}`)).toEqual([
    '2 ',
    '2 ',
    '2 ',
    '2 ',
  ])
  expect(past.stderr).toMatch(/^--at: 2026-01-01 09:00 in Europe\/Berlin is past/)
  expect(zone.stderr).toBe('--zone: "Europe/Berln" is no time zone; the nearest is Europe/Berlin\n')
  expect(waits.stderr).toMatch(/^--wait: nobody stays until --at/)
  expect(alone.stderr).toMatch(/^--zone: says something about a time/)
  expect(far).toMatchObject({ code: 2, stdout: '' })
  expect(far.stderr).toMatch(/^--at: 2126-12-01 09:00 is more than two years ahead; .*\n$/)
  expect(tooLate).toMatchObject({ code: 2, stdout: '' })
  expect(tooLate.stderr).toMatch(/^--late: 31d is more than 30d; .*write 30d or less\n$/)
  expect(nothing).toEqual([])
  expect(scheduled).toMatchObject({ code: 0, stdout: '1\n' })
  expect(scheduled.stderr).toContain(`Send 1 is scheduled for ${at} 18:00 Asia/Tokyo (09:00 UTC)`)
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toMatch(/is scheduled already, as Send 1; pressrun supersede 1 .* pressrun cancel 1/)
  expect(sends.stdout).toContain(`${at} 18:00 Asia/Tokyo (09:00 UTC)`)
  expect(second).toMatchObject({ send: 2, scheduledAt: `${soon}.000Z`, zone: 'UTC' })
  expect(status).toMatchObject({ sent: 2, label: 'anew: Send 1 was cancelled before anyone was placed' })
  expect(Date.parse(status.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(`${soon}Z`))
})

test('a dry run gives the answer of send where the issue is a Send to that list already', async () => {
  await openWith(readersCsv(2))
  const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10)
  const at = ['--at', `${tomorrow} 09:00`, '--zone', 'Europe/Berlin']
  const send = (...args: string[]) => place.run('send', SAMPLE, '--list', 'weekly', ...args)
  const both = async () => ({ dry: await send('--dry-run'), real: await send() })

  const foreseen = await send('--dry-run', ...at)
  const foreseenJson = await place.json('send', SAMPLE, '--list', 'weekly', '--dry-run', ...at)
  await send(...at)
  const scheduled = await both()
  await place.run('cancel', '1')
  const free = await send('--dry-run')
  await send()
  const running = await both()
  await place.run('pause', '2')
  const paused = await both()
  await place.run('resume', '2')
  await place.start()
  await untilFinished('2')
  const finished = await both()

  expect(foreseen.code).toBe(0)
  expect(foreseen.stderr).not.toMatch(/error|warning/)
  expect(foreseen.stdout).toMatch(
    new RegExp(`^2 of 2 .*\nit would begin at ${tomorrow} 09:00 Europe/Berlin \\(.*\n$`),
  )
  expect(foreseenJson).toMatchObject({ mailable: 2, zone: 'Europe/Berlin' })
  expect(free).toMatchObject({ code: 0, stdout: '2 of 2 on "weekly" would get it\n' })
  for (const [{ dry, real }, said] of [
    [scheduled, 'is scheduled already, as Send 1'],
    [running, 'is Send 2 already (sending)'],
    [paused, 'is Send 2 already, which is paused'],
    [finished, 'as Send 2 (finished)'],
  ] as const) {
    expect(dry).toEqual(real)
    expect(dry).toMatchObject({ code: 1, stdout: '' })
    expect(dry.stderr).toContain(said)
  }
})

test('an answer that is no is one JSON document with --json; a wrong call leaves stdout empty', async () => {
  await openWith(readersCsv(2))
  await place.run('send', SAMPLE, '--list', 'weekly')

  const again = await place.run('send', SAMPLE, '--list', 'weekly', '--json')
  const unchanged = await place.run('supersede', '1', '--json')
  const repeated = await place.run('repeat', '1', '--json')
  await place.run('cancel', '1')
  const resent = await place.run('resolve', '1', '--resend', '--json')
  const resentText = await place.run('resolve', '1', '--resend')
  const none = await place.run('repeat', '7', '--json')

  for (const [{ code, stdout, stderr }, state, said] of [
    [again, 'sending', /is Send 1 already \(sending\)/],
    [unchanged, 'sending', /is what Send 1 sends; change it first/],
    [repeated, 'sending', /^Send 1 is sending; when it is over/],
    [resent, 'cancelled', /^Send 1 is cancelled: nobody gets it any more/],
  ] as const) {
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({ send: 1, state, message: expect.stringMatching(said) })
  }
  expect(resentText).toEqual({ code: 1, stdout: '', stderr: `${JSON.parse(resent.stdout).message}\n` })
  expect(none).toMatchObject({ code: 2, stdout: '' })
})

test('the status of a Send whose time passed while no engine ran says so', async () => {
  await openWith(readersCsv(1))
  const soon = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 20_000).toISOString().slice(0, 19)
  await place.run('send', SAMPLE, '--list', 'weekly', '--at', `${soon}Z`)

  const before = await place.run('status', '1')

  // A machine may be so busy that the time has come meanwhile.
  if (Date.now() < Date.parse(`${soon}Z`)) expect(before.stderr).toBe('')
  await vi.waitFor(
    async () =>
      expect((await place.run('status', '1')).stderr).toBe(
        'its time is past and no engine runs here; pressrun start goes on with it\n',
      ),
    { timeout: 60_000, interval: 300 },
  )
})

test('repeat: those who failed get it once more, from the bytes that were sent before', async () => {
  await openWith(readersCsv(2, ['defer-3-dora@example.org,Dora', 'bob@example.org,Bob']), {
    PRESSRUN_SECRET: 'an end-to-end secret of 32 characters',
    PUBLIC_URL: 'https://127.0.0.1:9',
    RETRY_SCHEDULE: '300ms,300ms',
  })
  const smtp = await startChaosSmtp({ ledger: path.join(place.root, 'ledger.jsonl') })
  Object.assign(place.env, { SMTP_URL: smtp.url })
  await place.start()
  await place.run('send', SAMPLE, '--list', 'weekly')
  const first = await untilFinished('1')
  correctIssue()

  const repeated = await place.run('repeat', '1')
  const second = await untilFinished('2')
  const again = await place.run('repeat', '1')
  await smtp.stop()

  expect(first).toMatchObject({ sent: 2, failed: 1, bounced: 1 })
  expect(repeated).toMatchObject({
    code: 0,
    stdout: '2\n',
    stderr: 'Send 2 is for those who failed in Send 1\n',
  })
  expect(second).toMatchObject({ audience: 1, sent: 1, hash: first.hash })
  expect(second.label).toMatch(/^repeat for those who failed in Send 1, by /)
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toMatch(
    /^Send 1 was repeated before, as Send 2 \(finished\); pressrun repeat 2 goes on/,
  )
  expect(
    smtp
      .ledger()
      .map(({ to }) => to)
      .sort(),
  ).toEqual(['defer-3-dora@example.org', 'reader0@example.org', 'reader1@example.org'])
})

test('V14: the same command in two processes at the same instant is one Send', async () => {
  await openWith(readersCsv(50))

  const both = await Promise.all([
    place.run('send', SAMPLE, '--list', 'weekly'),
    place.run('send', SAMPLE, '--list', 'weekly'),
  ])
  await place.start()
  const status = await untilFinished('1')

  // The second goes on with the freeze of the first, or finds it done.
  expect(both.map(({ code }) => code)).toContain(0)
  expect(status).toMatchObject({ audience: 50, sent: 50 })
  expect(inbox()).toHaveLength(50)
  expect(await place.json('sends')).toHaveLength(1)
})
