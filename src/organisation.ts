/** The organisational domain: the one a registry has given out, which relaxed alignment goes by (RFC 7489 section 3.2). */

import { getDomain, getSubdomain, parse } from 'tldts'

/** `news.example.co.uk` → `example.co.uk`; a domain that is none of a registry's is its own. */
export function organisationOf(domain: string): string {
  return getDomain(domain, { allowPrivateDomains: true }) ?? domain
}

/** RFC 7489 section 3.1: strict is the same domain, relaxed the same organisation. */
export function isAligned(one: string, other: string, mode: 'relaxed' | 'strict'): boolean {
  return mode === 'strict' ? one === other : organisationOf(one) === organisationOf(other)
}

/** Whether the domain stands below an ending that a registry gives out: `example.co.uk` does, `page.cmo` does not. */
export function isRegistrable(domain: string): boolean {
  const { isIcann, isPrivate, domain: registered } = parse(domain, { allowPrivateDomains: true })
  return registered !== null && (isIcann === true || isPrivate === true)
}

/** Names below the domain that a registry has given out: `a.b.example.co.uk` → `a`, `b`. */
export function labelsBelow(domain: string): readonly string[] {
  return (getSubdomain(domain) ?? '').split('.').filter((label) => label !== '')
}
