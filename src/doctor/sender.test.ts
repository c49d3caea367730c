/** D1, D2, D5, D6: what a large provider refuses is an error, each in turn. */

import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { resolverOf, type Zone } from '../../tests/rig/zone.js'
import { openDns } from './dns.js'
import { checkSender, type Sender } from './sender.js'

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const weak = generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey
const recordOf = (key: typeof publicKey) =>
  `v=DKIM1; p=${key.export({ format: 'der', type: 'spki' }).toString('base64')}`

const SENDER: Sender = {
  fromDomain: 'news.press.test',
  relaySigns: false,
  replyToDomain: 'press.test',
  returnPathDomain: 'news.press.test',
  keys: [{ domain: 'press.test', selector: 'news', publicKey }],
  relayHosts: ['mail.press.test'],
}

const ZONE: Zone = {
  'press.test': { MX: ['10 mail.press.test'] },
  'news.press.test': { TXT: ['v=spf1 a:mail.press.test -all'], MX: ['10 mail.press.test'] },
  'mail.press.test': { A: ['198.51.100.5'] },
  '198.51.100.5': { PTR: ['mail.press.test'] },
  'news._domainkey.press.test': { TXT: [recordOf(publicKey)] },
  '_dmarc.press.test': { TXT: ['v=DMARC1; p=none; rua=mailto:d@press.test'] },
}

async function errorsIn(zone: Zone, sender: Partial<Sender> = {}) {
  const findings = await checkSender({ ...SENDER, ...sender }, openDns(resolverOf(zone)))
  return findings.filter(({ level }) => level === 'error').map(({ check }) => check)
}

function without(name: string): Zone {
  return Object.fromEntries(Object.entries(ZONE).filter(([one]) => one !== name))
}

test('a sender with all of it is fine, every finding', async () => {
  const findings = await checkSender(SENDER, openDns(resolverOf(ZONE)))

  expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual([
    'spf ok',
    'spf ok',
    'dkim ok',
    'dmarc ok',
    'alignment ok',
    'mx ok',
    'mx ok',
    'ptr ok',
  ])
})

test.each([
  ['SPF', { ...ZONE, 'news.press.test': { MX: ['10 mail.press.test'] } }, ['spf']],
  ['the published key', without('news._domainkey.press.test'), ['dkim']],
  ['DMARC', without('_dmarc.press.test'), ['dmarc']],
  ['a name of its address', without('198.51.100.5'), ['ptr']],
  ['a taker of replies', { ...ZONE, 'press.test': { MX: ['0 .'] } }, ['mx']],
  ['everything', {}, ['spf', 'dkim', 'dmarc', 'mx', 'mx']],
])('D1, D2, D6 without %s it would be refused', async (_what, zone, errors) => {
  expect(await errorsIn(zone)).toEqual(errors)
})

test('D2 a sender that does not sign would be refused', async () => {
  expect(await errorsIn(ZONE, { keys: [] })).toEqual(['dkim'])
})

test('D5 a key of 512 bits would be refused', async () => {
  const zone = { ...ZONE, 'news._domainkey.press.test': { TXT: [recordOf(weak)] } }

  expect(
    await errorsIn(zone, { keys: [{ domain: 'press.test', selector: 'news', publicKey: weak }] }),
  ).toEqual(['dkim'])
})

test('D2 a signature and a return path of others leave From unaligned', async () => {
  const other: Zone = {
    ...ZONE,
    'news._domainkey.other.test': { TXT: [recordOf(publicKey)] },
    'other.test': { TXT: ['v=spf1 -all'], MX: ['10 mail.press.test'] },
  }

  const errors = await errorsIn(other, {
    keys: [{ domain: 'other.test', selector: 'news', publicKey }],
    returnPathDomain: 'other.test',
  })

  expect(errors).toEqual(['alignment'])
})

test('a resolver that is away leaves all of it without an answer, and nothing missing', async () => {
  const away = new Proxy<Record<string, Zone[string]>>({}, { get: () => ({ fails: 'ECONNREFUSED' }) })

  const findings = await checkSender(SENDER, openDns(resolverOf(away)))

  expect(new Set(findings.map(({ check, level }) => `${check} ${level}`))).toEqual(
    new Set(['spf unasked', 'dkim unasked', 'dmarc unasked', 'alignment ok', 'mx unasked', 'ptr unasked']),
  )
})

test('where a person says that the relay signs, no key here is a warning, since nobody can see it from here', async () => {
  const unsigned = { ...SENDER, keys: [] }

  const said = await checkSender({ ...unsigned, relaySigns: true }, openDns(resolverOf(ZONE)))
  const unsaid = await checkSender(unsigned, openDns(resolverOf(ZONE)))

  const levels = (findings: typeof said) =>
    findings.filter(({ check }) => check === 'dkim').map(({ level }) => level)
  expect(levels(said)).toEqual(['warning'])
  expect(levels(unsaid)).toEqual(['error'])
})
