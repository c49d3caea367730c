import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect, test } from 'vitest'
import { judgeKey } from './dkim.js'

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
const WEAK = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
const ED = generateKeyPairSync('ed25519').publicKey

function base64(key: KeyObject, type: 'spki' | 'pkcs1' = 'spki'): string {
  return key.export({ format: 'der', type }).toString('base64')
}

const rsa = base64(RSA)
const ed = ED.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')

function judge(publicKey: KeyObject, ...records: string[]) {
  const answer = records.length === 0 ? ({ kind: 'missing' } as const) : ({ kind: 'found', records } as const)
  return judgeKey({ domain: 'press.test', selector: 'news', publicKey }, answer)
}

test.each([
  ['an RSA key', RSA, `v=DKIM1; k=rsa; p=${rsa}`, /RSA, 2048 bits/],
  ['an RSA key without v and k', RSA, `p=${rsa}`, /is the one that signs here/],
  ['a bare RSA key', RSA, `v=DKIM1; p=${base64(RSA, 'pkcs1')}`, /is the one that signs here/],
  [
    'blanks within the key',
    RSA,
    `v=DKIM1; p=${rsa.replace(/(.{70})/g, '$1 ')}`,
    /is the one that signs here/,
  ],
  [
    'hashes and services that fit',
    RSA,
    `v=DKIM1; h=sha1:sha256; s=*; t=s; p=${rsa};`,
    /is the one that signs here/,
  ],
  ['an Ed25519 key', ED, `v=DKIM1; k=ed25519; p=${ed}`, /Ed25519/],
])('%s that matches is fine', (_what, key, record, message) => {
  expect(judge(key, record)).toEqual({ check: 'dkim', level: 'ok', message: expect.stringMatching(message) })
})

test.each([
  ['another key', RSA, `v=DKIM1; p=${base64(WEAK)}`, /is not the one that signs here/],
  ['one that is revoked', RSA, 'v=DKIM1; p=', /is revoked/],
  ['one without p', RSA, 'v=DKIM1; k=rsa', /has no p=/],
  ['one that is cut off', RSA, `v=DKIM1; p=${rsa.slice(0, 100)}`, /is no key that can be read/],
  ['junk', RSA, 'v=DKIM1; p=!!!', /is no key that can be read/],
  ['another version', RSA, `v=DKIM2; p=${rsa}`, /v= that is not DKIM1/],
  ['another kind', ED, `v=DKIM1; p=${ed}`, /is of the kind "rsa", and ours is ed25519/],
  [
    'an Ed25519 key of a wrong size',
    ED,
    `v=DKIM1; k=ed25519; p=${Buffer.from(ed, 'base64').subarray(1).toString('base64')}`,
    /no key that can be read/,
  ],
  ['one for other hashes', RSA, `v=DKIM1; h=sha1; p=${rsa}`, /is not for sha256/],
  ['one for other services', RSA, `v=DKIM1; s=tlsrpt; p=${rsa}`, /is not for mail/],
])('%s is an error', (_what, key, record, message) => {
  const { level, message: said } = judge(key, record)

  expect(level).toBe('error')
  expect(said).toMatch(message)
  expect(said).toContain('the key published at news._domainkey.press.test')
})

test('a record that is not there is an error that says how to print it', () => {
  expect(judge(RSA)).toEqual({
    check: 'dkim',
    level: 'error',
    message:
      'no key is published at news._domainkey.press.test; pressrun dkim show press.test prints the record as it has to be',
  })
})

test('two records are an error, whichever is ours', () => {
  expect(judge(RSA, `p=${rsa}`, 'p=')).toMatchObject({
    level: 'error',
    message: expect.stringMatching(/^2 records stand at/),
  })
})

test('a resolver that fails is not a missing key', () => {
  const finding = judgeKey(
    { domain: 'press.test', selector: 'news', publicKey: RSA },
    { kind: 'unasked', cause: 'ETIMEOUT' },
  )

  expect(finding).toMatchObject({ level: 'unasked', message: expect.stringContaining('(ETIMEOUT)') })
})

test.each([
  ['1024 bits', WEAK, `v=DKIM1; p=${base64(WEAK)}`, /has 1024 bits; 2048 is advised/],
  ['a key that is being tested', RSA, `v=DKIM1; t=y:s; p=${rsa}`, /t=y/],
])('%s: a warning', (_what, key, record, message) => {
  expect(judge(key, record)).toMatchObject({ level: 'warning', message: expect.stringMatching(message) })
})

test('512 bits are an error even when published', () => {
  const tiny = createPublicKey(`-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAJv8ZpB5hEK7qxP9K3v43hUS5fGT4waK
e7ix4Z4mu5UBv+cw7WSFAt0Vaag0sAbsPzU8Hhsrj/qPABvfB8asUwcCAwEAAQ==
-----END PUBLIC KEY-----`)

  expect(judge(tiny, `p=${base64(tiny)}`)).toMatchObject({
    level: 'error',
    message: expect.stringContaining('has 512 bits'),
  })
})
