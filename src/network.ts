/** Network: what an IP address is cut to where one machine must not be told from its neighbours, or is not to count alone. */

import { isIPv4, isIPv6 } from 'node:net'

/** The /24 or /48 of an address; an IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) counts as IPv4. */
export function networkOf(address: string): string {
  // As nearly all are.
  if (isIPv4(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`
  const plain = address.replace(/%.*$/, '')
  const v4 = plain.toLowerCase().startsWith('::ffff:') ? plain.slice(7) : plain
  if (isIPv4(v4)) return `${v4.split('.').slice(0, 3).join('.')}.0/24`
  if (!isIPv6(plain)) return ''
  const prefix = expandGroups(plain).slice(0, 3).join(':')
  return prefix === '0:0:0' ? '::/48' : `${prefix}::/48`
}

/** Groups of a valid IPv6 address without leading zeros; enough of them for a prefix when it ends in IPv4 form. */
function expandGroups(address: string): string[] {
  const [head = '', tail = ''] = address.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = Math.max(0, 8 - before.length - after.length)
  const groups = address.includes('::') ? [...before, ...Array<string>(zeros).fill('0'), ...after] : before
  return groups.map((group) => group.replace(/^0+(?=.)/, ''))
}
