import { expect, test } from 'vitest'
import { resolverOf, type Zone } from '../../tests/rig/zone.js'
import { openDns } from './dns.js'
import { checkReverse, findHost, judgeAllowance } from './sending-host.js'
import { readSpfTree } from './spf-tree.js'

async function allowance(host: string, spf: string, zone: Zone = {}) {
  const dns = openDns(resolverOf({ 'press.test': { TXT: [spf] }, ...zone }))
  const { root } = await readSpfTree('press.test', dns)
  return judgeAllowance(await findHost(host, dns), root)
}

test.each([
  [
    'its own address allowed',
    'mail.press.test',
    'v=spf1 ip4:198.51.100.0/24 -all',
    'ok',
    /allows mail\.press\.test \(198\.51\.100\.5\)/,
  ],
  [
    'its own address not allowed',
    'mail.press.test',
    'v=spf1 ip4:203.0.113.0/24 -all',
    'warning',
    /does not allow mail\.press\.test/,
  ],
  [
    'an address that depends',
    'mail.press.test',
    'v=spf1 exists:%{i}.x.test -all',
    'note',
    /can't be judged from here/,
  ],
  ['this machine', '127.0.0.1', 'v=spf1 -all', 'note', /can't be told from here/],
  ['a private address', '10.1.2.3', 'v=spf1 -all', 'note', /can't be told from here/],
  ['a host that is not known', 'gone.test', 'v=spf1 -all', 'note', /can't be seen from here/],
  [
    'a provider that is included',
    'email-smtp.eu-west-1.amazonaws.com',
    'v=spf1 include:amazonses.com -all',
    'ok',
    /includes amazonses\.com/,
  ],
  [
    'a provider that is not',
    'smtp.sendgrid.net',
    'v=spf1 include:amazonses.com -all',
    'warning',
    /add include:sendgrid\.net/,
  ],
  ['a host that only ends like one', 'notsendgrid.net', 'v=spf1 -all', 'note', /can't be seen from here/],
] as const)('%s', async (_what, host, spf, level, message) => {
  const zone: Zone = {
    'mail.press.test': { A: ['198.51.100.5'] },
    'amazonses.com': { TXT: ['v=spf1 ip4:203.0.113.9 -all'] },
  }

  expect(await allowance(host, spf, zone)).toEqual({
    check: 'spf',
    level,
    message: expect.stringMatching(message),
  })
})

async function reverse(zone: Zone, host = 'mail.press.test') {
  const dns = openDns(resolverOf(zone))
  return checkReverse(await findHost(host, dns), { fromDomain: 'news.press.test', dns })
}

const MAIL: Zone = { 'mail.press.test': { A: ['198.51.100.5'] } }

test.each([
  [
    'a name that leads back',
    { '198.51.100.5': { PTR: ['mail.press.test'] } },
    'ok',
    /is named mail\.press\.test, which leads back/,
  ],
  ['no name', {}, 'error', /198\.51\.100\.5 \(mail\.press\.test\) has no name/],
  [
    'a name that leads elsewhere',
    { '198.51.100.5': { PTR: ['other.test'] }, 'other.test': { A: ['203.0.113.1'] } },
    'error',
    /does not lead back/,
  ],
  ['a name that is not there', { '198.51.100.5': { PTR: ['gone.test'] } }, 'error', /does not lead back/],
  [
    'one of several names leads back',
    { '198.51.100.5': { PTR: ['gone.test', 'mail.press.test'] } },
    'ok',
    /is named mail\.press\.test/,
  ],
  [
    'a name made of the address',
    { '198.51.100.5': { PTR: ['5-100-51-198.dsl.test'] }, '5-100-51-198.dsl.test': { A: ['198.51.100.5'] } },
    'warning',
    /looks like a line at home/,
  ],
  ['a resolver that fails', { '198.51.100.5': { fails: 'ETIMEOUT' } }, 'unasked', /could not be asked/],
] as const)("a relay of one's own with %s", async (_what, zone, level, message) => {
  expect(await reverse({ ...MAIL, ...zone })).toEqual([
    { check: 'ptr', level, message: expect.stringMatching(message) },
  ])
})

test("the names of a provider's addresses are not judged", async () => {
  expect(await reverse({ 'smtp.provider.test': { A: ['203.0.113.1'] } }, 'smtp.provider.test')).toEqual([
    {
      check: 'ptr',
      level: 'note',
      message: "the names of smtp.provider.test's addresses are the care of whoever runs it",
    },
  ])
})
