/** DMARC (RFC 7489) of the From domain: is there a policy, and is a message of ours aligned by SPF or DKIM? */

import { isAligned, organisationOf } from '../organisation.js'
import type { Answer, Dns } from './dns.js'
import { type Finding, findingsOf, quoteText } from './finding.js'
import { readTags, type TagList } from './tags.js'

const dmarc = findingsOf('dmarc')
const alignment = findingsOf('alignment')

const POLICIES = ['none', 'quarantine', 'reject'] as const
type PolicyName = (typeof POLICIES)[number]

export type DmarcPolicy =
  | {
      readonly kind: 'policy'
      /** The name its record stands at: the From domain's own, or the organisation's. */
      readonly at: string
      readonly policy: PolicyName
      readonly dkim: 'relaxed' | 'strict'
      readonly spf: 'relaxed' | 'strict'
      readonly reportsTo: string | null
      /** Sentences: what is passed over or taken for something else. */
      readonly concerns: readonly string[]
    }
  | { readonly kind: 'missing'; readonly asked: readonly string[] }
  | { readonly kind: 'several'; readonly at: string; readonly count: number }
  | { readonly kind: 'broken'; readonly at: string; readonly reason: string }
  | { readonly kind: 'unasked'; readonly at: string; readonly cause: string }

/** Section 6.6.3: the domain's own record, else the organisation's. */
export async function findPolicy(fromDomain: string, dns: Dns): Promise<DmarcPolicy> {
  const organisation = organisationOf(fromDomain)
  const names = [...new Set([fromDomain, organisation])].map((domain) => `_dmarc.${domain}`)
  for (const at of names) {
    const answer = await dns.txt(at)
    if (answer.kind === 'unasked') return { kind: 'unasked', at, cause: answer.cause }
    const records = recordsIn(answer)
    if (records.length > 1) return { kind: 'several', at, count: records.length }
    if (records[0] !== undefined)
      return readPolicy(readTags(records[0]), { at, isOwn: at === `_dmarc.${fromDomain}` })
  }
  return { kind: 'missing', asked: names }
}

function recordsIn(answer: Answer<string>): readonly string[] {
  return answer.kind === 'found'
    ? answer.records.filter((text) => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(text))
    : []
}

function readPolicy(
  { tags, odd }: TagList,
  { at, isOwn }: { readonly at: string; readonly isOwn: boolean },
): DmarcPolicy {
  const reportsTo = tags.get('rua') ?? null
  const concerns = odd.map((part) => `${quoteText(part)} is no tag and passed over`)
  const own = tags.get('p')
  // sp= is for the domains below the one that has the record.
  const given = isOwn ? own : (tags.get('sp') ?? own)
  const policy = POLICIES.find((name) => name === given?.toLowerCase())
  if (policy === undefined) {
    const what =
      given === undefined ? 'has no p=' : `has the policy ${quoteText(given, 20)}, which there is not`
    // Section 6.6.3, step 6: a record that asks for reports counts as p=none all the same.
    if (reportsTo === null) return { kind: 'broken', at, reason: what }
    concerns.push(`it ${what} and counts as p=none`)
  }
  for (const name of ['sp', 'np']) {
    const value = tags.get(name)
    if (value !== undefined && !POLICIES.some((known) => known === value.toLowerCase()))
      concerns.push(`${name}=${quoteText(value, 20)} is no policy and passed over`)
  }
  const percent = tags.get('pct')
  if (percent !== undefined && !/^(?:\d\d?|100)$/.test(percent))
    concerns.push(`pct=${quoteText(percent, 20)} is no number from 0 to 100 and passed over`)
  const mode = (name: 'adkim' | 'aspf') => {
    const value = tags.get(name)?.toLowerCase() ?? 'r'
    if (value !== 'r' && value !== 's')
      concerns.push(`${name}=${quoteText(value, 20)} is neither r nor s and counts as r`)
    return value === 's' ? 'strict' : 'relaxed'
  }
  return {
    kind: 'policy',
    at,
    policy: policy ?? 'none',
    dkim: mode('adkim'),
    spf: mode('aspf'),
    reportsTo,
    concerns,
  }
}

export function judgePolicy(found: DmarcPolicy, fromDomain: string): Finding {
  switch (found.kind) {
    case 'unasked':
      return dmarc.unasked(
        `DNS could not be asked for the DMARC policy at ${found.at} (${found.cause}); try again`,
      )
    case 'missing':
      return dmarc.error(
        `${fromDomain} has no DMARC policy; publish a TXT record at _dmarc.${fromDomain} like "v=DMARC1; p=none; rua=mailto:dmarc@${fromDomain}"`,
      )
    case 'several':
      return dmarc.error(
        `${found.count} DMARC policies stand at ${found.at}, which counts as none; leave one`,
      )
    case 'broken':
      return dmarc.error(
        `the DMARC policy at ${found.at} ${found.reason}, which counts as none; write "v=DMARC1; p=none" at least`,
      )
    case 'policy':
      if (found.concerns.length > 0)
        return dmarc.warning(
          `in the DMARC policy at ${found.at} ${found.concerns.join(', and ')}; write it right`,
        )
      if (found.reportsTo === null)
        return dmarc.ok(
          `${found.at} says p=${found.policy}; with rua=mailto:… it would tell you who sends in your name`,
        )
      return dmarc.ok(`${found.at} says p=${found.policy}, and reports are asked for`)
  }
}

export interface AlignmentInput {
  readonly fromDomain: string
  readonly returnPathDomain: string
  /** d= of what signs here. */
  readonly dkimDomains: readonly string[]
  readonly policy: DmarcPolicy
}

/** Without a policy that can be read alignment is relaxed, as it is by default. */
export function judgeAlignment({
  fromDomain,
  returnPathDomain,
  dkimDomains,
  policy,
}: AlignmentInput): Finding {
  const modes = policy.kind === 'policy' ? policy : { dkim: 'relaxed' as const, spf: 'relaxed' as const }
  const signing = dkimDomains.find((domain) => isAligned(domain, fromDomain, modes.dkim))
  const hasReturnPath = isAligned(returnPathDomain, fromDomain, modes.spf)
  if (signing !== undefined)
    return alignment.ok(
      hasReturnPath
        ? `From ${fromDomain} is aligned with the signature of ${signing} and with the return path at ${returnPathDomain}`
        : `From ${fromDomain} is aligned with the signature of ${signing}`,
    )
  if (hasReturnPath)
    return alignment.warning(
      `From ${fromDomain} is aligned with the return path at ${returnPathDomain} alone, which forwarding breaks and a relay may replace; a signature of that domain would hold`,
    )
  return alignment.error(
    `From ${fromDomain} is aligned neither with a signature${dkimDomains.length > 0 ? ` (${dkimDomains.join(', ')})` : ''} nor with the return path at ${returnPathDomain}; sign as ${organisationOf(fromDomain)} or below`,
  )
}
