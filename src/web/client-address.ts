/**
 * From where a request came: the socket's other end, or what a proxy that we trust says of it. Only the right end of
 * X-Forwarded-For is theirs; what stands left of the first stranger is the stranger's own word.
 */

import { BlockList, isIPv4, isIPv6 } from 'node:net'

export type IsProxy = (ip: string) => boolean

/** A proxy on this machine: only who is on it already could pretend to be one. */
const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1']
/** More are no chain of proxies. */
const MAX_HOPS = 10
/** Addresses of which is remembered whether they are proxies. */
const MAX_KNOWN = 1_000

/** `networks`: IP addresses or CIDR blocks, as `isNetwork` takes them. Loopback is trusted always. */
export function trustProxies(networks: readonly string[]): IsProxy {
  const trusted = new BlockList()
  for (const network of [...LOOPBACK, ...networks]) {
    const [ip = '', bits] = network.split('/')
    const family = isIPv4(ip) ? 'ipv4' : 'ipv6'
    if (bits === undefined) trusted.addAddress(ip, family)
    else trusted.addSubnet(ip, Number(bits), family)
  }
  // The same few ask all the time, and a BlockList takes long to say the same of them.
  const known = new Map<string, boolean>()
  return (ip) => {
    const before = known.get(ip)
    if (before !== undefined) return before
    const isTrusted = trusted.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6')
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(ip, isTrusted)
    return isTrusted
  }
}

/** `remote`: the socket's other end. Undefined when not even that is known. */
export function clientAddress(
  remote: string | undefined,
  forwardedFor: string | undefined,
  isProxy: IsProxy,
): string | undefined {
  let client = plain(remote ?? '')
  if (client === null) return remote
  const hops = (forwardedFor ?? '').split(',').slice(-MAX_HOPS)
  while (isProxy(client)) {
    const before = plain(hops.pop() ?? '')
    // A proxy that says nothing, or nothing that is an address, is all we know.
    if (before === null) return client
    client = before
  }
  return client
}

/** An IP address without port, brackets and zone, IPv4 out of IPv6; null for anything else. */
function plain(text: string): string | null {
  // As nearly all are.
  if (isIPv4(text)) return text
  const hop = text
    .trim()
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/%.*$/, '')
  const v4 = hop.replace(/^::ffff:(?=\d+\.)/i, '').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  if (isIPv4(v4)) return v4
  return isIPv6(hop) ? hop : null
}
