/** Whatever stands in DNS: no check throws, loops, asks without end, or calls what it can't read well. */

import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolverOf, type Zone } from '../../tests/rig/zone.js'
import { openDns } from './dns.js'
import { CHECKS } from './finding.js'
import { checkSender } from './sender.js'

const { publicKey } = generateKeyPairSync('ed25519')

const NAMES = ['press.test', 'mail.test', 'news._domainkey.press.test', '_dmarc.press.test', '192.0.2.1']
/** Pieces of real records, in any order and with anything between. */
const piece = fc.oneof(
  fc.constantFrom(
    'v=spf1',
    'v=DMARC1;',
    'v=DKIM1;',
    'p=',
    'p=none;',
    'k=ed25519;',
    'rua=',
    'sp=',
    ';',
    ' ',
    '%{i}',
  ),
  fc.constantFrom(
    'include:press.test',
    'include:mail.test',
    'redirect=mail.test',
    'a:',
    'mx/99',
    'ip4:192.0.2.1',
    '-all',
    '+all',
    'ptr',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' '))
const records = fc.record(
  {
    TXT: fc.array(fc.oneof(text, fc.array(text, { maxLength: 3 })), { maxLength: 3 }),
    MX: fc.array(fc.constantFrom('0 .', '10 mail.test', '20 press.test', '5 x'), { maxLength: 3 }),
    A: fc.array(fc.constantFrom('192.0.2.1', '127.0.0.1', '203.0.113.7'), { maxLength: 3 }),
    PTR: fc.array(fc.oneof(fc.constantFrom(...NAMES), text), { maxLength: 3 }),
    fails: fc.constantFrom('ESERVFAIL', 'ETIMEOUT'),
  },
  { requiredKeys: [] },
)
const zones = fc.dictionary(fc.constantFrom(...NAMES), records)

test('any zone is judged, within a few questions', async () => {
  await fc.assert(
    fc.asyncProperty(zones, async (drawn) => {
      const resolver = resolverOf(asZone(drawn))

      const findings = await checkSender(
        {
          fromDomain: 'press.test',
          relaySigns: false,
          replyToDomain: 'mail.test',
          returnPathDomain: 'press.test',
          keys: [{ domain: 'press.test', selector: 'news', publicKey }],
          relayHosts: ['mail.test', '127.0.0.1'],
        },
        openDns(resolver),
      )

      expect(resolver.questions.length).toBeLessThan(100)
      expect(findings.every(({ check, message }) => CHECKS.includes(check) && message.length < 2_000)).toBe(
        true,
      )
      // The key that signs here was made just now: nothing drawn can be its record.
      expect(findings.some(({ check, level }) => check === 'dkim' && level === 'ok')).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

/** Without the keys that were drawn as undefined. */
function asZone(drawn: object): Zone {
  return JSON.parse(JSON.stringify(drawn)) as Zone
}
