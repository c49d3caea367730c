/** `pressrun doctor`: what stands in the way of a live Send. It sends nothing. */

import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { examine } from '../app/examine.js'
import type { Config } from '../config.js'
import { openDns } from '../doctor/dns.js'
import type { Finding } from '../doctor/finding.js'
import type { Examination } from '../doctor/print.js'
import { InputError } from '../errors.js'

/** A try; a resolver that is away is given up after two. */
const DNS_TIMEOUT_MS = 3_000
const DNS_TRIES = 2

export interface DoctorAnswer {
  readonly live: boolean
  /** Whether a live Send would go out and not be refused by a large provider. */
  readonly ready: boolean
  readonly findings: readonly Finding[]
}

/** `dnsServer` null: those of this machine. `relaySigns`: the relay is said to sign with DKIM. */
export async function doctorCommand(
  config: Config,
  { dnsServer, relaySigns }: { readonly dnsServer: string | null; readonly relaySigns: boolean },
): Promise<Examination> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })
  if (dnsServer !== null) resolver.setServers([dnsServer])
  return examine(config, { dns: openDns(resolver), now: Date.now, relaySigns })
}

export function toAnswer({ isLive, isReady, findings }: Examination): DoctorAnswer {
  return { live: isLive, ready: isReady, findings }
}

/** `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`. Throws InputError. */
export function readDnsServer(text: string): string {
  const match = /^(?:\[([^\]]+)\]|([^:]+|[^[\]]+?))(?::(\d{1,5}))?$/.exec(text)
  const address = isIP(text) !== 0 ? text : (match?.[1] ?? match?.[2] ?? '')
  if (isIP(address) === 0 || Number(match?.[3] ?? 53) > 65_535)
    throw new InputError(
      `--dns: "${text}" is no address of a DNS server; write one like 192.0.2.53 or 192.0.2.53:5353`,
    )
  return text
}
