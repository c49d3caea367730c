/** What is outside: the sender's DNS, the relays, the public URL. */

import { createPublicKey, randomBytes } from 'node:crypto'
import type { Config } from '../config.js'
import type { OtherClock } from '../doctor/clock.js'
import type { SigningKey } from '../doctor/dkim.js'
import type { Dns } from '../doctor/dns.js'
import { type Finding, findingsOf } from '../doctor/finding.js'
import { judgeRelays } from '../doctor/relay.js'
import { checkSender } from '../doctor/sender.js'
import { judgeSite } from '../doctor/site.js'
import { InputError } from '../errors.js'
import type { Publication } from '../issue/publication.js'
import type { Keys } from '../link/token.js'
import { findSigningKeys } from '../send/dkim/signer.js'
import type { TransportSettings } from '../smtp/smtp-urls.js'
import type { Announcement } from './announcement.js'
import { lookAtRelays, readRelaysOr } from './relay-looks.js'
import { isShared } from './ring.js'
import { readSigningKeys } from './signing.js'
import { lookAtSite } from './site-look.js'

export interface WorldContext {
  readonly dns: Dns
  readonly now: () => number
  /** A person says that the relay signs with DKIM. */
  readonly relaySigns?: boolean
}

export async function examineSender(
  config: Config,
  {
    publication: { from, replyTo },
    dns,
    relaySigns = false,
  }: WorldContext & { readonly publication: Publication },
): Promise<readonly Finding[]> {
  if (from === null)
    return [
      findingsOf('from').error(
        'issues/newsletter.yaml: "from" is missing; write from: Name <address@example.org>',
      ),
    ]
  const fromDomain = domainOf(from.address)
  const signing = readKeysFor(fromDomain, config)
  if (signing instanceof InputError) return [findingsOf('dkim').error(signing.message)]
  const relays = readRelaysOr(config)
  const sender = {
    fromDomain,
    replyToDomain: replyTo === null ? null : domainOf(replyTo.address),
    // Without one it is the From address itself (send/message.ts).
    returnPathDomain: config.returnPath?.domain ?? fromDomain,
    keys: signing.keys,
    relaySigns,
    relayHosts: relays instanceof InputError ? [] : relays.flatMap(hostsOf),
  }
  return [
    ...(await checkSender(sender, dns)),
    ...signing.warnings.map((warning) => findingsOf('dkim').warning(warning)),
  ]
}

/** What receivers judge; a sendmail of this machine hands on to who knows where. */
function hostsOf(relay: TransportSettings): readonly string[] {
  switch (relay.kind) {
    case 'smtp':
      return [relay.host]
    case 'ses':
      return [`email.${relay.region}.amazonaws.com`]
    case 'sendmail':
      return []
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** The keys that sign messages from a domain, and what is to be mended about any. */
function readKeysFor(
  fromDomain: string,
  config: Config,
): { readonly keys: readonly SigningKey[]; readonly warnings: readonly string[] } | InputError {
  try {
    const { signing, warnings } = readSigningKeys(config)
    const keys = findSigningKeys(signing, fromDomain).map(({ domain, selector, privateKey }) => ({
      domain,
      selector,
      publicKey: createPublicKey(privateKey),
    }))
    return { keys, warnings }
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}

export async function examineRelays(config: Config, { dns, now }: WorldContext): Promise<readonly Finding[]> {
  const relays = readRelaysOr(config)
  if (relays instanceof InputError) return [findingsOf('relay').error(relays.message)]
  return judgeRelays(await lookAtRelays(relays, dns), now())
}

export interface SiteContext {
  readonly publicUrl: string | null
  /** Null when there is no secret to compare with. */
  readonly keys: Keys | null
  /** The engine that runs on this root. */
  readonly engine: Announcement | null
  readonly now: () => number
}

export async function examineSite(
  config: Config,
  { publicUrl, keys, engine, now }: SiteContext,
): Promise<{ readonly findings: readonly Finding[]; readonly clock: OtherClock | null }> {
  if (publicUrl === null) {
    const message =
      'PUBLIC_URL is missing; set it, or public-url in issues/newsletter.yaml, to an https URL that leads to the engine'
    return { findings: [findingsOf('web').error(message)], clock: null }
  }
  const { look, date } = await lookAtSite(publicUrl, { keys, nonce: randomBytes(16).toString('hex'), now })
  const isEngineHere = isShared(config) ? null : engine !== null
  return {
    findings: judgeSite({ publicUrl, look, isEngineHere }),
    clock: date === null ? null : { whose: new URL(publicUrl).host, aheadMs: date.asked - date.theirs },
  }
}
