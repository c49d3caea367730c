/** Can the domains that stand in a message take mail? A sender that takes none is refused (RFC 7505 section 4.2). */

import type { Dns } from './dns.js'
import { type Finding, findingsOf } from './finding.js'

const mx = findingsOf('mx')

export interface MailDomain {
  readonly domain: string
  /** Where it stands: `From`, `Reply-To`, `return path`. */
  readonly places: readonly string[]
}

/** Each domain once, with all places it stands in. */
export function mailDomainsOf(
  places: readonly (readonly [place: string, domain: string | null])[],
): readonly MailDomain[] {
  const domains = new Map<string, string[]>()
  for (const [place, domain] of places)
    if (domain !== null) domains.set(domain, [...(domains.get(domain) ?? []), place])
  return [...domains].map(([domain, names]) => ({ domain, places: names }))
}

export async function checkMailDomain({ domain, places }: MailDomain, dns: Dns): Promise<Finding> {
  const whose = `${domain} (${places.join(', ')})`
  const exchanges = await dns.mx(domain)
  if (exchanges.kind === 'unasked')
    return mx.unasked(`DNS could not be asked where ${whose} takes mail (${exchanges.cause}); try again`)
  if (exchanges.kind === 'missing') return judgeHost(domain, whose, dns)
  const named = exchanges.records.filter(({ exchange }) => exchange !== '')
  if (named.length === 0)
    return mx.error(
      `${whose} says that it takes no mail (null MX), so that receivers refuse it as a sender; use a domain that takes mail`,
    )
  if (named.length < exchanges.records.length)
    return mx.warning(`${whose} has a null MX beside others, which is undefined; take it out`)
  const answers = await Promise.all(named.slice(0, 5).map(({ exchange }) => dns.addresses(exchange)))
  const hosts = named.map(({ exchange }) => exchange)
  if (answers.every(({ kind }) => kind === 'missing'))
    return mx.error(
      `${whose} takes mail at ${hosts[0]}, which has no address; publish one, or name another host`,
    )
  return mx.ok(`${whose} takes mail at ${hosts[0]}${hosts.length > 1 ? ` and ${hosts.length - 1} more` : ''}`)
}

/** RFC 5321 section 5.1: without MX the host of that name takes the mail. */
async function judgeHost(domain: string, whose: string, dns: Dns): Promise<Finding> {
  const addresses = await dns.addresses(domain)
  if (addresses.kind === 'unasked')
    return mx.unasked(`DNS could not be asked for ${whose} (${addresses.cause}); try again`)
  if (addresses.kind === 'missing')
    return mx.error(
      `${whose} has neither MX nor address: replies and bounces have nowhere to go, and receivers refuse the sender; publish an MX record`,
    )
  return mx.warning(
    `${whose} has no MX, only an address, which some receivers take for no mail at all; publish an MX`,
  )
}
