import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { networkOf } from '../address-range.js'
import { readRequester } from './requester.js'

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:7:1:2:3:4:5', '2001:db8:7::/48'],
  ['2001:0db8:0007::1', '2001:db8:7::/48'],
  ['2001:DB8::1', '2001:db8:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['::1', '::/48'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0::/48'],
  ['not an address', ''],
  ['', ''],
])('of the address %s only the network %s is kept', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('of the headers only those that matter are kept, the Referer as its origin', () => {
  const headers: Record<string, string> = {
    'user-agent': 'Mail\u0000er\r\n/1',
    'accept-language': 'de-DE,de;q=0.9',
    'sec-purpose': 'prefetch;prerender',
    referer: 'https://mail.example.com/inbox/alice?message=7',
    cookie: 'session=1',
  }

  const requester = readRequester({
    method: 'GET',
    address: '192.0.2.9',
    header: (name) => headers[name] ?? null,
  })

  expect(requester).toEqual({
    method: 'GET',
    userAgent: 'Mailer/1',
    network: '192.0.2.0/24',
    headers: {
      'accept-language': 'de-DE,de;q=0.9',
      'sec-purpose': 'prefetch;prerender',
      referer: 'https://mail.example.com',
    },
  })
})

test('a user agent is cut to 300 characters, a Referer that is no web address is dropped', () => {
  const requester = readRequester({
    method: 'GET',
    address: undefined,
    header: (name) => (name === 'user-agent' ? 'x'.repeat(5000) : 'javascript:alert(1)'),
  })

  expect(requester.userAgent).toHaveLength(300)
  expect(requester.headers.referer).toBeUndefined()
  expect(requester.network).toBe('')
})

test('what is kept holds nothing of the long headers that it was cut from', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const long = (start: string, at: number) => `${start}${at}`.padEnd(15_000, 'x')
  const header = (at: number) => (name: string) =>
    long(name === 'referer' ? 'https://example.com/' : name, at)
      .split('')
      .join('')

  collect()
  const before = process.memoryUsage().heapUsed
  const kept = Array.from({ length: 500 }, (_, at) =>
    readRequester({ method: 'GET', address: '192.0.2.9', header: header(at) }),
  )
  collect()
  const bytes = (process.memoryUsage().heapUsed - before) / kept.length

  expect(kept[0]?.headers.referer).toBe('https://example.com')
  expect(bytes).toBeLessThan(10_000)
})
