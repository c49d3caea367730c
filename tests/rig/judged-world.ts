/** Random people, Sends and hits of a List, and the filters that are asked of them; and how they get into a database. */

import fc from 'fast-check'
import { cleanValue } from '../../src/audience/field.js'
import type { Query } from '../../src/db/db.js'
import { CLASSIFIER_VERSION } from '../../src/event/judge/judge.js'
import type { AttributeType } from '../../src/issue/publication.js'
import type { JudgedPerson, JudgedSend } from './reference-judge.js'

export const AS_OF = Date.UTC(2026, 2, 31, 22, 30)
export const ZONE = 'Europe/Berlin'
const DAY_MS = 86_400_000

export const TYPES: readonly AttributeType[] = [
  { name: 'city', kind: 'text' },
  { name: 'country', kind: 'oneOf', choices: ['DE', 'FR', 'Österreich'] },
  { name: 'orders', kind: 'number' },
  { name: 'since', kind: 'date' },
  { name: 'donor', kind: 'yesNo' },
]

/** Capital and small, with accents and without, and what has a meaning of its own somewhere. */
const TEXTS = [
  'Köln',
  'KÖLN',
  'Koln',
  'köln-Ehrenfeld',
  'ÅLESUND',
  'Straße',
  'STRASSE',
  'ẞ',
  'İstanbul',
  'istanbul',
  'ısparta',
  'ΣΟΦΟΣ',
  'σοφός',
  'σοφοσ',
  'ĐAKOVO',
  'đakovo',
  '日本',
  '🙂',
  "o'Brien",
  'say "hi"',
  '100%',
  '1_0',
  'a\\b',
  "'; drop table subscriber; --",
  'Ǆ',
  'ǅ',
  'null',
  'true',
  '[a-z]',
  '*',
  'K\u{212A}',
  '{"a":1}',
  '$1',
  '?',
  'a',
  'b',
  'ab',
  'AB ',
] as const

const oneText = fc.oneof(
  // As an import keeps it.
  { weight: 5, arbitrary: fc.constantFrom(...TEXTS).map(cleanValue) },
  { weight: 1, arbitrary: fc.constant('') },
)
const NUMBERS = [
  '5',
  '05',
  '-3',
  '+7',
  '1.50',
  '1.5',
  '1e3',
  '',
  'abc',
  '12345678901234567',
  '.5',
  '5.',
  '0',
  '-0',
  '999999999999999',
  '1..2',
  '--1',
  '١',
]
const DAYS = [
  '2026-01-31',
  '2026-02-30',
  '2026-1-3',
  '2025-12-01',
  '2026-03-31',
  '2026-04-01',
  '2026-01-31T10:00:00Z',
  '',
  'x',
  '0000-00-00',
  '２０２６-01-31',
]
const ANSWERS = ['yes', 'YES', 'no', 'True', '0', '1', 'maybe', '']
const TAGS = ['press', 'vip', 'köln', 'a b', "o'b"]

/** Around the ends of days, and of spans that filters name. */
const instant = fc.oneof(
  fc.integer({ min: AS_OF - 60 * DAY_MS, max: AS_OF + DAY_MS }),
  fc.constantFrom(...[0, 1, 7, 30].flatMap((days) => [-1, 0, 1].map((ms) => AS_OF - days * DAY_MS + ms))),
  fc.constantFrom(Date.UTC(2026, 2, 28, 23), Date.UTC(2026, 2, 29, 22), Date.UTC(2026, 2, 29, 21, 59)),
)

export const SENDS: readonly JudgedSend[] = [
  { issue: 0, list: 'this', startedAt: AS_OF - 50 * DAY_MS, finishedAt: AS_OF - 49 * DAY_MS },
  { issue: 1, list: 'this', startedAt: AS_OF - 35 * DAY_MS, finishedAt: AS_OF - 20 * DAY_MS },
  { issue: 2, list: 'another', startedAt: AS_OF - 12 * DAY_MS, finishedAt: AS_OF - 11 * DAY_MS },
  { issue: 3, list: 'this', startedAt: AS_OF - 8 * DAY_MS, finishedAt: null },
  // The first Issue once more, for those who had failed.
  { issue: 0, list: 'this', startedAt: AS_OF - 2 * DAY_MS, finishedAt: AS_OF - 2 * DAY_MS },
  { issue: 3, list: 'another', startedAt: AS_OF - DAY_MS, finishedAt: null },
  { issue: 4, list: 'this', startedAt: null, finishedAt: null },
  { issue: 5, list: 'this', startedAt: AS_OF + 1, finishedAt: null },
]
const send = fc.integer({ min: 0, max: SENDS.length - 1 })

/** Of a Send that has begun, while it is under way. */
const someDelivery = fc
  .record({
    send: send.filter((place) => SENDS[place]?.startedAt !== null),
    state: fc.constantFrom('sent' as const, 'bounced' as const),
    part: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ send, state, part }) => {
    const { startedAt, finishedAt } = SENDS[send] ?? { startedAt: null, finishedAt: null }
    const [begin, end] = [startedAt ?? AS_OF, finishedAt ?? AS_OF + DAY_MS]
    return { send, state, at: Math.round(begin + ((end - begin) * part) / 8) }
  })

export const somePerson: fc.Arbitrary<Omit<JudgedPerson, 'address'>> = fc.record({
  name: oneText,
  lang: fc.constantFrom(null, 'de', 'fr'),
  joinedAt: instant,
  attributes: fc
    .record({
      city: oneText,
      country: fc.constantFrom('DE', 'de', 'FR', 'ÖSTERREICH', 'Österreich', ''),
      orders: fc.constantFrom(...NUMBERS),
      since: fc.constantFrom(...DAYS),
      donor: fc.constantFrom(...ANSWERS),
    })
    .map((values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))),
  tags: fc.subarray(TAGS),
  deliveries: fc.uniqueArray(someDelivery, { maxLength: 4, selector: (one) => one.send }),
  hits: fc.array(
    fc.record({
      send,
      kind: fc.constantFrom('opened' as const, 'clicked' as const),
      at: instant,
      verdict: fc.constantFrom('person' as const, 'machine' as const, 'unknown' as const, null),
    }),
    { maxLength: 4 },
  ),
})

const DOMAINS = ['example.org', 'mail.example.org', 'example.com', 'xn--mnchen-3ya.de'] as const

/** Each their own address. */
export function addressOf(place: number): string {
  return `${['a', 'ö', 'x.y', "o'b"][place % 4]}${place}@${DOMAINS[place % DOMAINS.length]}`
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

const quoted = fc
  .constantFrom(...TEXTS, 'ln', 'Ö', 'σ', 'İ', ' ', '-E')
  .filter((text) => text.trim() !== '')
  .map(quote)
const order = fc.constantFrom('=', '!=', '<', '<=', '>', '>=')
const figure = fc.constantFrom('5', '-3', '7', '1.5', '0', '1000', '999999999999999')
const day = fc.constantFrom('2026-01-31', '2025-12-01', '2026-03-31', '2026-03-29', '2026-04-01')
const span = fc.constantFrom('1d', '30d', '1 week', '59 days')

function joined<T>(parts: fc.Arbitrary<T>, most: number) {
  return fc.array(parts, { minLength: 1, maxLength: most }).map((all) => `(${all.join(', ')})`)
}

function words(...parts: readonly (fc.Arbitrary<string> | string)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(' '))
}

const test: fc.Arbitrary<string> = fc.oneof(
  words(
    fc.constantFrom('city', 'name', 'subscriber.city'),
    fc.constantFrom('=', '!=', 'contains', 'not contains', 'begins with', 'ends with'),
    quoted,
  ),
  words(fc.constantFrom('city', 'name'), fc.constantFrom('in', 'not in'), joined(quoted, 4)),
  words('country', fc.constantFrom('=', '!='), fc.constantFrom('"DE"', '"fr"', "'österreich'")),
  words('country in', joined(fc.constantFrom('"DE"', '"FR"', '"ÖSTERREICH"'), 3)),
  words('orders', order, figure),
  words('orders in', joined(figure, 3)),
  words('since', order, day),
  words(fc.constantFrom('since', 'joined'), fc.constantFrom('<', '<=', '>', '>='), span),
  words('joined', order, day),
  words('joined in', joined(day, 3)),
  words('donor', fc.constantFrom('=', '!='), fc.constantFrom('yes', 'no')),
  words('has', fc.constantFrom('city', 'country', 'orders', 'since', 'donor', 'name', 'language')),
  words('language =', fc.constantFrom('"de"', '"en"')),
  words(
    'domain',
    fc.constantFrom(
      '= "münchen.de"',
      '= "EXAMPLE.org"',
      'ends with ".org"',
      'contains "ample"',
      'begins with "mail"',
    ),
  ),
  words(
    'address',
    fc.constantFrom('contains "Ö"', 'begins with "x.y"', 'ends with "@example.org"', `= "${addressOf(0)}"`),
  ),
  words('tagged', fc.constantFrom(...TAGS.map(quote))),
  words('tagged in', joined(fc.constantFrom(...TAGS.map(quote)), 3)),
  words(
    fc.constantFrom('received', 'opened', 'clicked'),
    'in last',
    fc.constantFrom('1 issue', '2 issues', '3 issues', '100 issues', '1d', '7d', '30d', '8 weeks'),
  ),
)

/** As an editor might write them, and more wildly. */
export const someFilter: fc.Arbitrary<string> = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    test,
    words(tie('filter'), fc.constantFrom('and', 'or', 'AND'), tie('filter')),
    words('(', tie('filter'), ')'),
    words('not', tie('filter')),
    words('not (', tie('filter'), ')'),
  ),
})).filter

/** Returns the List, and subscriber ids by place. */
export async function seedWorld(query: Query, people: readonly JudgedPerson[]) {
  return query.transaction().execute(async (trx) => {
    const lists = { this: await seedList(trx, 'this'), another: await seedList(trx, 'another') }
    const sends = await seedSends(trx, lists)
    const ids: number[] = []
    for (const person of people) ids.push(await seedPerson(trx, person, { listId: lists.this, sends }))
    return { listId: lists.this, ids }
  })
}

async function seedList(trx: Query, name: string): Promise<number> {
  const values = { name, title: name, visibility: 'private', created_at: 1 } as const
  return (await trx.insertInto('list').values(values).returning('id').executeTakeFirstOrThrow()).id
}

async function seedSends(
  trx: Query,
  lists: Readonly<Record<'this' | 'another', number>>,
): Promise<readonly number[]> {
  await trx
    .insertInto('compiled_issue')
    .values({ hash: 'h', slug: 's', content: '{}', created_at: 1 })
    .execute()
  const issues: number[] = []
  for (const slug of ['i0', 'i1', 'i2', 'i3', 'i4', 'i5'])
    issues.push(
      (
        await trx
          .insertInto('issue')
          .values({ slug, created_at: 1 })
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id,
    )
  const ids: number[] = []
  for (const [copy, { issue, list, startedAt, finishedAt }] of SENDS.entries()) {
    const { id } = await trx
      .insertInto('send')
      .values({
        issue_id: issues[issue] ?? 0,
        compiled_hash: 'h',
        list_id: lists[list],
        segment: null,
        copy,
        state: startedAt === null ? 'preparing' : finishedAt === null ? 'sending' : 'finished',
        created_at: 1,
        started_at: startedAt,
        finished_at: finishedAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    ids.push(id)
  }
  return ids
}

async function seedPerson(
  trx: Query,
  person: JudgedPerson,
  { listId, sends }: { readonly listId: number; readonly sends: readonly number[] },
): Promise<number> {
  const { address, name, lang, attributes, joinedAt, tags, deliveries, hits } = person
  const { id } = await trx
    .insertInto('subscriber')
    .values({
      address,
      address_key: address,
      name,
      lang,
      attributes: JSON.stringify(attributes),
      created_at: 1,
      changed_at: 1,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const subscription = await trx
    .insertInto('subscription')
    .values({
      list_id: listId,
      subscriber_id: id,
      status: 'active',
      created_at: joinedAt,
      changed_at: joinedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const tag of tags) await trx.insertInto('tag').values({ subscriber_id: id, name: tag }).execute()
  for (const one of deliveries)
    await trx
      .insertInto('delivery')
      .values({
        send_id: sends[one.send] ?? 0,
        issue_id: 0,
        copy: sends[one.send] ?? 0,
        subscriber_id: id,
        subscription_id: subscription.id,
        batch_id: null,
        lane: 'other',
        address,
        address_key: null,
        name: '',
        attributes: '{}',
        state: one.state,
        reason: null,
        changed_at: one.at,
      })
      .execute()
  for (const hit of hits) await seedHit(trx, { ...hit, subscriberId: id, sendId: sends[hit.send] ?? 0 })
  return id
}

async function seedHit(
  trx: Query,
  hit: Pick<JudgedPerson['hits'][number], 'kind' | 'at' | 'verdict'> & {
    readonly subscriberId: number
    readonly sendId: number
  },
): Promise<void> {
  const { id } = await trx
    .insertInto('hit')
    .values({
      kind: hit.kind === 'opened' ? 'open' : 'click',
      delivery_id: 1,
      link: null,
      method: 'GET',
      user_agent: '',
      network: '',
      headers: '{}',
      at: hit.at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('event')
    .values({
      kind: hit.kind,
      at: hit.at,
      subscriber_id: hit.subscriberId,
      list_id: null,
      send_id: hit.sendId,
      delivery_id: null,
      link: null,
      hit_id: id,
      detail: '{}',
    })
    .execute()
  if (hit.verdict === null) return
  await trx
    .insertInto('classification')
    .values({ hit_id: id, version: CLASSIFIER_VERSION, verdict: hit.verdict as 'person', reasons: '' })
    .execute()
}
