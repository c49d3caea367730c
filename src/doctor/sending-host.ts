/**
 * The relay as the world sees it: does SPF allow it, and has its address a name that leads back (FCrDNS)? Known from here
 * is only where it takes mail in; that it sends from there too is likely for a machine of one's own, and nothing more.
 */

import { isIP } from 'node:net'
import { isInner } from '../address-range.js'
import { organisationOf } from '../organisation.js'
import type { Answer, Dns } from './dns.js'
import { type Finding, findingsOf } from './finding.js'
import { allowsAddress, leadsTo } from './spf.js'
import type { SpfNode } from './spf-tree.js'

const spf = findingsOf('spf')
const ptr = findingsOf('ptr')

/** What providers tell their customers to include: the host's ending, and the name. From their documentation. */
const PROVIDERS: readonly (readonly [host: string, include: string])[] = [
  ['.amazonaws.com', 'amazonses.com'],
  ['.sendgrid.net', 'sendgrid.net'],
  ['.mailgun.org', 'mailgun.org'],
  ['.postmarkapp.com', 'spf.mtasv.net'],
  ['.mailjet.com', 'spf.mailjet.com'],
  ['.sparkpostmail.com', 'sparkpostmail.com'],
  ['.brevo.com', 'spf.brevo.com'],
  ['.mandrillapp.com', 'spf.mandrillapp.com'],
  ['.gmail.com', '_spf.google.com'],
  ['.office365.com', 'spf.protection.outlook.com'],
  ['.protection.outlook.com', 'spf.protection.outlook.com'],
]

export interface SendingHost {
  readonly host: string
  readonly addresses: Answer<string>
}

export async function findHost(host: string, dns: Dns): Promise<SendingHost> {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0) return { host, addresses: { kind: 'found', records: [bare] } }
  if (host === 'localhost') return { host, addresses: { kind: 'found', records: ['127.0.0.1'] } }
  return { host, addresses: await dns.addresses(host) }
}

/** `root`: the SPF record of the return path's domain, found sound. */
export function judgeAllowance({ host, addresses }: SendingHost, root: SpfNode): Finding {
  const provider = PROVIDERS.find(([ending]) => `.${host}`.endsWith(ending))
  if (provider !== undefined) {
    const [, include] = provider
    return leadsTo(root, include)
      ? spf.ok(`the SPF record of ${root.domain} includes ${include}, which ${host} sends from`)
      : spf.warning(
          `the SPF record of ${root.domain} does not include ${include}, which ${host} sends from; add include:${include}, unless the relay replaces the return path by one of its own`,
        )
  }
  if (addresses.kind !== 'found')
    return spf.note(`where ${host} sends from can't be seen from here; SPF has to allow that address`)
  const outer = addresses.records.filter((ip) => !isInner(ip))
  if (outer.length === 0)
    return spf.note(
      `${host} is in this network, and the address that receivers see can't be told from here; the SPF record of ${root.domain} has to allow it`,
    )
  const allowed = outer.filter((ip) => allowsAddress(root, ip) === 'pass')
  if (allowed.length > 0)
    return spf.ok(
      `the SPF record of ${root.domain} allows ${host} (${allowed[0]}); whether it sends from there alone, whoever runs it knows`,
    )
  if (outer.some((ip) => allowsAddress(root, ip) === 'unknown'))
    return spf.note(
      `whether the SPF record of ${root.domain} allows ${host} (${outer[0]}) depends on terms that can't be judged from here`,
    )
  return spf.warning(
    `the SPF record of ${root.domain} does not allow ${host} (${outer[0]}); add it, or what whoever runs it names, unless it sends from elsewhere`,
  )
}

/** Only of a relay of one's own: under the From domain's organisation. Others answer for themselves. */
export async function checkReverse(
  { host, addresses }: SendingHost,
  { fromDomain, dns }: { readonly fromDomain: string; readonly dns: Dns },
): Promise<readonly Finding[]> {
  const isOurs = organisationOf(host) === organisationOf(fromDomain)
  const outer = addresses.kind === 'found' ? addresses.records.filter((ip) => !isInner(ip)) : []
  if (addresses.kind === 'unasked')
    return [ptr.unasked(`DNS could not be asked for ${host} (${addresses.cause}); try again`)]
  if (outer.length === 0)
    return [
      ptr.note(
        `the address that receivers see of ${host} can't be told from here; it has to have a name that leads back to it`,
      ),
    ]
  if (!isOurs) return [ptr.note(`the names of ${host}'s addresses are the care of whoever runs it`)]
  return Promise.all(outer.slice(0, 8).map((ip) => checkName(ip, host, dns)))
}

/** Forward-confirmed: the address has a name, and the name has the address. */
async function checkName(ip: string, host: string, dns: Dns): Promise<Finding> {
  const names = await dns.names(ip)
  if (names.kind === 'unasked')
    return ptr.unasked(`DNS could not be asked for the name of ${ip} (${names.cause}); try again`)
  if (names.kind === 'missing')
    return ptr.error(`${ip} (${host}) has no name; have its provider set the PTR record to ${host}`)
  const answers = await Promise.all(names.records.slice(0, 5).map((name) => dns.addresses(name)))
  const confirmed = names.records.find((_, at) => {
    const answer = answers[at]
    return answer?.kind === 'found' && answer.records.some((one) => sameAddress(one, ip))
  })
  const [name = ''] = names.records
  if (confirmed === undefined && answers.some(({ kind }) => kind === 'unasked'))
    return ptr.unasked(`DNS could not be asked whether ${name} leads back to ${ip}; try again`)
  if (confirmed === undefined)
    return ptr.error(`${ip} (${host}) is named ${name}, which does not lead back to it; make the two agree`)
  if (isGeneric(confirmed, ip))
    return ptr.warning(
      `${ip} is named ${confirmed}, which looks like a line at home; have its provider name it ${host}`,
    )
  return ptr.ok(`${ip} is named ${confirmed}, which leads back to it`)
}

function sameAddress(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase()
}

/** The name is made of the address, as those of dial-in lines are. */
function isGeneric(name: string, ip: string): boolean {
  const parts = ip.split('.')
  if (parts.length !== 4) return false
  const [forward, backward] = [parts, [...parts].reverse()].map((list) => list.join('-'))
  const flat = name.replaceAll('.', '-')
  return flat.includes(forward ?? ip) || flat.includes(backward ?? ip)
}
