import { expect, test } from 'vitest'
import { resolverOf } from '../../tests/rig/zone.js'
import { openDns } from './dns.js'

test('none, not there and could not be asked are three answers', async () => {
  const dns = openDns(
    resolverOf({ 'has.test': { TXT: ['one'] }, 'empty.test': {}, 'ill.test': { fails: 'EREFUSED' } }),
  )

  const answers = await Promise.all(['has.test', 'empty.test', 'gone.test', 'ill.test'].map(dns.txt))

  expect(answers).toEqual([
    { kind: 'found', records: ['one'] },
    { kind: 'missing' },
    { kind: 'missing' },
    { kind: 'unasked', cause: 'EREFUSED' },
  ])
})

test('a resolver that never answers is given up', async () => {
  const never = () => new Promise<never>(() => {})
  const dns = openDns(
    { resolveTxt: never, resolveMx: never, resolve4: never, resolve6: never, reverse: never },
    { timeoutMs: 20 },
  )

  expect(await dns.txt('slow.test')).toEqual({ kind: 'unasked', cause: 'no answer within 0.02 s' })
})

test('the same question is asked once', async () => {
  const resolver = resolverOf({ 'has.test': { TXT: ['one'] } })
  const dns = openDns(resolver)

  await Promise.all([dns.txt('has.test'), dns.txt('HAS.test'), dns.txt('has.test')])

  expect(resolver.questions).toEqual(['TXT has.test'])
})

test.each([
  '',
  'a..test',
  `${'x'.repeat(64)}.test`,
  'x.'.repeat(200),
  'a b.test',
  'bücher.test',
  'nul\0.test',
])('a name that is none (%j) is not asked for', async (name) => {
  const resolver = resolverOf({})

  expect(await openDns(resolver).txt(name)).toEqual({ kind: 'missing' })
  expect(resolver.questions).toEqual([])
})

test('one family of addresses is enough, and a null MX is the empty name', async () => {
  const dns = openDns(
    resolverOf({
      'six.test': { AAAA: ['2001:db8::1'] },
      'null.test': { MX: ['0 .'] },
      'mx.test': { MX: ['20 B.test.', '10 a.test'] },
    }),
  )

  expect(await dns.addresses('six.test')).toEqual({ kind: 'found', records: ['2001:db8::1'] })
  expect(await dns.mx('null.test')).toEqual({ kind: 'found', records: [{ exchange: '', priority: 0 }] })
  expect(await dns.mx('mx.test')).toMatchObject({ records: [{ exchange: 'a.test' }, { exchange: 'b.test' }] })
})
