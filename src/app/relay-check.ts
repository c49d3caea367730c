/** What commands ask of the relay beforehand: a wrong password is better known before anyone is placed. */

import type { Config } from '../config.js'
import { openRelay } from '../smtp/relay.js'
import { readReplyTimeout } from '../smtp/relay-url.js'

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

/** How long a reply of the relay may take, ms: until then a true one may still come. */
export function replyTimeoutMs({ smtpUrl }: Pick<Config, 'smtpUrl'>): number {
  return readReplyTimeout(smtpUrl)
}
