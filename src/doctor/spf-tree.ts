/**
 * An SPF record with everything it leads to, asked of DNS: includes, redirects, hosts. Bounded: a record may name itself,
 * or a hundred others.
 */

import { isIPv4 } from 'node:net'
import type { Answer, Dns } from './dns.js'
import { isSpf, type Mechanism, type Network, type Qualifier, readSpf } from './spf-record.js'

/** RFC 7208 section 4.6.4. */
export const MAX_LOOKUPS = 10
export const MAX_VOID_LOOKUPS = 2
/** Beyond it nothing is asked any more: how far over the limit a record is interests nobody. */
const MAX_ASKED = 20
/** Names of one `mx` that are asked for; more is an error as well. */
const MAX_EXCHANGES = 10

export interface SpfTree {
  readonly root: SpfNode
  /** Terms that ask DNS, in the whole of it: what a receiver asks about a sender who is not allowed. */
  readonly lookups: number
  /** Those of them that found nothing. */
  readonly voids: number
}

export type SpfNode =
  | {
      readonly kind: 'record'
      readonly domain: string
      readonly text: string
      readonly steps: readonly Step[]
      readonly redirect: SpfNode | null
    }
  /** `open`: which record it is depends on who sends. */
  | { readonly kind: 'missing' | 'loop' | 'beyond' | 'open'; readonly domain: string }
  | { readonly kind: 'several'; readonly domain: string; readonly count: number }
  | { readonly kind: 'broken'; readonly domain: string; readonly reason: string }
  | { readonly kind: 'unasked'; readonly domain: string; readonly cause: string }

/** A mechanism with what it stands for. */
export type Step =
  | { readonly kind: 'all'; readonly qualifier: Qualifier }
  | { readonly kind: 'networks'; readonly qualifier: Qualifier; readonly networks: readonly Network[] }
  | { readonly kind: 'include'; readonly qualifier: Qualifier; readonly node: SpfNode }
  /** Depends on who sends (`exists`, `ptr`, macros), or could not be asked (`unasked`). */
  | {
      readonly kind: 'open'
      readonly qualifier: Qualifier
      readonly what: 'sender' | 'ptr' | 'unasked'
      readonly term: string
    }

interface Walk {
  readonly dns: Dns
  lookups: number
  voids: number
}

export async function readSpfTree(domain: string, dns: Dns): Promise<SpfTree> {
  const walk: Walk = { dns, lookups: 0, voids: 0 }
  const root = await readNode(domain, walk, [])
  return { root, lookups: walk.lookups, voids: walk.voids }
}

async function readNode(domain: string, walk: Walk, above: readonly string[]): Promise<SpfNode> {
  const name = domain.toLowerCase().replace(/\.$/, '')
  if (above.includes(name)) return { kind: 'loop', domain: name }
  if (walk.lookups > MAX_ASKED) return { kind: 'beyond', domain: name }
  const answer = await walk.dns.txt(name)
  if (answer.kind === 'unasked') return { kind: 'unasked', domain: name, cause: answer.cause }
  const records = answer.kind === 'found' ? answer.records.filter(isSpf) : []
  const [text] = records
  if (text === undefined) return { kind: 'missing', domain: name }
  if (records.length > 1) return { kind: 'several', domain: name, count: records.length }
  const record = readSpf(text)
  if (record.kind === 'broken') return { kind: 'broken', domain: name, reason: record.reason }
  const place = { domain: name, walk, above: [...above, name] }
  const steps: Step[] = []
  // One after the other: what is asked in which order is what the limit counts.
  for (const mechanism of record.mechanisms) steps.push(await readStep(mechanism, place))
  return {
    kind: 'record',
    domain: name,
    text,
    steps,
    redirect: record.redirect === null ? null : await follow(record.redirect, place),
  }
}

interface Place {
  readonly domain: string
  readonly walk: Walk
  readonly above: readonly string[]
}

async function readStep(mechanism: Mechanism, place: Place): Promise<Step> {
  const { qualifier } = mechanism
  switch (mechanism.kind) {
    case 'all':
      return { kind: 'all', qualifier }
    case 'ip':
      return { kind: 'networks', qualifier, networks: [mechanism.network] }
    case 'include':
      if (isMacro(mechanism.domain)) return openStep(mechanism, place)
      return { kind: 'include', qualifier, node: await follow(mechanism.domain, place) }
    case 'a':
    case 'mx':
      return readHosts(mechanism, place)
    default:
      return openStep(mechanism, place)
  }
}

/** Counted, and left open. */
function openStep({ kind, qualifier, ...rest }: Mechanism, { walk }: Place): Step {
  walk.lookups += 1
  const domain = 'domain' in rest ? rest.domain : null
  return {
    kind: 'open',
    qualifier,
    what: kind === 'ptr' ? 'ptr' : 'sender',
    term: domain === null ? kind : `${kind}:${domain}`,
  }
}

async function follow(domain: string, { walk, above }: Place): Promise<SpfNode> {
  walk.lookups += 1
  if (isMacro(domain)) return { kind: 'open', domain }
  const node = await readNode(domain, walk, above)
  if (node.kind === 'missing') walk.voids += 1
  return node
}

async function readHosts(mechanism: Extract<Mechanism, { kind: 'a' | 'mx' }>, place: Place): Promise<Step> {
  const { walk } = place
  const domain = mechanism.domain ?? place.domain
  if (isMacro(domain)) return openStep(mechanism, place)
  walk.lookups += 1
  if (walk.lookups > MAX_ASKED) return { ...openOf(mechanism, domain), what: 'unasked' }
  const answer =
    mechanism.kind === 'a' ? await walk.dns.addresses(domain) : await exchangesOf(domain, walk.dns)
  if (answer.kind === 'unasked') return { ...openOf(mechanism, domain), what: 'unasked' }
  if (answer.kind === 'missing') walk.voids += 1
  const { bits, qualifier } = mechanism
  const addresses = answer.kind === 'found' ? answer.records : []
  return {
    kind: 'networks',
    qualifier,
    networks: addresses.map((address) => {
      const family = isIPv4(address) ? 'ipv4' : 'ipv6'
      return { address, family, bits: bits[family] }
    }),
  }
}

function openOf({ kind, qualifier }: Mechanism, domain: string) {
  return { kind: 'open', qualifier, term: `${kind}:${domain}` } as const
}

async function exchangesOf(domain: string, dns: Dns): Promise<Answer<string>> {
  const exchanges = await dns.mx(domain)
  if (exchanges.kind !== 'found') return exchanges
  const named = exchanges.records.filter(({ exchange }) => exchange !== '').slice(0, MAX_EXCHANGES)
  const answers = await Promise.all(named.map(({ exchange }) => dns.addresses(exchange)))
  const records = answers.flatMap((answer) => (answer.kind === 'found' ? answer.records : []))
  const unasked = answers.find(({ kind }) => kind === 'unasked')
  return records.length === 0 && unasked !== undefined ? unasked : { kind: 'found', records }
}

/** Section 7: `%{i}` and the like stand for the sender's address or name. */
function isMacro(domain: string): boolean {
  return domain.includes('%')
}
