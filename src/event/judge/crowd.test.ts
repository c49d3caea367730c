import { expect, test } from 'vitest'
import { crowdKey } from './crowd.js'

const hit = {
  kind: 'click',
  method: 'GET',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  network: '203.0.113.0/24',
  at: 600_000,
} as const

test('what comes from one network, with one agent, in one minute of the clock has one key', () => {
  const key = crowdKey(hit)

  expect(key).not.toBeNull()
  expect(crowdKey({ ...hit, kind: 'open', at: 659_999 })).toBe(key)
  for (const other of [
    { at: 660_000 },
    { at: 599_999 },
    { network: '203.0.114.0/24' },
    { userAgent: 'Firefox' },
  ])
    expect(crowdKey({ ...hit, ...other })).not.toBe(key)
})

test.each([
  ['an unknown network', { network: '' }],
  ['a HEAD', { method: 'HEAD' }],
  ['a form', { kind: 'form' as const }],
  ["Apple's proxy", { kind: 'open' as const, userAgent: 'Mozilla/5.0' }],
  ["Google's proxy", { kind: 'open' as const, userAgent: 'Firefox/11.0 (via ggpht.com GoogleImageProxy)' }],
])('%s is in no crowd', (_what, other) => {
  expect(crowdKey({ ...hit, ...other })).toBeNull()
})
