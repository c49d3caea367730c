/** Bad input and missing servers: one clear sentence each, the right exit code, nothing half-sent. */

import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import Database from 'libsql'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE } from '../rig/cli.js'

let place: CliRoot

afterEach(() => place.close())

const RELAY = { PRESSRUN_SECRET: 'an end-to-end secret of 32 characters', PUBLIC_URL: 'https://127.0.0.1:9' }

/** A root with three readers on the List "weekly". */
async function withReaders(env: Readonly<Record<string, string>> = {}): Promise<CliRoot> {
  place = await openCliRoot(env, 'shared')
  place.write('readers.csv', readersCsv(3))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  return place
}

async function expectNothingSent(): Promise<void> {
  expect(await place.json('sends')).toEqual([])
}

test('a call that is wrong is repeated without what could steer a terminal', async () => {
  place = await openCliRoot()

  const { code, stderr } = await place.run('nope\u001b[31m')

  expect(code).toBe(2)
  expect(stderr).toContain("unknown command 'nope[31m'")
  expect(stderr).not.toContain('\u001b')
})

test('no Redis program: the engine says what to install', async () => {
  await withReaders()
  Object.assign(place.env, { PATH: path.join(place.root, 'nothing') })

  const { code, stderr, stdout } = await place.run('start')

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toBe(
    'neither redis-server nor valkey-server is installed; install one, or set REDIS_URL to a server you have\n',
  )
})

test('a REDIS_URL that nobody answers at is said at once', async () => {
  place = await openCliRoot({ REDIS_URL: 'redis://:s3cret@127.0.0.1:1' })

  const { code, stderr } = await place.run('start')

  expect(code).toBe(2)
  expect(stderr).toMatch(/^REDIS_URL: cannot reach Redis: .*ECONNREFUSED.*\n$/)
  expect(stderr).not.toContain('s3cret')
})

test('a wrong SMTP password is said before anyone is placed, without the password', async () => {
  const relay = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    logger: false,
    onAuth: (_auth, _session, done) =>
      done(Object.assign(new Error('5.7.8 bad credentials'), { responseCode: 535 })),
  })
  const listener = relay.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  await withReaders({ ...RELAY, SMTP_URL: `smtp://editor:s3cret@127.0.0.1:${port}` })

  const { code, stderr } = await place.run('send', SAMPLE, '--list', 'weekly')
  relay.close()

  expect(code).toBe(2)
  expect(stderr).toMatch(/^SMTP_URL: .*refused the login for "editor".*$/m)
  expect(stderr).not.toContain('s3cret')
  await expectNothingSent()
})

test('an unreachable relay is said before anyone is placed', async () => {
  await withReaders({ ...RELAY, SMTP_URL: 'smtp://127.0.0.1:1' })

  const { code, stderr } = await place.run('send', SAMPLE, '--list', 'weekly', '--wait')

  expect(code).toBe(2)
  expect(stderr).toMatch(/^SMTP_URL: .*127\.0\.0\.1:1.*$/m)
  await expectNothingSent()
})

test('a real transport without From, public URL or secret is refused, each with its name', async () => {
  await withReaders()
  const yaml = readFileSync(path.join(place.root, 'issues/newsletter.yaml'), 'utf8')
  place.write('issues/newsletter.yaml', yaml.replace(/^from:.*\n/m, ''))
  const secret = readFileSync(path.join(place.root, '.data/secret'), 'utf8')

  Object.assign(place.env, { SMTP_URL: 'smtp://127.0.0.1:1' })
  const noSecret = await place.run('send', SAMPLE, '--list', 'weekly')
  Object.assign(place.env, { PRESSRUN_SECRET: secret })
  const noFrom = await place.run('send', SAMPLE, '--list', 'weekly')

  expect(noSecret.code).toBe(2)
  expect(noSecret.stderr).toMatch(/PRESSRUN_SECRET: is missing/)
  expect(noFrom.code).toBe(2)
  expect(noFrom.stderr).toMatch(/issues\/newsletter\.yaml: "from" is missing/)
  expect(noFrom.stderr).toMatch(/issues\/newsletter\.yaml: "public-url" is missing/)
  await expectNothingSent()
})

test('a secret that replaces the first one is refused, since Suppressions hang on it', async () => {
  await withReaders()
  Object.assign(place.env, { PRESSRUN_SECRET: 'another secret of at least 32 characters' })

  const { code, stderr } = await place.run('sends')

  expect(code).toBe(2)
  expect(stderr).toMatch(/^PRESSRUN_SECRET: does not end with the secret this database began with/)
})

test('no such list, no such issue, an empty list', async () => {
  await withReaders()
  place.write('nobody.csv', 'address,name\n')
  await place.run('subscribers', 'import', 'nobody.csv', '--list', 'empty', '--create-list')

  const list = await place.run('send', SAMPLE, '--list', 'wekly')
  const issue = await place.run('send', '2026-11-24-a-levy', '--list', 'weekly')
  const outside = await place.run('send', '../../etc/passwd', '--list', 'weekly')
  const empty = await place.run('send', SAMPLE, '--list', 'empty')

  expect([list, issue, outside, empty].map(({ code }) => code)).toEqual([2, 2, 2, 2])
  expect(list.stderr).toMatch(/there is no List "wekly"; there is .*weekly/)
  expect(issue.stderr).toMatch(
    /there is no issue "2026-11-24-a-levy"; the nearest are 2026-11-24-a-levy-on-cold-boxes/,
  )
  expect(outside.stderr).toMatch(/names no issue/)
  expect(empty.stderr).toMatch(/the List "empty" is empty/)
  await expectNothingSent()
})

test('broken rows of a CSV are refused one by one with their lines; the others come in', async () => {
  place = await openCliRoot()
  place.write(
    'mixed.csv',
    [
      'address,name',
      'alice@example.org,Alice',
      '"a@b.test\r\nRCPT TO:<x@y.test>",CRLF',
      '"a@b.test,c@d.test",Comma',
      '<a@b.test>,Angle',
      'a@b@c.test,Two',
      'erin@example.org,"Erin\r\nBcc: e@x.test"',
      'alice@example.org,Again',
      'short',
      'dora@example.org,Dora',
      '',
    ].join('\n'),
  )

  const result = (await place.json(
    'subscribers',
    'import',
    'mixed.csv',
    '--list',
    'weekly',
    '--create-list',
  )) as {
    added: number
    refused: number
    duplicate: number
    problems: { line: number }[]
  }
  const { stdout } = await place.run('subscribers', 'list')

  expect(result).toMatchObject({ added: 3, duplicate: 1 })
  expect(result.added + result.refused + result.duplicate).toBe(9)
  expect(result.problems.map(({ line }) => line)).toContain(3)
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(3)
  expect(stdout).toContain('Erin Bcc: e@x.test')
})

test('a template with a typo, an issue with a mistake: file, line, and what would be right', async () => {
  await withReaders()
  const template = readFileSync(path.join(place.root, 'templates/digest/email.mjml'), 'utf8')
  place.write('templates/digest/email.mjml', `${template}\n{{publicaton.name}}\n`)
  place.write('issues/2026-12-08-broken.md', '---\ntitel: Typo\ndate: 2026-13-40\n---\n\n## Story\n\nText\n')

  const typo = await place.run('send', SAMPLE, '--list', 'weekly')
  const broken = await place.run('check', '2026-12-08-broken')

  expect(typo.code).toBe(2)
  expect(typo.stderr).toMatch(/templates\/digest\/email\.mjml:\d+: .*publicaton/)
  expect(broken.code).toBe(1)
  expect(broken.stdout).toMatch(/issues\/2026-12-08-broken\.md:2: .*titel.*title/)
  expect(broken.stdout).toMatch(/issues\/2026-12-08-broken\.md:3: .*not a day of the calendar/)
  await expectNothingSent()
})

test('what .data holds is for its owner alone, also where the folder was open before', async () => {
  place = await openCliRoot()
  mkdirSync(path.join(place.root, '.data'), { mode: 0o755 })
  place.write('readers.csv', readersCsv(1))

  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')

  expect(statSync(path.join(place.root, '.data')).mode & 0o777).toBe(0o700)
  expect(statSync(path.join(place.root, '.data/secret')).mode & 0o777).toBe(0o600)
})

test('a database that another process holds is no reason to wait for ever', { timeout: 60_000 }, async () => {
  // SQLite in every ring: there is no such lock on Postgres.
  await withReaders({ DATABASE_URL: '' })
  const holder = new Database(path.join(place.root, '.data/pressrun.db'))
  holder.exec('begin immediate')

  const read = await place.run('sends')
  const written = await place.run('subscribers', 'suppress', 'reader1@example.org')
  holder.exec('rollback')
  holder.close()

  expect(read.code).toBe(0)
  expect(written).toMatchObject({ code: 1, stdout: '' })
  expect(written.stderr).toBe('the database is held by another process; try again when that one is done\n')
})

test('a root that is not there is refused, and nothing is made of it', async () => {
  place = await openCliRoot()
  const missing = path.join(place.root, 'nope')

  const { code, stdout, stderr } = await place.run('--root', missing, 'sends')

  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: `--root: there is no folder ${missing}\n`,
  })
  expect(existsSync(missing)).toBe(false)
})

test('a database file that is garbage, cut off or a folder is named, with what to do', async () => {
  await withReaders({ DATABASE_URL: '' })
  const file = path.join(place.root, '.data/pressrun.db')

  truncateSync(file, 60_000)
  const cut = await place.run('sends')
  const cutStart = await place.run('start')
  place.write('.data/pressrun.db', 'garbage '.repeat(2_000))
  const garbage = await place.run('send', SAMPLE, '--list', 'weekly')
  rmSync(file)
  mkdirSync(file)
  const folder = await place.run('sends')

  const put = 'put back the one from a backup\n'
  expect(cut).toEqual({ code: 2, stdout: '', stderr: `${file}: is damaged; ${put}` })
  expect(cutStart).toEqual(cut)
  expect(garbage).toEqual({ code: 2, stdout: '', stderr: `${file}: is no database; ${put}` })
  expect(folder).toEqual({ code: 2, stdout: '', stderr: `${file}: cannot be opened; ${put}` })
})

test('a file where the folder of the marks belongs is named, by start and by adopt', async () => {
  // SQLite in every ring: marks may mean nothing on Postgres.
  await withReaders({ DATABASE_URL: '' })
  place.write('.data/generation', '')

  const [started, adopted] = [await place.run('start'), await place.run('adopt')]

  const sentence = `${path.join(place.root, '.data/generation')}: is a file where a folder belongs`
  for (const { code, stdout, stderr } of [started, adopted]) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^\S+: .*\n$/)
    expect(stderr).toContain(sentence)
  }
})

test('build --out onto a file, or below one, is refused', async () => {
  place = await openCliRoot()
  const file = place.write('taken', 'kept')

  const onto = await place.run('build', SAMPLE, '--out', file)
  const below = await place.run('build', SAMPLE, '--out', path.join(file, 'below'))

  expect([onto, below].map(({ code, stdout }) => `${code} ${stdout}`)).toEqual(['2 ', '2 '])
  expect(onto.stderr).toContain(`--out: ${file} is no folder that can be written to`)
  expect(below.stderr).toContain(`--out: ${path.join(file, 'below')} is no folder that can be written to`)
  expect(readFileSync(file, 'utf8')).toBe('kept')
})

test('a damaged secret signs nothing', async () => {
  await withReaders()
  place.write('.data/secret', '')

  const { code, stderr } = await place.run('sends')

  expect(code).toBe(2)
  expect(stderr).toMatch(/\.data\/secret: is damaged/)
})

test('a name of a file that would steer the terminal is shown without that', async () => {
  place = await openCliRoot()
  place.write('.data/dkim/\x1b[31mred/key.pem', 'none')

  const { code, stderr } = await place.run('start')

  expect(code).toBe(2)
  expect(stderr).toContain('"[31mred" is no domain name')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none is what is meant
  expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f]/)
})

test('a wrong call exits 2 and says how it goes; --json leaves stdout to the document', async () => {
  await withReaders()

  const unknown = await place.run('sned')
  const missing = await place.run('send', SAMPLE)
  const number = await place.run('status', 'one')
  const none = await place.run('status', '9')

  expect([unknown, missing, number, none].map(({ code, stdout }) => ({ code, stdout }))).toEqual(
    Array.from({ length: 4 }, () => ({ code: 2, stdout: '' })),
  )
  expect(unknown.stderr).toMatch(/unknown command 'sned'/)
  expect(missing.stderr).toMatch(/--list/)
  expect(none.stderr).toMatch(/there is no Send 9/)
})
