import { expect, test } from 'vitest'
import { resolverOf, type Zone } from '../../tests/rig/zone.js'
import { openDns } from './dns.js'
import { checkMailDomain, mailDomainsOf } from './mail-domain.js'

function check(zone: Zone) {
  return checkMailDomain({ domain: 'press.test', places: ['From'] }, openDns(resolverOf(zone)))
}

test.each([
  [
    'MX with an address',
    { 'press.test': { MX: ['10 mx.test', '20 mx2.test'] }, 'mx.test': { A: ['192.0.2.1'] } },
    'ok',
    /takes mail at mx\.test and 1 more/,
  ],
  ['a null MX', { 'press.test': { MX: ['0 .'] } }, 'error', /takes no mail \(null MX\)/],
  [
    'a null MX beside another',
    { 'press.test': { MX: ['0 .', '10 mx.test'] }, 'mx.test': { A: ['192.0.2.1'] } },
    'warning',
    /null MX beside others/,
  ],
  [
    'MX without an address',
    { 'press.test': { MX: ['10 mx.test'] } },
    'error',
    /mx\.test, which has no address/,
  ],
  ['an address alone', { 'press.test': { A: ['192.0.2.1'] } }, 'warning', /has no MX, only an address/],
  ['nothing', {}, 'error', /neither MX nor address/],
  ['a resolver that fails', { 'press.test': { fails: 'ETIMEOUT' } }, 'unasked', /could not be asked/],
] as const)('%s', async (_what, zone, level, message) => {
  expect(await check(zone)).toEqual({ check: 'mx', level, message: expect.stringMatching(message) })
})

test('a domain that stands in three places is looked at once', () => {
  expect(
    mailDomainsOf([
      ['From', 'press.test'],
      ['Reply-To', null],
      ['return path', 'press.test'],
    ]),
  ).toEqual([{ domain: 'press.test', places: ['From', 'return path'] }])
})
