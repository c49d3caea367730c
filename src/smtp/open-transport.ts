/** The Transport that a URL of SMTP_URL stands for. */

import type { Log } from '../log.js'
import { openRelay } from './relay.js'
import type { TransportSettings } from './smtp-urls.js'
import type { Transport } from './transport.js'

/** Opens no connection yet. */
export function openTransport(settings: TransportSettings, log?: Log): Transport {
  return openRelay(settings, log)
}
