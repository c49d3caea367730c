import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../errors.js'
import type { AttributeType } from '../../issue/publication.js'
import { everyCondition } from './condition.js'
import { parseFilter } from './parse.js'

const types: readonly AttributeType[] = [
  { name: 'country', kind: 'oneOf', choices: ['DE', 'FR', 'GB'] },
  { name: 'orders', kind: 'number' },
  { name: 'since', kind: 'date' },
  { name: 'donor', kind: 'yesNo' },
  { name: 'city', kind: 'text' },
  { name: 'joined', kind: 'number' },
]

function parse(filter: string, declared = types) {
  return parseFilter(filter, { types: declared, where: 'the filter', line: null })
}

const german = { kind: 'text', field: { attribute: 'country' }, how: 'is', values: ['de'] }
const fewOrders = { kind: 'number', attribute: 'orders', how: '<', values: [3] }
const vip = { kind: 'tagged', tags: ['vip'] }

describe('a filter is read as it is meant', () => {
  test('by the example of the documentation', () => {
    expect(parse('country = "DE" and joined < 90d and not clicked in last 3 issues')).toEqual({
      kind: 'and',
      of: [
        german,
        { kind: 'age', field: 'joined', how: '<', days: 90 },
        { kind: 'not', of: { kind: 'did', what: 'clicked', within: { issues: 3 } } },
      ],
    })
  })

  test('"and" binds more closely than "or", "not" more closely than both, and brackets most', () => {
    expect(parse('country = "DE" or orders < 3 and not tagged "vip"')).toEqual({
      kind: 'or',
      of: [german, { kind: 'and', of: [fewOrders, { kind: 'not', of: vip }] }],
    })
    expect(parse('NOT (country = "DE" OR orders < 3) AND tagged "VIP"')).toEqual({
      kind: 'and',
      of: [{ kind: 'not', of: { kind: 'or', of: [german, fewOrders] } }, vip],
    })
  })

  test.each([
    ['country != "fr"', { kind: 'not', of: { ...german, values: ['fr'] } }],
    ['Country in ("DE", \'fr\')', { ...german, values: ['de', 'fr'] }],
    [
      'city not in ("Köln")',
      { kind: 'not', of: { kind: 'text', field: { attribute: 'city' }, how: 'is', values: ['köln'] } },
    ],
    [
      'city contains "Say ""hi"""',
      { kind: 'text', field: { attribute: 'city' }, how: 'contains', values: ['say "hi"'] },
    ],
    ['name begins with " a"', { kind: 'text', field: 'name', how: 'begins', values: [' a'] }],
    [
      'domain ends with ".München.de"',
      { kind: 'text', field: 'domain', how: 'ends', values: ['.xn--mnchen-3ya.de'] },
    ],
    ['domain = "@Example.ORG"', { kind: 'text', field: 'domain', how: 'is', values: ['example.org'] }],
    [
      'address = "Ada@EXAMPLE.org"',
      { kind: 'text', field: 'address', how: 'is', values: ['ada@example.org'] },
    ],
    ['language = "DE"', { kind: 'text', field: 'language', how: 'is', values: ['de'] }],
    ['subscriber.joined >= 0012.50', { kind: 'number', attribute: 'joined', how: '>=', values: [12.5] }],
    ['orders in (1,-2)', { kind: 'number', attribute: 'orders', how: '=', values: [1, -2] }],
    [
      'since >= 2026-01-31',
      { kind: 'day', field: { attribute: 'since' }, how: '>=', values: ['2026-01-31'] },
    ],
    ['joined in (2026-01-31)', { kind: 'day', field: 'joined', how: '=', values: ['2026-01-31'] }],
    ['since < 12 weeks', { kind: 'age', field: { attribute: 'since' }, how: '<', days: 84 }],
    ['donor != YES', { kind: 'not', of: { kind: 'yesNo', attribute: 'donor', is: 'yes' } }],
    ['has donor', { kind: 'has', field: { attribute: 'donor' } }],
    ['has language', { kind: 'has', field: 'language' }],
    ['tagged in ("a", "B c")', { kind: 'tagged', tags: ['a', 'b c'] }],
    ['opened in the last issue', { kind: 'did', what: 'opened', within: { issues: 1 } }],
    ['received in last 30 days', { kind: 'did', what: 'received', within: { days: 30 } }],
  ])('%s', (filter, condition) => {
    expect(parse(filter)).toEqual(condition)
  })

  test.each(['name', 'joined', 'tagged', 'and'])(
    'an attribute called %s is named as an import names it',
    (name) => {
      expect(parse(`attributes.${name} = "x"`, [])).toEqual(parse(`attributes.${name} = 'x'`, []))
      expect(JSON.stringify(parse(`attributes.${name} = "x"`, []))).toContain(`{"attribute":"${name}"}`)
    },
  )

  test('where no attribute is declared, any may be asked for, as text', () => {
    expect(parse('subscriber.has = "x" and shoe_size contains "4"', [])).toEqual({
      kind: 'and',
      of: [
        { kind: 'text', field: { attribute: 'has' }, how: 'is', values: ['x'] },
        { kind: 'text', field: { attribute: 'shoe_size' }, how: 'contains', values: ['4'] },
      ],
    })
  })
})

describe('what is wrong is said with its column and what would be right', () => {
  test.each([
    ['', '1: the filter is empty; write one like country = "DE" and joined < 90d'],
    ['contry = "DE"', '1: "contry" names nothing; did you mean "country" or "city"?'],
    ['has cuntry', '5: "cuntry" names nothing; did you mean "country" or "city"?'],
    ['opned in last 3 issues', '1: "opned" names nothing; did you mean "opened" or "joined"?'],
    ['country = DE', '11: "DE" wants quotes around it: "DE"'],
    ['country = “DE”', '11: write straight quotes: "DE"'],
    ['country = "DE', '11: this quote is not closed'],
    ['country = "Germany"', '11: "Germany" is none of the choices; there is DE, FR, GB'],
    ['country = "DE" or', '18: the filter ends here; write a comparison, as country = "DE"'],
    ['country = "DE" joined < 3d', '16: "joined" stands here; write "and" or "or" before what follows'],
    ['(country = "DE"', '16: the filter ends here; write ")" to close what column 1 opens'],
    ['country = "DE")', '15: ")" stands here; write "and" or "or" before what follows'],
    ['country == "DE"', '10: "=" stands here; write a text in quotes, as "DE"'],
    ['country <> "DE"', '9: write !='],
    ['country = "DE" && donor = yes', '16: write and'],
    ['country = "DE"; drop table subscriber', '15: ";" has no meaning here'],
    [
      'country contains "D"',
      '9: "country" is no free text; compare it, as in country = "DE", with = != or in',
    ],
    ['city < "a"', '6: < compares numbers and days, and "city" is text; '],
    ['city = ""', '8: an empty text is nobody’s; write has NAME for whoever has any'],
    ['city contains "a\u0000"', '15: U+0000 is a control character'],
    [`city = "${'x'.repeat(201)}"`, '8: the text has 201 characters; 200 are the most'],
    ['city begins "a"', '13: "a" stands here; write begins with "…"'],
    ['orders > "5"', '10: "5" stands here; write a number, as 5 or 12.5'],
    ['orders > 1e3', '10: "1e3" is no number; write it as 1234.5'],
    ['since >= 2026-02-30', '10: "2026-02-30" is no day; write it as 2026-01-31'],
    ['since < 90', '9: "90" is no span of days; write it as 90d or 12w'],
    ['joined < 9999d', '10: "9999d" is out of bounds; it wants 1 to 3660 days'],
    ['donor = true', '9: "true" stands here; write yes or no'],
    ['donor', '6: the filter ends here; compare it, as in donor = yes'],
    ['has address', '5: everyone has "address"; ask for an attribute, name or language'],
    ['tagged vip', '8: "vip" wants quotes around it: "vip"'],
    ['clicked in last 0 issues', '17: "0" is out of bounds; it wants 1 to 100'],
    [
      'clicked in last month',
      '17: "month" stands here; write clicked in last 3 issues, or clicked in last 30d',
    ],
    [
      'city in last 3 issues',
      '6: "city" is nothing that people do; it wants received, opened or clicked before it',
    ],
    ['address = "ada"', '11: the address "ada" has no @'],
    ['domain contains "mün"', '17: "mün" is no domain; write one such as "example.org", or ends with ".org"'],
    ['constructor = "x"', '1: "constructor" names nothing; there is country, '],
    ['__proto__ = "x"', '1: "__proto__" names nothing; there is country, '],
    [`${'('.repeat(22)}donor = yes${')'.repeat(22)}`, '22: this nests more than 20 deep; write it flatter'],
    [`${'not '.repeat(12)}donor = yes`, '1: the filter nests 12 deep; 10 is the most, so write it flatter'],
    [
      `${'donor = yes or donor = no and ('.repeat(6)}donor = yes${')'.repeat(6)}`,
      '1: the filter nests 12 deep; 10 is the most',
    ],
    [`${'donor = yes or '.repeat(100)}donor = yes`, '1501: more than 100 comparisons are too many'],
    [`orders in (${'1,'.repeat(100)}1)`, '212: more than 100 values are too many'],
  ])('%s', (filter, message) => {
    expect(() => parse(filter)).toThrow(InputError)
    expect(() => parse(filter)).toThrow(`the filter, column ${message}`)
  })

  test('columns count characters, and a filter of newsletter.yaml has a line', () => {
    const place = { types, where: 'issues/newsletter.yaml', line: 12 }

    expect(() => parseFilter('city = "🙂🙂" and x', place)).toThrow(
      'issues/newsletter.yaml:12: column 17: "x" names nothing',
    )
    expect(() => parseFilter('x'.repeat(2_001), place)).toThrow('has 2001 characters; 2000 are the most')
  })

  test('whatever is written, it is read or refused, soon, and what is read is bounded', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      'not',
      'and',
      'or',
      'in',
      'has',
      'city',
      'orders',
      '=',
      '<',
      '"a"',
      "'",
      '3',
      '3d',
      'last',
      ',',
      'tagged',
      'clicked',
      'issues',
    )
    const filters = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(pieces, { maxLength: 60 }).map((all) => all.join(' ')),
    )
    fc.assert(
      fc.property(filters, (filter) => {
        try {
          expect([...everyCondition(parse(filter))].length).toBeLessThan(300)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
