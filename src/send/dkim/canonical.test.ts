import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashBody, readFields, relaxField } from './canonical.js'

function hash(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('base64')
}

/** RFC 6376 section 3.4.4, octet by octet, as it is written there. */
function relaxByTheBook(body: string): string {
  let lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  while (lines.at(-1) === '') lines = lines.slice(0, -1)
  return lines.map((line) => `${line}\r\n`).join('')
}

describe('a header field', () => {
  test('loses its folds and runs of blanks, as in the example of RFC 6376 section 3.4.5', () => {
    const fields = readFields('A: X\r\nB : Y\t\r\n\tZ  ')

    expect(fields.map(({ canonical }) => canonical)).toEqual(['a:X', 'b:Y Z'])
  })

  test('needs no blank after its colon, may be empty, and may hold colons', () => {
    const fields = readFields('Subject:x\r\nX-None:\r\nX-Blank: \t\r\n  \r\nX-Time: 10:30')

    expect(fields.map(({ canonical }) => canonical)).toEqual([
      'subject:x',
      'x-none:',
      'x-blank:',
      'x-time:10:30',
    ])
  })

  test('keeps octets that are not ASCII, those that look like a blank in Unicode among them', () => {
    const value = Buffer.from(' Zoë\u00a0à ').toString('latin1')

    const relaxed = relaxField('To', value)

    expect(Buffer.from(relaxed, 'latin1').toString()).toBe('to:Zoë\u00a0à')
  })
})

describe('a body', () => {
  test('loses runs of blanks and empty lines at its end, as in the example of RFC 6376 section 3.4.5', () => {
    expect(hashBody(Buffer.from(' C \r\nD \t E\r\n\r\n\r\n'))).toBe(hash(' C\r\nD E\r\n'))
  })

  test.each([
    ['', ''],
    ['\r\n', ''],
    ['\r\n\r\n\r\n', ''],
    [' \t\r\n\r\n', ''],
    ['x', 'x\r\n'],
    ['x\r\n', 'x\r\n'],
    ['x \r\n', 'x\r\n'],
    ['x ', 'x\r\n'],
    ['x\r\n\r\n', 'x\r\n'],
    ['\r\nx\r\n', '\r\nx\r\n'],
    ['x\ty\r\n', 'x y\r\n'],
    ['x\n y\r\n', 'x\n y\r\n'],
  ])('%j is hashed as %j', (body, canonical) => {
    expect(hashBody(Buffer.from(body))).toBe(hash(canonical))
  })

  test('of any octets is hashed as the rules say, by the short way and the long one', () => {
    const piece = fc.constantFrom(' ', '  ', '\t', '\r\n', '\r', '\n', 'a', '.', 'é', '=20')

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const body = pieces.join('')
        expect(hashBody(Buffer.from(body, 'latin1'))).toBe(hash(relaxByTheBook(body)))
      }),
      { numRuns: 2_000 },
    )
  })

  test('of a megabyte of blanks takes no longer than its size', () => {
    const body = Buffer.from(`${' '.repeat(1_000_000)}x${'\r\n'.repeat(100_000)}`)
    const start = performance.now()

    expect(hashBody(body)).toBe(hash(' x\r\n'))

    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe('the message of RFC 8463, appendix A', () => {
  const message = [
    'From: Joe SixPack <joe@football.example.com>',
    'To: Suzie Q <suzie@shopping.example.net>',
    'Subject: Is dinner ready?',
    'Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)',
    'Message-ID: <20030712040037.46341.5F8J@football.example.com>',
    '',
    'Hi.',
    '',
    'We lost the game.  Are you hungry yet?',
    '',
    'Joe.',
    '',
  ].join('\r\n')
  const [header = '', body = ''] = message.split(/\r\n\r\n(.*)/s)
  const bodyHash = '2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8='

  /** Every field in order, then the signature's own without its value. */
  function signedData(algorithm: string, selector: string): Buffer {
    const fields = readFields(header).map(({ canonical }) => `${canonical}\r\n`)
    const value = [
      ` v=1; a=${algorithm}; c=relaxed/relaxed;`,
      ' d=football.example.com; i=@football.example.com;',
      ` q=dns/txt; s=${selector}; t=1528637909; h=from : to :`,
      ' subject : date : message-id : from : subject : date;',
      ` bh=${bodyHash};`,
      ' b=',
    ].join('\r\n')
    return Buffer.from(fields.join('') + relaxField('DKIM-Signature', value), 'latin1')
  }

  test('has the body hash that stands there', () => {
    expect(hashBody(Buffer.from(body))).toBe(bodyHash)
  })

  test('gets the Ed25519 signature that stands there', () => {
    const seed = Buffer.from('nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=', 'base64')
    const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
    const key = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' })

    const data = createHash('sha256').update(signedData('ed25519-sha256', 'brisbane')).digest()

    expect(sign(null, data, key).toString('base64')).toBe(
      '/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
    )
  })

  test('is what the RSA signature that stands there was made of', () => {
    const spki =
      'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/' +
      'byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB'
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
    const signature =
      'F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeef' +
      'Osk2JzdA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8='

    const data = signedData('rsa-sha256', 'test')

    expect(verify('sha256', data, key, Buffer.from(signature, 'base64'))).toBe(true)
  })
})
