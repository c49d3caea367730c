/** Looks at every relay of SMTP_URL from near: TLS, certificate, login. */

import { isInner } from '../address-range.js'
import type { Config } from '../config.js'
import type { Dns } from '../doctor/dns.js'
import type { RelayLook } from '../doctor/relay.js'
import { findHost } from '../doctor/sending-host.js'
import { InputError } from '../errors.js'
import { openTransport } from '../smtp/open-transport.js'
import { lookAtRelay } from '../smtp/relay-look.js'
import type { RelaySettings } from '../smtp/relay-url.js'
import type { TransportSettings } from '../smtp/smtp-urls.js'
import { readRelays } from './relays.js'

/** Empty without SMTP_URL; an InputError when it can't be read. */
export function readRelaysOr({
  smtpUrl,
}: Pick<Config, 'smtpUrl'>): readonly TransportSettings[] | InputError {
  try {
    return smtpUrl === null ? [] : readRelays(smtpUrl)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}

export function lookAtRelays(relays: readonly TransportSettings[], dns: Dns): Promise<readonly RelayLook[]> {
  return Promise.all(relays.map((settings) => look(settings, dns)))
}

async function look(settings: TransportSettings, dns: Dns): Promise<RelayLook> {
  const takesRest = settings.takes.length === 0
  const seen = settings.kind === 'smtp' ? await lookAtSmtp(settings, dns) : await tryOut(settings)
  return seen instanceof InputError
    ? {
        kind: 'refused',
        name: settings.name,
        takesRest,
        message: seen.problems.map(({ message }) => message).join('; '),
      }
    : { ...seen, name: settings.name, takesRest }
}

type Seen =
  | Omit<Extract<RelayLook, { kind: 'taken' }>, 'name' | 'takesRest'>
  | Omit<Extract<RelayLook, { kind: 'usable' }>, 'name' | 'takesRest'>

async function lookAtSmtp(settings: RelaySettings, dns: Dns): Promise<Seen | InputError> {
  const session = await lookAtRelay(settings)
  if (session instanceof InputError) return session
  const { addresses } = await findHost(settings.host, dns)
  return {
    kind: 'taken',
    tls: session.tls,
    hasLogin: settings.login !== null,
    isInner: addresses.kind === 'found' && addresses.records.every(isInner),
  }
}

/** What is no SMTP server says only whether it can be used. */
async function tryOut(settings: TransportSettings): Promise<Seen | InputError> {
  const transport = openTransport(settings)
  try {
    await transport.verify()
    return { kind: 'usable' }
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  } finally {
    await transport.close()
  }
}
