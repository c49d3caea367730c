/** Looks at every relay of SMTP_URL from near: TLS, certificate, login. */

import type { Config } from '../config.js'
import { isInner } from '../doctor/address-range.js'
import type { Dns } from '../doctor/dns.js'
import type { RelayLook } from '../doctor/relay.js'
import { findHost } from '../doctor/sending-host.js'
import { InputError } from '../errors.js'
import { lookAtRelay } from '../smtp/relay-look.js'
import { type RelaySettings, readRelayUrl } from '../smtp/relay-url.js'

/** Null where SMTP_URL can't be read, with why. */
export function readRelays({ smtpUrl }: Pick<Config, 'smtpUrl'>): readonly RelaySettings[] | InputError {
  try {
    return smtpUrl === null ? [] : [readRelayUrl(smtpUrl)]
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}

export function lookAtRelays(relays: readonly RelaySettings[], dns: Dns): Promise<readonly RelayLook[]> {
  return Promise.all(relays.map((settings) => look(settings, dns)))
}

async function look(settings: RelaySettings, dns: Dns): Promise<RelayLook> {
  const { name, host, login } = settings
  const session = await lookAtRelay(settings)
  if (session instanceof InputError)
    return { kind: 'refused', name, message: session.problems.map(({ message }) => message).join('; ') }
  const { addresses } = await findHost(host, dns)
  return {
    kind: 'taken',
    name,
    tls: session.tls,
    hasLogin: login !== null,
    isInner: addresses.kind === 'found' && addresses.records.every(isInner),
  }
}
