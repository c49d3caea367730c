import { expect, test } from 'vitest'
import { resolverOf, type Zone } from '../../tests/rig/zone.js'
import { findPolicy, judgeAlignment, judgePolicy } from './dmarc.js'
import { openDns } from './dns.js'

function find(fromDomain: string, zone: Zone) {
  return findPolicy(fromDomain, openDns(resolverOf(zone)))
}

async function judge(record: string, fromDomain = 'press.test') {
  return judgePolicy(await find(fromDomain, { '_dmarc.press.test': { TXT: [record] } }), fromDomain)
}

test.each([
  ['v=DMARC1; p=none; rua=mailto:d@press.test', '_dmarc.press.test says p=none, and reports are asked for'],
  [
    'v=DMARC1;p=reject;',
    '_dmarc.press.test says p=reject; with rua=mailto:… it would tell you who sends in your name',
  ],
  [
    'v = DMARC1 ; P = Quarantine ; rua=mailto:d@press.test',
    '_dmarc.press.test says p=quarantine, and reports are asked for',
  ],
])('%s is fine', async (record, message) => {
  expect(await judge(record)).toEqual({ check: 'dmarc', level: 'ok', message })
})

test.each([
  ['v=DMARC1; sp=none', /has no p=, which counts as none/],
  ['v=DMARC1; p=all', /has the policy "all", which there is not/],
  ['v=DMARC2; p=none', /has no DMARC policy/],
  ['p=none; v=DMARC1', /has no DMARC policy/],
  ['v=dmarc1; p=none', /has no DMARC policy/],
])('%s is none', async (record, message) => {
  expect(await judge(record)).toEqual({
    check: 'dmarc',
    level: 'error',
    message: expect.stringMatching(message),
  })
})

test.each([
  ['v=DMARC1; rua=mailto:d@press.test', /has no p= and counts as p=none/],
  ['v=DMARC1; p=none; pct=150', /pct="150" is no number from 0 to 100/],
  ['v=DMARC1; p=none; sp=maybe', /sp="maybe" is no policy/],
  ['v=DMARC1; p=none; np=', /np="" is no policy/],
  ['v=DMARC1; p=none; adkim=x', /adkim="x" is neither r nor s/],
  ['v=DMARC1; p=none, rua=mailto:d@press.test', /has the policy "none, rua=mailto:d@p…", which there is not/],
  ['v=DMARC1; p=none; p=reject', /"p=reject" is no tag/],
  ['v=DMARC1; p=none; \u0007;;', /is no tag/],
])('%s is a warning or an error, and never passes', async (record, message) => {
  const finding = await judge(record)

  expect(['warning', 'error']).toContain(finding.level)
  expect(finding.message).toMatch(message)
})

test('two policies are none', async () => {
  const found = await find('press.test', {
    '_dmarc.press.test': { TXT: ['v=DMARC1; p=none', 'v=DMARC1; p=reject', 'x'] },
  })

  expect(judgePolicy(found, 'press.test')).toMatchObject({
    level: 'error',
    message: '2 DMARC policies stand at _dmarc.press.test, which counts as none; leave one',
  })
})

test("below the organisation's domain its policy holds, and sp= before p=", async () => {
  const zone = (record: string): Zone => ({ '_dmarc.press.co.uk': { TXT: [record] } })

  const [own, below] = await Promise.all([
    find('news.press.co.uk', zone('v=DMARC1; p=reject')),
    find('news.press.co.uk', zone('v=DMARC1; p=reject; sp=none')),
  ])

  expect(own).toMatchObject({ kind: 'policy', at: '_dmarc.press.co.uk', policy: 'reject' })
  expect(below).toMatchObject({ kind: 'policy', policy: 'none' })
})

test('a policy at a public suffix is not asked for', async () => {
  expect(await find('press.co.uk', { '_dmarc.co.uk': { TXT: ['v=DMARC1; p=none'] } })).toEqual({
    kind: 'missing',
    asked: ['_dmarc.press.co.uk'],
  })
})

test('a resolver that fails is not a missing policy', async () => {
  const found = await find('press.test', { '_dmarc.press.test': { fails: 'ESERVFAIL' } })

  expect(judgePolicy(found, 'press.test')).toMatchObject({ level: 'unasked' })
})

const RELAXED = { kind: 'missing', asked: [] } as const

test.each([
  ['the same domain', 'press.test', ['press.test'], 'press.test', 'r', 'ok'],
  ['a signature of the organisation', 'news.press.test', ['press.test'], 'bounce.other.test', 'r', 'ok'],
  [
    'a strict policy and the organisation alone',
    'news.press.test',
    ['press.test'],
    'bounce.other.test',
    's',
    'error',
  ],
  ['no signature, the return path aligned', 'press.test', [], 'bounce.press.test', 'r', 'warning'],
  ['no signature, strict, a return path below', 'press.test', [], 'bounce.press.test', 's', 'error'],
  ['two organisations under one suffix', 'a.co.uk', ['b.co.uk'], 'c.co.uk', 'r', 'error'],
] as const)(
  '%s: From %s, d=%j, return path %s, %s → %s',
  async (_what, fromDomain, dkimDomains, returnPathDomain, mode, level) => {
    const strict = await find('press.test', {
      '_dmarc.press.test': { TXT: ['v=DMARC1; p=none; adkim=s; aspf=s'] },
    })
    const policy = mode === 's' ? strict : RELAXED

    expect(judgeAlignment({ fromDomain, returnPathDomain, dkimDomains, policy }).level).toBe(level)
  },
)
