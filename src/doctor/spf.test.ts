import { describe, expect, test } from 'vitest'
import { resolverOf, type Zone } from '../../tests/rig/zone.js'
import { openDns } from './dns.js'
import { allowsAddress, judgeSpf, leadsTo } from './spf.js'
import { readSpfTree } from './spf-tree.js'

const HOME = 'press.test'

async function treeOf(zone: Zone) {
  return readSpfTree(HOME, openDns(resolverOf(zone)))
}

/** The record of press.test in a zone that holds it alone, judged. */
async function judge(record: string | readonly string[], others: Zone = {}) {
  return judgeSpf(await treeOf({ [HOME]: { TXT: [record] }, ...others }))
}

function txt(...records: string[]): Zone[string] {
  return { TXT: records }
}

describe('the record', () => {
  test('a sound one is told with its look-ups and its end', async () => {
    const findings = await judge('v=spf1 ip4:192.0.2.0/24 include:relay.test a:mail.press.test ~all', {
      'relay.test': txt('v=spf1 ip4:198.51.100.0/24 -all'),
      'mail.press.test': { A: ['192.0.2.1'] },
    })

    expect(findings).toEqual([
      {
        check: 'spf',
        level: 'ok',
        message: 'press.test has one SPF record; it takes 2 of 10 look-ups and ends with ~all',
      },
    ])
  })

  test('strings of one record are put together without a blank', async () => {
    expect(await judge(['v=spf1 ip4:192.0.', '2.1 -all'])).toMatchObject([{ level: 'ok' }])
  })

  test('a TXT record of something else is none', async () => {
    expect(await judge('v=spf10 -all')).toMatchObject(
      [{ level: 'error', message: /has no SPF record/ }].map(matching),
    )
  })

  test.each([
    [
      'two of them',
      [txt('v=spf1 -all', 'v=spf1 mx -all')],
      /press\.test has 2 SPF records: make one of them/,
    ],
    [
      'a network that is none',
      [txt('v=spf1 ip4:192.0.2.300 -all')],
      /has "ip4:192\.0\.2\.300", which is no term/,
    ],
    ['a prefix that is too long', [txt('v=spf1 ip4:192.0.2.0/33 -all')], /no term of SPF/],
    ['a word that is none', [txt('v=spf1 includes:relay.test -all')], /no term of SPF/],
    ['an include of nothing', [txt('v=spf1 include: -all')], /no term of SPF/],
    ['redirect twice', [txt('v=spf1 redirect=a.test redirect=b.test')], /has redirect= twice/],
    ['a letter beyond ASCII', [txt('v=spf1 include:bücher.test -all')], /not printable ASCII/],
  ])('%s is an error', async (_what, [records], message) => {
    const findings = judgeSpf(await treeOf({ [HOME]: records ?? {} }))

    expect(findings).toEqual([{ check: 'spf', level: 'error', message: expect.stringMatching(message) }])
  })

  test.each([
    ['v=spf1 mx', /says nothing about all others/],
    ['v=spf1 ip4:192.0.2.1 ?all', /says nothing about all others/],
    ['v=spf1 +all', /allows everyone/],
    ['v=spf1 all', /allows everyone/],
    ['v=spf1 ptr -all', /uses ptr/],
  ])('%s is a warning', async (record, message) => {
    expect(
      await judge(record, { [HOME]: { TXT: [record], MX: ['10 mx.test'] }, 'mx.test': { A: ['192.0.2.9'] } }),
    ).toEqual([{ check: 'spf', level: 'warning', message: expect.stringMatching(message) }])
  })

  test('its end may stand where it redirects to', async () => {
    const findings = await judge('v=spf1 redirect=_spf.relay.test', {
      '_spf.relay.test': txt('v=spf1 ip4:192.0.2.1 -all'),
    })

    expect(findings).toMatchObject([{ level: 'ok', message: expect.stringContaining('ends with -all') }])
  })
})

describe('what it leads to', () => {
  test('an include of a domain without a record is an error that names both', async () => {
    expect(await judge('v=spf1 include:gone.test -all')).toEqual([
      {
        check: 'spf',
        level: 'error',
        message:
          "gone.test, which the SPF record of press.test leads to, has no SPF record: publish it, or take it out of press.test's; receivers count it as a failure of all",
      },
    ])
  })

  test('eleven look-ups are one too many', async () => {
    const names = Array.from({ length: 11 }, (_, at) => `r${at}.test`)
    const others = Object.fromEntries(names.map((name) => [name, txt('v=spf1 ip4:192.0.2.1 -all')]))

    const eleven = await judge(`v=spf1 ${names.map((name) => `include:${name}`).join(' ')} -all`, others)
    const ten = await judge(
      `v=spf1 ${names
        .slice(1)
        .map((name) => `include:${name}`)
        .join(' ')} -all`,
      others,
    )

    expect(eleven).toEqual([
      {
        check: 'spf',
        level: 'error',
        message: expect.stringContaining('takes 11 look-ups, and 10 is the limit'),
      },
    ])
    expect(ten).toMatchObject([{ level: 'ok' }])
  })

  test('a record that leads back to itself is an error, and is asked once', async () => {
    const resolver = resolverOf({
      [HOME]: txt('v=spf1 include:a.test -all'),
      'a.test': txt('v=spf1 include:PRESS.test. -all'),
    })

    const findings = judgeSpf(await readSpfTree(HOME, openDns(resolver)))

    expect(findings).toMatchObject([
      {
        level: 'error',
        message: expect.stringContaining('the SPF record of a.test leads back to press.test'),
      },
    ])
    expect(resolver.questions).toEqual(['TXT press.test', 'TXT a.test'])
  })

  test('a record that fans out without end is not followed far', async () => {
    const includes = (depth: number) =>
      Array.from({ length: 50 }, (_, at) => `include:d${depth}n${at}.test`).join(' ')
    const zone = new Proxy<Record<string, Zone[string]>>(
      {},
      {
        get(_target, name) {
          const depth = Number(/^d(\d+)/.exec(String(name))?.[1] ?? 0)
          return txt(`v=spf1 ${includes(depth + 1)} -all`)
        },
      },
    )
    const resolver = resolverOf(zone)

    const findings = judgeSpf(await readSpfTree(HOME, openDns(resolver)))

    expect(findings).toMatchObject([
      { level: 'error', message: expect.stringContaining('takes more than 20 look-ups') },
    ])
    expect(resolver.questions.length).toBeLessThan(30)
  })

  test('three hosts that are not there are an error, two are not', async () => {
    const record = (count: number) =>
      `v=spf1 ${'abc'
        .slice(0, count)
        .split('')
        .map((name) => `a:${name}.test`)
        .join(' ')} -all`

    expect(await judge(record(3))).toMatchObject([
      { level: 'error', message: expect.stringContaining('names 3 hosts or records that are not there') },
    ])
    expect(await judge(record(2))).toMatchObject([{ level: 'ok' }])
  })

  test('what could not be asked is never said to be missing', async () => {
    const own = judgeSpf(await treeOf({ [HOME]: { fails: 'ESERVFAIL' } }))
    const included = await judge('v=spf1 include:slow.test -all', { 'slow.test': { fails: 'ETIMEOUT' } })

    expect(own).toEqual([
      {
        check: 'spf',
        level: 'unasked',
        message: 'DNS could not be asked for the SPF record of press.test (ESERVFAIL); try again',
      },
    ])
    expect(included).toMatchObject([
      { level: 'unasked', message: expect.stringContaining('slow.test (ETIMEOUT)') },
    ])
  })

  test('a megabyte of a record is read in no time', async () => {
    const findings = await judge(`v=spf1 ${'%{'.repeat(250_000)} ${'a:/'.repeat(100_000)} -all`)

    expect(findings).toMatchObject([{ level: 'error' }])
  })
})

describe('whom it allows', () => {
  const zone: Zone = {
    [HOME]: txt('v=spf1 ip4:192.0.2.0/24 -ip4:198.51.100.7 include:relay.test mx/30 ip6:2001:db8::/32 ~all'),
    'relay.test': txt('v=spf1 ip4:198.51.100.0/24 -all'),
  }
  const withMx: Zone = {
    ...zone,
    [HOME]: { ...zone[HOME], MX: ['10 mx.test'] },
    'mx.test': { A: ['203.0.113.5'] },
  }

  test.each([
    ['192.0.2.77', 'pass'],
    ['198.51.100.8', 'pass'],
    ['198.51.100.7', 'fail'],
    ['203.0.113.6', 'pass'],
    ['203.0.113.9', 'fail'],
    ['2001:db8::1', 'pass'],
    ['2001:db9::1', 'fail'],
  ])('%s: %s', async (ip, verdict) => {
    const { root } = await treeOf(withMx)

    expect(allowsAddress(root, ip)).toBe(verdict)
  })

  test('what depends on the sender before the answer makes it unknown', async () => {
    const { root } = await treeOf({
      [HOME]: txt('v=spf1 ip4:192.0.2.1 exists:%{i}.list.test ip4:192.0.2.2 -all'),
    })

    expect(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((ip) => allowsAddress(root, ip))).toEqual([
      'pass',
      'unknown',
      'unknown',
    ])
  })

  test('an include is found however deep it stands', async () => {
    const { root } = await treeOf({
      [HOME]: txt('v=spf1 include:a.test -all'),
      'a.test': txt('v=spf1 redirect=amazonses.com'),
      'amazonses.com': txt('v=spf1 ip4:192.0.2.1 -all'),
    })

    expect([leadsTo(root, 'amazonses.com'), leadsTo(root, 'sendgrid.net')]).toEqual([true, false])
  })
})

function matching({ level, message }: { level: string; message: RegExp }) {
  return { level, message: expect.stringMatching(message) }
}
