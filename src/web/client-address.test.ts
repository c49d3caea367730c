import { expect, test } from 'vitest'
import { clientAddress, trustProxies } from './client-address.js'

const loopback = trustProxies([])
const chain = trustProxies(['10.1.0.0/16', '2001:db8:5::/48', '192.0.2.9'])

test.each<[string, string | undefined, string | undefined, string | undefined]>([
  ['nobody is between', '203.0.113.7', undefined, '203.0.113.7'],
  ['a stranger says that he is a proxy', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
  ['a proxy on this machine', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['… in IPv6', '::1', '2001:db8::7', '2001:db8::7'],
  ['… as IPv4 in IPv6', '::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['a reader who writes the header himself', '127.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['… and pretends to be this machine', '127.0.0.1', '127.0.0.1, 203.0.113.7', '203.0.113.7'],
  ['a proxy that writes a port', '127.0.0.1', '203.0.113.7:4711', '203.0.113.7'],
  ['… and brackets', '127.0.0.1', '[2001:db8::7]:4711', '2001:db8::7'],
  ['a proxy that says nothing', '127.0.0.1', undefined, '127.0.0.1'],
  ['… or nonsense', '127.0.0.1', 'unknown', '127.0.0.1'],
  ['… or a script', '127.0.0.1', '<script>, 203.0.113.x', '127.0.0.1'],
  ['all hops are ours', '127.0.0.1', '127.0.0.1, 127.0.0.2', '127.0.0.1'],
  ['a socket that is gone', undefined, '203.0.113.7', undefined],
])('%s', (_, remote, forwarded, client) => {
  expect(clientAddress(remote, forwarded, loopback)).toBe(client)
})

test('a chain of proxies is followed to the first that is not ours', () => {
  expect(clientAddress('10.1.2.3', '198.51.100.1, 203.0.113.7, 192.0.2.9', chain)).toBe('203.0.113.7')
  expect(clientAddress('2001:db8:5::1', '203.0.113.7', chain)).toBe('203.0.113.7')
  expect(clientAddress('10.2.0.1', '203.0.113.7', chain)).toBe('10.2.0.1')
})

test('a header without end is looked at from its end', () => {
  const long = `${'198.51.100.1,'.repeat(100_000)}127.0.0.1`

  expect(clientAddress('127.0.0.1', long, loopback)).toBe('198.51.100.1')
})
