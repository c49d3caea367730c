/** Ranges of IP addresses; and those that the world does not reach: what is there can't be told from outside, and is nobody's to ask for. */

import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Loopback, private, link-local, carrier NAT, unspecified, multicast, tunnels, reserved (RFC 6890). */
const INNER: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  // Azure's own services, as its machines see them.
  ['168.63.129.16', 32, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 9, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]

/** RFC 6052: the last 32 bits are an IPv4 address. */
const TRANSLATED = /^64:ff9b::(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/i

const inner = new BlockList()
for (const [network, bits, family] of INNER) inner.addSubnet(network, bits, family)

/** `ip` in any notation that node:net takes, IPv4 in IPv6 too (`::ffff:10.0.0.1`). */
export function isInner(ip: string): boolean {
  if (isIPv4(ip)) return inner.check(ip, 'ipv4')
  if (!isIPv6(ip)) return false
  return inner.check(ip, 'ipv6') || inner.check(translatedFrom(ip) ?? '8.8.8.8', 'ipv4')
}

/** What a translator would make of the address; null when it would pass it on as it is. */
function translatedFrom(ip: string): string | null {
  const canonical = new URL(`http://[${ip.replace(/%.*$/, '')}]/`).hostname.slice(1, -1)
  const match = TRANSLATED.exec(canonical)
  if (match === null) return null
  const [high, low] = [match[1] ?? '0', match[2] ?? '0'].map((part) => Number.parseInt(part, 16))
  return [(high ?? 0) >> 8, (high ?? 0) & 255, (low ?? 0) >> 8, (low ?? 0) & 255].join('.')
}

/** `203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`. */
export function isNetwork(text: string): boolean {
  const [ip = '', bits, ...rest] = text.split('/')
  const width = isIPv4(ip) ? 32 : isIPv6(ip) ? 128 : -1
  if (rest.length > 0 || width < 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width)
}

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
