/** All that DNS says about who sends: the checks in the order in which a receiver makes them. */

import { judgeKey, judgeUnsigned, recordNameOf, type SigningKey } from './dkim.js'
import { findPolicy, judgeAlignment, judgePolicy } from './dmarc.js'
import type { Dns } from './dns.js'
import type { Finding } from './finding.js'
import { checkMailDomain, mailDomainsOf } from './mail-domain.js'
import { checkReverse, findHost, judgeAllowance } from './sending-host.js'
import { judgeSpf } from './spf.js'
import { readSpfTree } from './spf-tree.js'

export interface Sender {
  /** Domains in A-labels. */
  readonly fromDomain: string
  readonly replyToDomain: string | null
  readonly returnPathDomain: string
  /** Those that sign messages from the From domain. */
  readonly keys: readonly SigningKey[]
  /** A person says that the relay signs for the From domain. */
  readonly relaySigns: boolean
  /** Hosts of the relays. */
  readonly relayHosts: readonly string[]
}

export async function checkSender(sender: Sender, dns: Dns): Promise<readonly Finding[]> {
  const { fromDomain, replyToDomain, returnPathDomain, keys, relaySigns, relayHosts } = sender
  const places = [
    ['From', fromDomain],
    ['Reply-To', replyToDomain],
    ['return path', returnPathDomain],
  ] as const
  const [tree, policy, hosts, exchanges, signatures] = await Promise.all([
    readSpfTree(returnPathDomain, dns),
    findPolicy(fromDomain, dns),
    Promise.all([...new Set(relayHosts)].map((host) => findHost(host, dns))),
    Promise.all(mailDomainsOf(places).map((domain) => checkMailDomain(domain, dns))),
    Promise.all(keys.map(async (key) => judgeKey(key, await dns.txt(recordNameOf(key))))),
  ])
  const spf = judgeSpf(tree)
  const isSound = spf.every(({ level }) => level !== 'error') && tree.root.kind === 'record'
  const reverse = await Promise.all(hosts.map((host) => checkReverse(host, { fromDomain, dns })))
  return [
    ...spf,
    ...(isSound ? hosts.map((host) => judgeAllowance(host, tree.root)) : []),
    ...(keys.length === 0 ? [judgeUnsigned(fromDomain, { relaySigns })] : signatures),
    judgePolicy(policy, fromDomain),
    judgeAlignment({
      fromDomain,
      returnPathDomain,
      dkimDomains: [...new Set([...keys.map(({ domain }) => domain), ...(relaySigns ? [fromDomain] : [])])],
      policy,
    }),
    ...exchanges,
    ...reverse.flat(),
  ]
}
