import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseFilter } from '../../src/audience/segment/parse.js'
import { attributesOfNobody, firstOfSegment } from '../../src/audience/segment/people.js'
import { findSegment, readSegment, writeSegment } from '../../src/audience/segment/segment.js'
import { selectCondition } from '../../src/audience/segment/select.js'
import { printSegment, segmentCommand } from '../../src/commands/segment.js'
import type { Db } from '../../src/db/db.js'
import { makeKeys } from '../../src/link/token.js'
import { readWindow } from '../../src/send/crowd.js'
import { openTestDb } from '../rig/database.js'
import { AS_OF, seedWorld, ZONE } from '../rig/judged-world.js'
import type { JudgedPerson } from '../rig/reference-judge.js'

let db: Db
beforeEach(async () => {
  db = await openTestDb()
})
afterEach(() => db.close())

function person(place: number, given: Partial<JudgedPerson> = {}): JudgedPerson {
  const plain = { name: '', lang: null, joinedAt: AS_OF, attributes: {}, tags: [], deliveries: [], hits: [] }
  return { address: `reader${place}@example.org`, ...plain, ...given }
}

function parse(filter: string) {
  return { where: parseFilter(filter, { types: [], where: 'the filter', line: null }) }
}

async function found(filter: string, listId: number): Promise<readonly string[]> {
  const moment = { listId, asOf: AS_OF, zone: ZONE }
  const people = await firstOfSegment(db.query, parse(filter), { ...moment, count: 100 })
  return people.map(({ address }) => address)
}

/** What would end a text, a statement, or a pattern somewhere. */
const HOSTILE = [
  `'; drop table subscriber; --`,
  `" or 1=1 --`,
  `') or ('1'='1`,
  `%`,
  `_`,
  `[a-z]*`,
  `\\`,
  `\\'`,
  `$1`,
  `?`,
  `:name`,
  `$.x`,
  `{"a":1}`,
  `${'$'}{1}`,
  `/* */ union select 1`,
  `\u{1F642}'`,
]

describe('what is written into a filter', () => {
  test('is compared as it is, whatever it would mean to a database', async () => {
    const people = HOSTILE.map((text, place) =>
      person(place, { name: text, attributes: { city: text }, tags: place === 0 ? ["o'b; --"] : [] }),
    )
    const { listId } = await seedWorld(db.query, people)

    for (const [place, text] of HOSTILE.entries()) {
      const quoted = `"${text.replaceAll('"', '""')}"`
      for (const test of [`city = ${quoted}`, `name in (${quoted})`])
        expect([text, await found(test, listId)]).toEqual([text, [`reader${place}@example.org`]])
      for (const how of ['contains', 'begins with', 'ends with'])
        expect(await found(`city ${how} ${quoted}`, listId)).toContain(`reader${place}@example.org`)
    }
    expect(await found(`tagged "o'b; --"`, listId)).toEqual(['reader0@example.org'])
    expect(await found('city contains "%"', listId)).toEqual(['reader3@example.org'])
  })

  test('never becomes part of a statement, nor does a name', async () => {
    const { where } = parse(
      `city = "'; drop table subscriber; --" and shoe_size contains "42" and tagged "x'y"`,
    )

    const truth = await selectCondition(db.query, where, { listId: 1, asOf: AS_OF, zone: ZONE })
    const { sql: statement, parameters } = sql`select ${truth}`.compile(db.query)

    expect(statement).not.toMatch(/drop|shoe_size|42|x'y/)
    expect(parameters.map(String).join(' ')).toMatch(/drop table subscriber.*shoe_size.*42.*x'y/)
  })

  test('may be as long and as deep as a filter can be', async () => {
    // Every letter is another that SQLite does not fold by itself.
    const letters = Array.from({ length: 190 }, (_, at) =>
      String.fromCodePoint(0x430 + (at % 32), 0x3b1 + (at % 17)),
    )
    const city = letters.join('').slice(0, 190)
    const { listId } = await seedWorld(db.query, [person(0, { attributes: { city: city.toUpperCase() } })])
    const deep = [
      `city = "${city}"`,
      'clicked in last 3 issues',
      'received in last 3d',
      'tagged "x"',
      'joined = 2026-01-01',
    ]
    const many = Array.from({ length: 60 }, (_, at) => `city = "${at}"`).join(' or ')

    for (const [place, leaf] of deep.entries()) {
      const wanted = place === 0 ? ['reader0@example.org'] : []
      const chain = (words: readonly [string, string]) =>
        Array.from({ length: 10 }, (_, at) => `has city ${words[at % 2]} (`).join('') + leaf + ')'.repeat(10)
      expect([leaf, await found(chain(['and', 'and']), listId)]).toEqual([leaf, wanted])
      await found(chain(['and', 'or']), listId)
      // As a freeze asks for them.
      const crowd = { list: { id: listId }, of: null, asOf: AS_OF, calendar: ZONE }
      const segment = { name: null, filter: '', ...parse(chain(['and', 'or'])) }
      expect(await readWindow(db.query, { ...crowd, segment }, 0)).toMatchObject({
        until: expect.any(Number),
      })
      await found(`${'has city or has city and ('.repeat(5)}${leaf}${')'.repeat(5)}`, listId)
      await found(`${'not '.repeat(9)}(has city and ${leaf})`, listId)
    }
    expect(await found(`${'('.repeat(20)}${many} or has city${')'.repeat(20)}`, listId)).toHaveLength(1)
    const values = Array.from({ length: 100 }, (_, at) => `"é${at}"`).join(',')
    expect(await found(`not city in (${values})`, listId)).toHaveLength(1)
  })
})

test('a Segment that a Send keeps is read back as it was', () => {
  const declared = { attributes: [], segments: [{ name: 'new', filter: 'joined < 90d', line: 3 }] }
  const segment = findSegment('New', declared)

  expect(readSegment(writeSegment(segment))).toEqual(segment)
  expect(segment).toMatchObject({ name: 'new', filter: 'joined < 90d' })
})

test.each([
  ['now', ['new'], 'did you mean "new"?'],
  ['harbour-people', ['new', 'old'], 'there is new, old.'],
  ['new', [], 'issues/newsletter.yaml names none.'],
])('a name of no Segment, %s among %j, is told in whole sentences', (said, names, advice) => {
  const segments = names.map((name) => ({ name, filter: 'joined < 90d', line: 3 }))

  expect(() => findSegment(said, { attributes: [], segments })).toThrow(
    `there is no segment "${said}"; ${advice} A filter is written like country = "DE" and joined < 90d`,
  )
})

test('an attribute that nobody on the List has is told', async () => {
  const { listId } = await seedWorld(db.query, [person(0, { attributes: { city: 'Bonn' } })])

  expect(
    await attributesOfNobody(db.query, parse('city = "x" and (cty = "Bonn" or has shoes)'), listId),
  ).toEqual(['cty', 'shoes'])
})

test('who clicked has opened, if without pictures; a machine that clicked has not', async () => {
  const clicked = (verdict: 'person' | 'machine') =>
    [{ send: 0, kind: 'clicked', at: AS_OF - 1, verdict }] as const
  const { listId } = await seedWorld(db.query, [
    person(0, { hits: clicked('person') }),
    person(1, { hits: clicked('machine') }),
  ])

  expect(await found('opened in last 30d', listId)).toEqual(['reader0@example.org'])
  expect(await found('not opened in last 3 issues', listId)).not.toContain('reader0@example.org')
})

test('what someone did under the address that they have moved from is theirs', async () => {
  const hits = [{ send: 0, kind: 'clicked', at: AS_OF - 1, verdict: 'person' }] as const
  const deliveries = [{ send: 0, state: 'sent', at: AS_OF - 2 }] as const
  const { listId, ids } = await seedWorld(db.query, [person(0, { hits, deliveries }), person(1)])
  const filter = 'clicked in last 30d and received in last 3 issues'
  expect(await found(filter, listId)).toEqual(['reader0@example.org'])

  await db.query
    .insertInto('merged')
    .values({ subscriber_id: ids[0] ?? 0, into_id: ids[1] ?? 0 })
    .execute()

  expect(await found(filter, listId)).toEqual(['reader0@example.org', 'reader1@example.org'])
})

test('is counted of those who are active; who would match and has left is told apart, and all of it adds up', async () => {
  const people = [0, 1, 2, 3].map((place) => person(place, { attributes: { country: 'DE' } }))
  const { listId } = await seedWorld(db.query, [...people, person(4)])
  const set = (address: string, status: 'unsubscribed' | 'pending') =>
    db.query
      .updateTable('subscription')
      .set({ status })
      .where('subscriber_id', 'in', (one) =>
        one.selectFrom('subscriber').select('id').where('address_key', '=', address),
      )
      .execute()
  await set('reader1@example.org', 'unsubscribed')
  await set('reader2@example.org', 'pending')
  const { name: listName } = await db.query
    .selectFrom('list')
    .select('name')
    .where('id', '=', listId)
    .executeTakeFirstOrThrow()
  const root = mkdtempSync(path.join(tmpdir(), 'pressrun-segment-'))
  mkdirSync(path.join(root, 'issues'))
  writeFileSync(path.join(root, 'issues', 'newsletter.yaml'), 'name: Harbour\n')

  const answer = await segmentCommand(
    { listName, said: 'country = "DE"', show: 0 },
    { root, query: db.query, keys: makeKeys(['a secret of 32 characters or even more']), now: () => AS_OF },
  )
  rmSync(root, { recursive: true })

  expect(answer.onList).toEqual({ active: 3, pending: 1, unsubscribed: 1 })
  expect(answer.matching).toEqual({ active: 2, pending: 1, unsubscribed: 1 })
  const [head, left, unconfirmed, mailable, ...reasons] = printSegment(answer).trimEnd().split('\n')
  expect([head, left, unconfirmed, mailable, ...reasons.sort()]).toEqual([
    `2 of 3 active on "${listName}" where country = "DE"`,
    '1 more would match, but have left',
    '1 more would match, but have not confirmed yet',
    '2 of all 4 would get an issue now',
    '  left out, pending: 1',
    '  left out, unsubscribed: 1',
  ])
})
