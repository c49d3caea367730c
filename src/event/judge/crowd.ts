/**
 * Crowd: many recipients of one Send whose Hits come from one network, with one user agent, within one minute. A filter
 * that looks through a company's mail does that; so do, now and then, the people of a company. The minute is a fixed one
 * of the clock, so that the order in which Hits arrive changes nothing.
 */

import { readAgent } from './agent.js'
import type { JudgedHit } from './judge.js'

/** Distinct Deliveries of one Send with the same key. */
export const CROWD_OF = 25
export const CROWD_MINUTE_MS = 60_000

type CrowdHit = Pick<JudgedHit, 'kind' | 'method' | 'userAgent' | 'network' | 'at'>

/**
 * What members of a crowd have in common; null for a Hit that no crowd says anything of. Proxies of mailbox providers ask
 * for thousands of readers from one network.
 */
export function crowdKey({ kind, method, userAgent, network, at }: CrowdHit): string | null {
  if (network === '' || method !== 'GET' || (kind !== 'open' && kind !== 'click')) return null
  const agent = readAgent(userAgent)
  if (agent === 'image-proxy' || agent === 'privacy-proxy') return null
  return `${Math.floor(at / CROWD_MINUTE_MS)} ${network} ${userAgent}`
}
