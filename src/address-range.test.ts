import { expect, test } from 'vitest'
import { isInner, isNetwork } from './address-range.js'

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '168.63.129.16',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fec0::1',
  'fd00:ec2::254',
  'ff02::1',
  '2002:7f00:1::',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::7f00:1',
])('%s is an address that the world does not reach', (ip) => {
  expect(isInner(ip)).toBe(true)
})

test.each([
  '8.8.8.8',
  '172.32.0.1',
  '172.15.255.255',
  '192.167.1.1',
  '100.128.0.1',
  '223.255.255.255',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
])('%s is one that it does', (ip) => {
  expect(isInner(ip)).toBe(false)
})

test.each([
  ['10.0.0.0/8', true],
  ['192.0.2.9', true],
  ['2001:db8::/32', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/', false],
  ['10.0.0.0/8/8', false],
  ['proxy.example.com', false],
  ['', false],
])('"%s" names a network: %s', (text, is) => {
  expect(isNetwork(text)).toBe(is)
})
