/** Addresses that the world does not reach: what a relay there is seen as from outside can't be told from here. */

import { BlockList, isIPv4 } from 'node:net'

/** Loopback, private, link-local, carrier NAT, unspecified (RFC 6890). */
const INNER: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
]

const inner = new BlockList()
for (const [network, bits, family] of INNER) inner.addSubnet(network, bits, family)

export function isInner(ip: string): boolean {
  return inner.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6')
}
