import { expect, test } from 'vitest'
import { InputError } from '../errors.js'
import { readRelayUrl } from './relay-url.js'

test('reads host, port, login and options as nodemailer does', () => {
  const settings = readRelayUrl(
    'smtp://desk%40press.example:p%3Aa%2Fss@relay.example.org:2525/?maxConnections=16&maxMessages=7&requireTLS=true&name=press.example&tls.servername=other.example&pool=true',
  )

  expect(settings).toMatchObject({
    name: 'smtp://relay.example.org:2525',
    login: { user: 'desk@press.example', pass: 'p:a/ss' },
    maxConnections: 16,
    maxMessages: 7,
    wire: {
      host: 'relay.example.org',
      port: 2525,
      secure: false,
      requireTLS: true,
      name: 'press.example',
      tls: { servername: 'other.example' },
    },
  })
})

test.each([
  ['smtp://relay.example.org', 'smtp://relay.example.org:587'],
  ['smtps://relay.example.org', 'smtps://relay.example.org:465'],
  ['smtp://user:secret@[::1]:25', 'smtp://[::1]:25'],
])('%s is known as %s', (url, name) => {
  expect(readRelayUrl(url).name).toBe(name)
})

test('waits ten minutes for a reply, and verifies certificates, unless told otherwise', () => {
  const { wire, login, maxConnections } = readRelayUrl('smtp://relay.example.org')

  expect(wire.socketTimeout).toBe(600_000)
  expect(wire.tls).toBeUndefined()
  expect(login).toBeNull()
  expect(maxConnections).toBe(5)
})

test.each([
  ['http://relay.example.org', 'SMTP_URL: must begin with smtp:// or smtps://'],
  ['smtp://', 'SMTP_URL: names no host'],
  ['smtp://user@relay.example.org', 'SMTP_URL: wants both a user name and a password'],
  ['smtp://relay.example.org/?requireTls=true', 'SMTP_URL: has an option "requireTls" that is not known'],
  ['smtp://relay.example.org/?maxConnections=0', 'SMTP_URL: option maxConnections: '],
  ['smtp://relay.example.org/?maxConnections=many', 'SMTP_URL: option maxConnections: '],
  ['smtp://relay.example.org/?requireTLS=yes', 'SMTP_URL: option requireTLS: '],
  ['smtp://relay.example.org/?maxMessages=many', 'option maxMessages: is not a whole number of 1 or more'],
  ['smtp://relay.example.org/?socketTimeout=99999999999', 'option socketTimeout: is more than a day'],
  ['smtp://relay.example.org/?name=a%0D%0AB', 'option name: is no host name'],
  ['smtp://relay.example.org/?tls=1', 'option tls wants a name; known are tls.rejectUnauthorized, '],
  ['smtp://relay.example.org/?tls.minVerson=TLSv1.3', 'has an option "tls.minVerson" that is not known'],
  ['smtp://relay.example.org/?tls.host=other.example', 'has an option "tls.host" that is not known'],
  ['smtp://relay.example.org/?tls.rejectUnauthorized=0', 'option tls.rejectUnauthorized: is neither true'],
  ['smtp://relay.example.org/?tls.minVersion=1.3', 'option tls.minVersion: is none of TLSv1.2 and TLSv1.3'],
  ['smtp://relay.example.org/?tls.ciphers=NONSENSE', 'its tls.* options do not go together'],
])('refuses %s with a sentence', (url, sentence) => {
  expect(() => readRelayUrl(url)).toThrow(InputError)
  expect(() => readRelayUrl(url)).toThrow(sentence)
})

test('what is accepted only to be left out is not named among the known options', () => {
  expect(() => readRelayUrl('smtp://relay.example.org/?wrong=1')).toThrow(/ dnsTimeout, tls\.\*$/)
})

test('a complaint about the URL never shows the password', () => {
  expect(() => readRelayUrl('smtp://desk:geheim@relay.example.org/?wrong=1')).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('geheim') }),
  )
})

test.each([
  ['smtp://desk:geheim@relay.example.org', true],
  ['smtp://desk:geheim@127.0.0.1:2525', undefined],
  ['smtp://desk:geheim@localhost', undefined],
  ['smtps://desk:geheim@relay.example.org', undefined],
  ['smtp://relay.example.org', undefined],
  ['smtp://desk:geheim@relay.example.org/?requireTLS=false', false],
])(
  'a password leaves this machine over TLS only, unless it is said otherwise by name: %s',
  (url, requireTls) => {
    expect(readRelayUrl(url).wire.requireTLS).toBe(requireTls)
  },
)
