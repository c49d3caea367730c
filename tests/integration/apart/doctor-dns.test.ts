/** What the real resolver makes of what a server says: the doctor's DNS through node:dns. */

import { Resolver } from 'node:dns/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dns, openDns } from '../../../src/doctor/dns.js'
import { type DnsServer, startDns } from '../../rig/dns.js'

let server: DnsServer
let dns: Dns

beforeAll(async () => {
  server = await startDns(() => ({
    'press.test': {
      TXT: ['v=spf1 -all', `v=DKIM1; p=${'A'.repeat(600)}`],
      MX: ['20 backup.test', '10 mx.test'],
      A: ['192.0.2.1'],
    },
    'null.test': { MX: ['0 .'] },
    'empty.test': {},
    'servfail.test': { fails: 'ESERVFAIL' },
    'refused.test': { fails: 'EREFUSED' },
    'silent.test': { fails: 'ETIMEOUT' },
    '192.0.2.1': { PTR: ['mail.press.test'] },
  }))
  const resolver = new Resolver({ timeout: 200, tries: 1 })
  resolver.setServers([server.address])
  dns = openDns(resolver)
})

afterAll(() => server.stop())

test('records come as they are published, long ones whole', async () => {
  expect(await dns.txt('press.test')).toEqual({
    kind: 'found',
    records: ['v=spf1 -all', `v=DKIM1; p=${'A'.repeat(600)}`],
  })
  expect(await dns.mx('press.test')).toEqual({
    kind: 'found',
    records: [
      { exchange: 'mx.test', priority: 10 },
      { exchange: 'backup.test', priority: 20 },
    ],
  })
  expect(await dns.addresses('press.test')).toEqual({ kind: 'found', records: ['192.0.2.1'] })
  expect(await dns.names('192.0.2.1')).toEqual({ kind: 'found', records: ['mail.press.test'] })
})

test('a null MX is one', async () => {
  expect(await dns.mx('null.test')).toEqual({ kind: 'found', records: [{ exchange: '', priority: 0 }] })
})

test('no such name and no such record are missing', async () => {
  expect(await Promise.all([dns.txt('gone.test'), dns.txt('empty.test'), dns.names('192.0.2.9')])).toEqual([
    { kind: 'missing' },
    { kind: 'missing' },
    { kind: 'missing' },
  ])
})

test('a server that fails, refuses or keeps silent could not be asked', async () => {
  const answers = await Promise.all(['servfail.test', 'refused.test', 'silent.test'].map(dns.txt))

  expect(answers).toEqual([
    { kind: 'unasked', cause: 'ESERVFAIL' },
    { kind: 'unasked', cause: 'EREFUSED' },
    { kind: 'unasked', cause: 'ETIMEOUT' },
  ])
})
