import { generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InputError } from '../../errors.js'
import { makeKeyPem, recordOf } from './key.js'
import { readDkimKeys } from './key-folder.js'
import { type KeyRequest, makeDkimKeys } from './new-key.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pressrun-dkim-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

const RSA = makeKeyPem(2_048)
const ED25519 = makeKeyPem(null)

/** `changedAt`: seconds; a later one is newer. */
function put(name: string, pem: string | Buffer, changedAt = 1_000): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, pem, { mode: 0o600 })
  utimesSync(file, changedAt, changedAt)
  return file
}

function problems(act: () => unknown): readonly string[] {
  try {
    act()
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n')
    throw error
  }
  return []
}

function signing(domain: string): readonly string[] {
  return (readDkimKeys(folder).signing.get(domain) ?? []).map(({ selector }) => selector)
}

describe('reading keys', () => {
  test('a folder that is not there, or holds other things, holds no keys', () => {
    put('README', 'about keys')
    put('example.org/notes.txt', 'about the key')
    put('old keys/notes.txt', 'none')

    expect(readDkimKeys(path.join(folder, 'nope'))).toEqual({ keys: [], signing: new Map(), warnings: [] })
    expect(readDkimKeys(folder)).toEqual({ keys: [], signing: new Map(), warnings: [] })
  })

  test('what is no file, or larger than any key, is named and not read', () => {
    mkdirSync(path.join(folder, 'example.org/folder.pem'), { recursive: true })
    symlinkSync('/dev/zero', path.join(folder, 'example.org/zero.pem'))
    put('example.org/big.pem', Buffer.alloc(100_000))

    expect(problems(() => readDkimKeys(folder))).toEqual([
      expect.stringMatching(/big\.pem: is larger than any key \(100000 bytes\); put the key there, in PEM$/),
      expect.stringMatching(/folder\.pem: is no file; put the key there itself, in PEM$/),
      expect.stringMatching(/zero\.pem: is no file; put the key there itself, in PEM$/),
    ])
  })

  test('the newest key of each algorithm signs, RSA first, for each domain its own', () => {
    put('example.org/old.pem', makeKeyPem(2_048), 1_000)
    put('example.org/new.pem', RSA, 2_000)
    put('example.org/aed.pem', ED25519, 500)
    put('example.net/one.pem', ED25519)

    expect(signing('example.org')).toEqual(['new', 'aed'])
    expect(signing('example.net')).toEqual(['one'])
    expect(readDkimKeys(folder).keys.map(({ selector, signs }) => [selector, signs])).toEqual([
      ['one', true],
      ['new', true],
      ['aed', true],
      ['old', false],
    ])
  })

  test('a key that openssl wrote in the older form is one as well', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    put('example.org/old.pem', privateKey.export({ type: 'pkcs1', format: 'pem' }))

    expect(signing('example.org')).toEqual(['old'])
  })

  test.each<[string, () => string | Buffer, string]>([
    ['that is empty', () => '', 'holds no private key in PEM'],
    ['that is no text', () => randomBytes(2_000), 'holds no private key in PEM'],
    ['that was cut short', () => RSA.slice(0, 900), 'holds no private key in PEM'],
    [
      'with the public key only',
      () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }),
      'holds no private key in PEM',
    ],
    [
      'with a passphrase',
      () => {
        const format = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const
        return generateKeyPairSync('ed25519').privateKey.export(format)
      },
      'is locked with a passphrase',
    ],
    [
      'of another kind',
      () =>
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
          type: 'pkcs8',
          format: 'pem',
        }),
      'holds a key of the kind "ec"; DKIM signs with RSA or Ed25519',
    ],
    ['of 512 bits', () => makeKeyPem(512), 'holds an RSA key of 512 bits, which no receiver accepts; 2048'],
  ])('a file %s is refused, with its name and what would be right', (_what, pem, complaint) => {
    const file = put('example.org/news.pem', pem())

    const found = problems(() => readDkimKeys(folder))

    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`${file}: ${complaint}`)
  })

  test('a key whose numbers do not fit together is refused', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const der = privateKey.export({ type: 'pkcs8', format: 'der' })
    const modulus = Buffer.from(privateKey.export({ format: 'jwk' }).n ?? '', 'base64url')
    const middle = der.indexOf(modulus) + 100
    der[middle] = (der[middle] ?? 0) ^ 1
    const body = der.toString('base64').replace(/.{64}/g, '$&\n')
    put('example.org/news.pem', `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`)

    expect(problems(() => readDkimKeys(folder))[0]).toContain('is damaged: what it signs does not verify')
  })

  test('all that is wrong is said at once', () => {
    put('example.org/one.pem', '')
    put('example.net/two.pem', '')
    put('Example.com/three.pem', RSA)
    put('old/four.pem', RSA)
    put('example.org/not a name.pem', RSA)

    const found = problems(() => readDkimKeys(folder))

    expect(found).toHaveLength(5)
    expect(found.join('\n')).toContain('"Example.com" would be example.com in DNS; write it so')
    expect(found.join('\n')).toContain('"old" is no domain name; write it like example.org')
    expect(found.join('\n')).toContain('"not a name" is no selector')
  })

  test('a short key and one that everyone can read sign, with a warning', () => {
    const short = put('example.org/short.pem', makeKeyPem(1_024))
    const open = put('example.net/open.pem', ED25519)
    chmodSync(open, 0o644)

    expect(readDkimKeys(folder).warnings).toEqual([
      `${open}: can be read by everyone on this machine; chmod 600 it`,
      `${short}: has 1024 bits; 2048 is what the large providers ask for`,
    ])
    expect(signing('example.org')).toEqual(['short'])
  })
})

describe('a DNS record', () => {
  test('holds the public key; strings of a zone file are no longer than 255', () => {
    put('example.org/news.pem', makeKeyPem(4_096))

    const [key] = readDkimKeys(folder).keys
    const record = key && recordOf(key)

    expect(record?.name).toBe('news._domainkey.example.org')
    expect(record?.value).toMatch(/^v=DKIM1; k=rsa; p=MII[A-Za-z0-9+/]+=*$/)
    const strings = [...(record?.zone.matchAll(/"([^"]*)"/g) ?? [])].map(([, string = '']) => string)
    expect(strings.join('')).toBe(record?.value)
    expect(Math.max(...strings.map((string) => string.length))).toBe(255)
    expect(record?.zone).toMatch(/^news\._domainkey\.example\.org\. IN TXT \( "/)
  })

  test('of an Ed25519 key holds its 32 octets bare (RFC 8463 section 4)', () => {
    put('example.org/news.pem', ED25519)

    const [key] = readDkimKeys(folder).keys

    expect(key && recordOf(key).value).toMatch(/^v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=$/)
  })
})

describe('making keys', () => {
  const now = () => Date.UTC(2026, 10, 25)
  const make = (request: Partial<KeyRequest> = {}) =>
    makeDkimKeys(
      { domain: 'example.org', selector: null, bits: 2_048, withEd25519: false, ...request },
      { folder: path.join(folder, 'keys'), now },
    )
  const files = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.pem'))
      .sort()

  test('an RSA key of 2048 bits that signs, for its owner’s eyes alone, under a name made of the date', () => {
    const { made, replaced } = make()

    expect(made).toMatchObject([
      { selector: 'pr20261125', algorithm: 'rsa-sha256', bits: 2_048, signs: true },
    ])
    expect(replaced).toEqual([])
    const file = path.join(folder, 'keys/example.org/pr20261125.pem')
    expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    expect(readdirSync(path.dirname(file))).toEqual(['pr20261125.pem'])
  })

  test('the domain in A-labels and lower case', () => {
    expect(make({ domain: 'Bücher.Example' }).made[0]?.domain).toBe('xn--bcher-kva.example')
  })

  test('an Ed25519 key beside a new RSA key, or beside the one that is there', () => {
    const both = make({ withEd25519: true, selector: 'a' })
    const alone = make({ withEd25519: true, selector: 'b' })

    expect(both.made.map(({ selector, algorithm }) => [selector, algorithm])).toEqual([
      ['a', 'rsa-sha256'],
      ['a-ed', 'ed25519-sha256'],
    ])
    expect(alone.made.map(({ selector, algorithm }) => [selector, algorithm])).toEqual([
      ['b', 'ed25519-sha256'],
    ])
    expect(alone.replaced).toEqual(['a-ed'])
  })

  test('a second key takes the first one’s place and another name', () => {
    make()

    const { made, replaced } = make()

    expect(made).toMatchObject([{ selector: 'pr20261125-2', signs: true }])
    expect(replaced).toEqual(['pr20261125'])
  })

  test('a key that is there is never written over, and nothing is written then', () => {
    make({ selector: 'a-ed' })
    const before = readFileSync(path.join(folder, 'keys/example.org/a-ed.pem'))

    expect(problems(() => make({ selector: 'a-ed' }))[0]).toContain('example.org has a key "a-ed" already')
    rmSync(path.join(folder, 'keys/example.org/a-ed.pem'))
    put('keys/example.org/b-ed.pem', ED25519)
    expect(problems(() => make({ selector: 'b', withEd25519: true }))[0]).toContain(
      'has a key "b-ed" already',
    )

    expect(files()).toEqual(['keys/example.org/b-ed.pem'])
    expect(before.length).toBeGreaterThan(0)
  })

  test.each<[string, Partial<KeyRequest>, string]>([
    ['a domain', { domain: 'localhost' }, '"localhost" is no domain name'],
    ['a domain', { domain: '../x.example' }, 'is no domain name'],
    ['a domain', { domain: 'a@example.org' }, 'is no domain name'],
    ['a selector', { selector: '../../x' }, '--selector: "../../x" is no selector'],
    ['a selector', { selector: 'a b' }, '--selector: "a b" is no selector'],
    ['a selector', { selector: `${'a'.repeat(63)}.`.repeat(4).slice(0, -1) }, 'is too long a selector'],
    ['a size', { bits: 512 }, '--bits: has to be from 1024 to 4096'],
    ['a size', { bits: 16_384 }, '--bits: has to be from 1024 to 4096'],
  ])('what is no %s is refused: %j', (_what, request, complaint) => {
    expect(problems(() => make(request))[0]).toContain(complaint)

    expect(files()).toEqual([])
  })
})
