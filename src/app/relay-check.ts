/** What commands ask of the relays beforehand: a wrong password is better known before anyone is placed. */

import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import { readReplyTimeout } from '../smtp/smtp-urls.js'

/**
 * Tries each once. Throws InputError with a sentence for each that says what to mend, when no relay can be used that
 * takes the rest; one that can't beside another that can is told to `say`. Nothing to try without SMTP_URL.
 */
export async function checkRelays(
  { smtpUrl }: Pick<Config, 'smtpUrl'>,
  say: (sentence: string) => void,
): Promise<void> {
  if (smtpUrl === null) return
  const { openTransport } = await import('../smtp/open-transport.js')
  const { readRelays } = await import('./relays.js')
  const tries = await Promise.all(
    readRelays(smtpUrl).map(async (settings) => {
      const relay = openTransport(settings)
      try {
        await relay.verify()
        return { settings, problem: null }
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        return { settings, problem: error }
      } finally {
        await relay.close()
      }
    }),
  )
  const failed = tries.flatMap(({ problem }) => (problem === null ? [] : [problem]))
  const isServed = tries.some(({ settings, problem }) => problem === null && settings.takes.length === 0)
  if (!isServed)
    throw new InputError(
      failed.flatMap(({ problems }) => problems),
      { cause: failed[0] },
    )
  for (const problem of failed) say(`${problem.message}; the other relays take its share`)
}

/** How long a reply of a relay may take, ms: until then a true one may still come. */
export function replyTimeoutMs({ smtpUrl }: Pick<Config, 'smtpUrl'>): number {
  return readReplyTimeout(smtpUrl)
}
