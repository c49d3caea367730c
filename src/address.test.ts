import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAddress } from './address.js'

function reasonOf(text: string): string {
  const parsed = parseAddress(text)
  return parsed.kind === 'refused' ? parsed.reason : `accepted as ${parsed.address}`
}

describe('an address is accepted', () => {
  test.each([
    ['alice@example.org', 'alice@example.org', 'alice@example.org'],
    ['  alice@example.org\t', 'alice@example.org', 'alice@example.org'],
    ['Alice.B@Example.ORG', 'Alice.B@example.org', 'alice.b@example.org'],
    ['alice+news@example.org', 'alice+news@example.org', 'alice+news@example.org'],
    ["o'brien@example.org", "o'brien@example.org", "o'brien@example.org"],
    ['!#$%&*/=?^_`{|}~-@example.org', '!#$%&*/=?^_`{|}~-@example.org', '!#$%&*/=?^_`{|}~-@example.org'],
    ['alice@münchen.example', 'alice@xn--mnchen-3ya.example', 'alice@xn--mnchen-3ya.example'],
    ['alice@XN--MNCHEN-3YA.example', 'alice@xn--mnchen-3ya.example', 'alice@xn--mnchen-3ya.example'],
    ['Jörg@example.org', 'Jörg@example.org', 'jörg@example.org'],
    ['Jo\u0308rg@example.org', 'Jörg@example.org', 'jörg@example.org'],
    ['用户@例子.测试', '用户@xn--fsqu00a.xn--0zwm56d', '用户@xn--fsqu00a.xn--0zwm56d'],
    ['a@r3---sn.example', 'a@r3---sn.example', 'a@r3---sn.example'],
  ])('%j is stored as %j', (text, address, key) => {
    expect(parseAddress(text)).toMatchObject({ kind: 'address', address, key })
  })

  test('with its local part and its domain apart', () => {
    expect(parseAddress('Alice@Mail.Example.org')).toEqual({
      kind: 'address',
      address: 'Alice@mail.example.org',
      key: 'alice@mail.example.org',
      local: 'Alice',
      domain: 'mail.example.org',
    })
  })
})

describe('an address is refused', () => {
  test.each([
    ['', 'is missing'],
    [' \t ', 'is missing'],
    ['a@b.test\r\nRCPT TO:<x@y.test>', 'holds a line break or another control character'],
    ['a@b.test\r\n', 'holds a line break or another control character'],
    ['a@b.test\u0000', 'holds a line break or another control character'],
    ['a@b.test\u2028', 'holds a line break or another control character'],
    ['a\u202e@b.test', 'holds an invisible or broken character'],
    ['a\ufffd@b.test', 'holds an invisible or broken character'],
    ['a\ud800@b.test', 'holds an invisible or broken character'],
    ['a@b.test,c@d.test', 'holds a comma or semicolon; write one address'],
    ['a@b.test;c@d.test', 'holds a comma or semicolon; write one address'],
    ['<a@b.test>', 'holds an angle bracket; write the bare address'],
    ['"x" <a@b.test>', 'holds an angle bracket; write the bare address'],
    ['"a b"@c.test', 'holds a quote; quoted local parts and display names are not accepted'],
    ['a(work)@b.test', 'holds a comment; write the bare address'],
    ['a b@c.test', 'holds a blank; write the bare address'],
    ['a\u00a0b@c.test', 'holds a blank; write the bare address'],
    ['Alice a@b.test', 'holds a blank; write the bare address'],
    ['alice.example.org', 'has no @'],
    ['a@b@c.test', 'has more than one @'],
    ['@b.test', 'has nothing before the @'],
    ['.a@b.test', 'has a misplaced dot before the @'],
    ['a.@b.test', 'has a misplaced dot before the @'],
    ['a..b@c.test', 'has a misplaced dot before the @'],
    ['a\\b@c.test', 'has a character before the @ that an address cannot hold'],
    ['mailto:a@b.test', 'has a character before the @ that an address cannot hold'],
    ['a\uff20evil.test@b.test', 'has a character before the @ that an address cannot hold'],
    ['a\uff0cb@c.test', 'has a character before the @ that an address cannot hold'],
    ['a@', 'has nothing after the @'],
    ['a@[192.0.2.1]', 'has an IP address after the @; write a domain name'],
    ['a@192.0.2.1', 'has an IP address after the @; write a domain name'],
    ['a@0x7f.1', 'has an IP address after the @; write a domain name'],
    ['a@localhost', 'has no dot in its domain; write the whole domain name'],
    ['a@b.123', 'has no valid domain name after the @'],
    ['a@b..test', 'has no valid domain name after the @'],
    ['a@b.test.', 'has no valid domain name after the @'],
    ['a@-b.test', 'has no valid domain name after the @'],
    ['a@b_c.test', 'has no valid domain name after the @'],
    ['a@b%2ec.test', 'has no valid domain name after the @'],
    ['a@xn--a.test', 'has no valid domain name after the @'],
    [`a@${'b'.repeat(64)}.test`, 'has no valid domain name after the @'],
    [`${'a'.repeat(65)}@b.test`, 'has more than 64 octets before the @'],
    [`${'ü'.repeat(33)}@b.test`, 'has more than 64 octets before the @'],
  ])('%j: it %s', (text, reason) => {
    expect(reasonOf(text)).toBe(reason)
  })
})

describe('the limits of RFC 5321 section 4.5.3.1', () => {
  const domain = (length: number) => `${'d'.repeat(63)}.${'e'.repeat(63)}.${'f'.repeat(length - 133)}.test`

  test('64 octets before the @ and 254 in all are accepted', () => {
    expect(parseAddress(`${'a'.repeat(64)}@${domain(189)}`).kind).toBe('address')
  })

  test('255 in all are refused', () => {
    expect(reasonOf(`${'a'.repeat(64)}@${domain(190)}`)).toBe('is longer than 254 octets')
  })

  test('octets are counted, not characters', () => {
    expect(reasonOf(`${'ü'.repeat(32)}@${domain(190)}`)).toBe('is longer than 254 octets')
  })
})

describe('hostile text', () => {
  test.each([
    ['64 KB of one letter', 'a'.repeat(65_536)],
    ['64 KB of blanks and a letter', `${' '.repeat(65_536)}a`],
    ['64 KB of blanks between letters', `a${' '.repeat(65_536)}a`],
    ['64 KB of @', '@'.repeat(65_536)],
    ['64 KB of dots', `a@${'.'.repeat(65_536)}`],
    ['5,000 nested groups', `${'g:('.repeat(5_000)}a@b.test${')'.repeat(5_000)};`],
    ['50,000 quotes', '"'.repeat(50_000)],
    ['64 KB of combining marks', `a${'\u0308'.repeat(32_768)}@b.test`],
  ])('%s is answered at once', (_, text) => {
    const began = performance.now()

    const parsed = parseAddress(text)

    expect(performance.now() - began).toBeLessThan(50)
    expect(parsed.kind).toBe('refused')
  })

  test('whatever is accepted is unchanged by a second parse and safe in an envelope', () => {
    const part = fc.string({ unit: 'grapheme', maxLength: 20 })
    const texts = fc.oneof(
      fc.emailAddress(),
      fc.string({ unit: 'grapheme' }),
      fc.tuple(part, part, part).map(([local, name, top]) => `${local}@${name}.${top}`),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseAddress(text)
        if (parsed.kind === 'refused') return
        expect(parseAddress(parsed.address)).toEqual(parsed)
        expect(parseAddress(parsed.key)).toMatchObject({ key: parsed.key, domain: parsed.domain })
        expect(parsed.address).not.toMatch(/[\p{Cc}\s<>,;"()[\]\\]/u)
        expect(parsed.address.split('@')).toEqual([parsed.local, parsed.domain])
      }),
      { numRuns: 2_000 },
    )
  })
})
