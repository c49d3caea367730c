/** The Transport that a URL of SMTP_URL stands for. */

import { unreachable } from '../errors.js'
import type { Log } from '../log.js'
import { openRelay } from './relay.js'
import { openSendmail } from './sendmail.js'
import { openSes } from './ses.js'
import type { TransportSettings } from './smtp-urls.js'
import type { Transport } from './transport.js'

/** Opens no connection yet. */
export function openTransport(settings: TransportSettings, log?: Log): Transport {
  switch (settings.kind) {
    case 'smtp':
      return openRelay(settings, log)
    case 'sendmail':
      return openSendmail(settings)
    case 'ses':
      return openSes(settings)
    default:
      return unreachable(settings)
  }
}
