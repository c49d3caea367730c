/** Lists, tags, Segments and Suppressions as an editor uses them on the command line, up to who gets an issue. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, SAMPLE } from '../rig/cli.js'

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot({}, 'shared')
  const publication = readFileSync(path.join(place.root, 'issues/newsletter.yaml'), 'utf8')
  const declared = `
attributes:
  country: one of DE, FR, GB
  orders: number
segments:
  germans: country = "DE"
  broken: contry = "DE"
`
  place.write('issues/newsletter.yaml', publication + declared)
  place.write(
    'readers.csv',
    [
      'address,name,country,orders',
      'alice@example.org,Alice,DE,12',
      'bob@example.org,Bob,FR,3',
      'charlie@example.org,Charlie,DE,',
      'dora@example.org,Dora,,7',
      '',
    ].join('\n'),
  )
})

afterEach(() => place.close())

function inbox(): readonly string[] {
  return readFileSync(path.join(place.root, '.data', 'inbox', 'ledger.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): string => JSON.parse(line).to)
    .sort()
}

test('a list is made, changed and shown; what it cannot be is refused with what would be right', async () => {
  const none = await place.run('lists')
  const foreseen = await place.run('lists', 'new', 'brief', '--public', '--open', '--dry-run')
  const made = await place.run(
    'lists',
    'new',
    'brief',
    '--title',
    'The Brief',
    '--public',
    '--open',
    '--topics',
    'harbour: Harbour news, rail',
  )
  const again = await place.run('lists', 'new', 'BRIEF')
  const secret = await place.run('lists', 'new', 'staff', '--open')
  const edited = await place.run('lists', 'edit', 'brief', '--closed', '--monthly')
  const lists = await place.run('lists')

  expect(none).toMatchObject({ code: 0, stdout: 'there is no list yet; pressrun lists new NAME makes one\n' })
  expect(foreseen.stdout).toBe('the List "brief" would be made: brief; public, open for sign-up\n')
  expect(made.stdout).toBe(
    'the List "brief" is there now: The Brief; public, open for sign-up; topics harbour (Harbour news), rail\n',
  )
  expect(again).toMatchObject({ code: 2, stdout: '' })
  expect(again.stderr).toContain('there is a List "brief" already; pressrun lists edit brief changes it')
  expect(secret.code).toBe(2)
  expect(secret.stderr).toContain('people sign up to public ones alone')
  expect(edited.stdout).toBe(
    'the List "brief" is changed:\n  sign-up: open → closed\n  one a month: no → for those who ask\n',
  )
  expect(lists.stdout).toBe(
    'name   title                      active  paused  pending  unsubscribed\n' +
      'brief  The Brief  public  closed       0       0        0             0\n',
  )
  expect(await place.json('lists')).toMatchObject([
    { name: 'brief', isPublic: true, isOpen: false, hasMonthly: true },
  ])
})

test('a Segment is counted, shown, named, and sent to; everyone else gets nothing', async () => {
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'readers', '--create-list')
  await place.run('subscribers', 'tag', 'dora@example.org', 'VIP')
  const filter = 'country = "de" or tagged "vip"'

  const counted = await place.run('segment', 'readers', filter, '--show', '2')
  const wrong = await place.run('segment', 'readers', 'contry = "DE"')
  const broken = await place.run('segment', 'readers', 'broken')
  const foreseen = await place.run('send', SAMPLE, '--list', 'readers', '--segment', 'germans', '--dry-run')
  const unknown = await place.run('send', SAMPLE, '--list', 'readers', '--segment', 'german', '--dry-run')
  const nobody = await place.run('send', SAMPLE, '--list', 'readers', '--segment', 'orders > 999')
  await place.run('send', SAMPLE, '--list', 'readers', '--segment', filter, '--wait')

  expect(counted.stdout).toBe(
    `3 of 4 active on "readers" where ${filter}\n3 of them would get an issue now\n\n` +
      'alice@example.org    Alice    active\ncharlie@example.org  Charlie  active\n',
  )
  expect(wrong).toMatchObject({
    code: 2,
    stderr: 'the filter, column 1: "contry" names nothing; did you mean "country"?\n',
  })
  expect(broken.stderr).toMatch(/^issues\/newsletter\.yaml:\d+: column 1: "contry" names nothing/)
  expect(foreseen.stdout).toContain('2 of 2 on "readers" where germans (country = "DE") would get it\n')
  expect(unknown.stderr).toContain('there is no segment "german"; did you mean "germans"?')
  expect(nobody).toMatchObject({ code: 2 })
  expect(nobody.stderr).toContain('there is nobody on "readers" where orders > 999')
  expect(inbox()).toEqual(['alice@example.org', 'charlie@example.org', 'dora@example.org'])
  expect((await place.run('status', '1')).stdout).toContain(`to those where  ${filter}\n`)
  expect((await place.run('sends')).stdout).toContain(`where ${filter}`)
  expect(await place.json('report', '1')).toMatchObject({
    segment: { name: null, filter },
    audience: 3,
    sent: 3,
  })
  expect(await place.run('verify', '1')).toMatchObject({ code: 0 })
})

test('an issue about topics goes to those who want them; a topic that the list does not have is refused', async () => {
  const file = `issues/${SAMPLE}.md`
  const written = readFileSync(path.join(place.root, file), 'utf8')
  place.write(file, written.replace('---\n', '---\ntopics: harbor\n'))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'readers', '--create-list')
  await place.run('lists', 'edit', 'readers', '--topics', 'harbour: Harbour news, rail: Rail')

  const refused = await place.run('send', SAMPLE, '--list', 'readers', '--dry-run')
  place.write(file, written.replace('---\n', '---\ntopics: harbour\n'))
  const foreseen = await place.run('send', SAMPLE, '--list', 'readers', '--dry-run')

  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain(
    'the issue is about "harbor", which is no topic of the List "readers"; did you mean "harbour"? Its topics are harbour, rail',
  )
  expect(foreseen.stdout).toContain('4 of 4 on "readers" would get it\n')
})

test('an address is suppressed, counted, and allowed again by a person who is named', async () => {
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'readers', '--create-list')

  await place.run('subscribers', 'suppress', 'bob@example.org', '--reason', 'asked by phone', '--by', 'Ines')
  const counted = await place.json('suppressions')
  const allowed = await place.run('subscribers', 'allow', 'bob@example.org', '--by', 'Ada')
  const again = await place.run('subscribers', 'allow', 'bob@example.org')
  const shown = await place.run('subscribers', 'show', 'bob@example.org')

  expect(counted).toMatchObject({ total: 1, reasons: [{ reason: 'asked by phone', count: 1 }] })
  expect(allowed.stdout).toBe(
    'bob@example.org may be mailed again (it was suppressed: asked by phone); it is on readers\n',
  )
  expect(again).toMatchObject({ code: 0, stdout: 'bob@example.org was not suppressed\n' })
  expect(shown.stdout).toMatch(/suppressed +reason asked by phone, by Ines\n/)
  expect(shown.stdout).toMatch(/allowed +how command, by Ada, reason asked by phone\n/)
})
