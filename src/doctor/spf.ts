/**
 * SPF (RFC 7208) of the return path's domain: is there one record, is it sound, and does it allow the relay? The large
 * providers want it to pass; a record that breaks a limit passes for nobody.
 */

import { BlockList, isIPv4 } from 'node:net'
import { unreachable } from '../errors.js'
import { type Finding, findingsOf, quoteText } from './finding.js'
import type { Qualifier } from './spf-record.js'
import { MAX_LOOKUPS, MAX_VOID_LOOKUPS, type SpfNode, type SpfTree, type Step } from './spf-tree.js'

const spf = findingsOf('spf')

/** About the record itself. */
export function judgeSpf({ root, lookups, voids }: SpfTree): readonly Finding[] {
  if (root.kind === 'unasked')
    return [
      spf.unasked(`DNS could not be asked for the SPF record of ${root.domain} (${root.cause}); try again`),
    ]
  if (root.kind === 'missing')
    return [
      spf.error(
        `${root.domain} has no SPF record; publish one TXT record there like "v=spf1 include:RELAY ~all", with what whoever runs the relay names for it`,
      ),
    ]
  const faults = [...new Set([...faultsOf(root), ...limitFaults(root.domain, { lookups, voids })])]
  if (faults.length > 0)
    return faults.map((fault) => spf.error(`${fault}; receivers count it as a failure of all`))
  const ending = endingOf(root)
  const concerns = [...concernsOf(root), ...judgeEnding(root.domain, ending)]
  if (concerns.length > 0) return concerns.map((concern) => spf.warning(concern))
  const unasked = unaskedOf(root)
  if (unasked.length > 0)
    return unasked.map((what) => spf.unasked(`DNS could not be asked for ${what}; try again`))
  const end = ending === null ? '' : ` and ends with ${ending}all`
  return [spf.ok(`${root.domain} has one SPF record; it takes ${lookups} of ${MAX_LOOKUPS} look-ups${end}`)]
}

function limitFaults(
  domain: string,
  { lookups, voids }: Pick<SpfTree, 'lookups' | 'voids'>,
): readonly string[] {
  return [
    ...(lookups > MAX_LOOKUPS
      ? [
          `the SPF record of ${domain} takes ${lookups > 2 * MAX_LOOKUPS ? `more than ${2 * MAX_LOOKUPS}` : lookups} look-ups, and ${MAX_LOOKUPS} is the limit: take includes out that nobody sends from any more`,
        ]
      : []),
    ...(voids > MAX_VOID_LOOKUPS
      ? [
          `the SPF record of ${domain} names ${voids} hosts or records that are not there, and ${MAX_VOID_LOOKUPS} is the limit: take them out`,
        ]
      : []),
  ]
}

/** What makes a receiver give up on the record (section 4.6, 5.2): each as a clause. */
function faultsOf(node: SpfNode, from: string | null = null): readonly string[] {
  const named = from === null ? `${node.domain}` : `${node.domain}, which the SPF record of ${from} leads to,`
  switch (node.kind) {
    case 'missing':
      return [`${named} has no SPF record: publish it, or take it out of ${from}'s`]
    case 'several':
      return [`${named} has ${node.count} SPF records: make one of them`]
    case 'broken':
      return [`the SPF record of ${named} ${node.reason}: write it right`]
    case 'loop':
      return [`the SPF record of ${from ?? node.domain} leads back to ${node.domain}: take that out`]
    case 'record': {
      const below = node.steps.flatMap((step) => (step.kind === 'include' ? [step.node] : []))
      const all = node.redirect === null ? below : [...below, node.redirect]
      return all.flatMap((one) => faultsOf(one, node.domain))
    }
    case 'unasked':
    case 'beyond':
    case 'open':
      return []
    default:
      return unreachable(node)
  }
}

function unaskedOf(node: SpfNode): readonly string[] {
  if (node.kind === 'unasked') return [`the SPF record of ${node.domain} (${node.cause})`]
  if (node.kind !== 'record') return []
  const below = node.steps.flatMap((step) =>
    step.kind === 'include'
      ? unaskedOf(step.node)
      : step.kind === 'open' && step.what === 'unasked'
        ? [`${quoteText(step.term)} in the SPF record of ${node.domain}`]
        : [],
  )
  return node.redirect === null ? below : [...below, ...unaskedOf(node.redirect)]
}

/** Sound, and still not as it should be. */
function concernsOf(node: SpfNode): readonly string[] {
  if (node.kind !== 'record') return []
  return node.steps.some((step) => step.kind === 'open' && step.what === 'ptr')
    ? [`the SPF record of ${node.domain} uses ptr, which many receivers pass over; name addresses instead`]
    : []
}

/** What becomes of whom nothing matched; null: it is left open. */
function endingOf(node: SpfNode): Qualifier | null {
  if (node.kind !== 'record') return null
  const all = node.steps.find((step) => step.kind === 'all')
  if (all !== undefined) return all.qualifier
  return node.redirect === null ? null : endingOf(node.redirect)
}

function judgeEnding(domain: string, ending: Qualifier | null): readonly string[] {
  if (ending === '+') return [`the SPF record of ${domain} allows everyone (+all); end it with ~all or -all`]
  if (ending === '-' || ending === '~') return []
  return [`the SPF record of ${domain} says nothing about all others; end it with ~all or -all`]
}

export type Verdict = 'pass' | 'fail' | 'unknown'

/** Whether the tree allows an address; unknown where a term before the answer depends on who sends. */
export function allowsAddress(node: SpfNode, ip: string): Verdict {
  if (node.kind !== 'record') return 'unknown'
  let isCertain = true
  for (const step of node.steps) {
    const match = matches(step, ip)
    if (match === 'unknown') isCertain = false
    else if (match === 'pass') return isCertain ? verdictOf(step.qualifier) : 'unknown'
  }
  if (!isCertain) return 'unknown'
  return node.redirect === null ? 'fail' : allowsAddress(node.redirect, ip)
}

function verdictOf(qualifier: Qualifier): Verdict {
  return qualifier === '+' ? 'pass' : 'fail'
}

/** `pass`: the step speaks for the address. */
function matches(step: Step, ip: string): Verdict {
  switch (step.kind) {
    case 'all':
      return 'pass'
    case 'include':
      return allowsAddress(step.node, ip)
    case 'networks': {
      const list = new BlockList()
      for (const { address, bits, family } of step.networks) list.addSubnet(address, bits, family)
      return list.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6') ? 'pass' : 'fail'
    }
    case 'open':
      return 'unknown'
    default:
      return unreachable(step)
  }
}

/** Whether the tree leads to a record of that name. */
export function leadsTo(node: SpfNode, domain: string): boolean {
  if (node.domain === domain) return true
  if (node.kind !== 'record') return false
  const below = node.steps.some((step) => step.kind === 'include' && leadsTo(step.node, domain))
  return below || (node.redirect !== null && leadsTo(node.redirect, domain))
}
