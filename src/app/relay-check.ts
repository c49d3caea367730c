/** Tries the relay once, before anyone is placed: a wrong password is better known then. */

import type { Config } from '../config.js'
import { openRelay } from '../smtp/relay.js'

/** Throws InputError with a sentence that says what to mend. Nothing to try without SMTP_URL. */
export async function checkRelay({ smtpUrl }: Pick<Config, 'smtpUrl'>): Promise<void> {
  if (smtpUrl === null) return
  const relay = openRelay({ url: smtpUrl })
  try {
    await relay.verify()
  } finally {
    await relay.close()
  }
}
