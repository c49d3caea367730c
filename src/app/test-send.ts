/**
 * The way of a test send: through the relays of SMTP_URL, or into the inbox of this machine, which this process opens for it,
 * beside an engine's. Nothing of it is written down: no Send, no Attempt, no share in a limit.
 */

import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../config.js'
import { openLog } from '../log.js'
import { laneOf } from '../send/lane.js'
import type { RelayedReply } from '../send/relays.js'
import { openInbox } from '../smtp/inbox.js'
import type { TransportSettings } from '../smtp/smtp-urls.js'
import type { WireMessage } from '../smtp/transport.js'
import { openRelays, readRelays } from './relays.js'
import { openSigner } from './signing.js'

export interface TestWay {
  /** One at a time, and no faster than a relay says of itself. */
  send(message: WireMessage): Promise<RelayedReply>
  /** Where the inbox of this machine keeps what it took with that reply; null: it is elsewhere. */
  keptFile(reply: RelayedReply): string | null
  close(): Promise<void>
}

/** Names of the relays that a test goes through; empty: to the inbox of this machine. */
export function testRelays({ smtpUrl }: Pick<Config, 'smtpUrl'>): readonly string[] {
  return smtpUrl === null ? [] : readRelays(smtpUrl).map(({ name }) => name)
}

/** Throws InputError for what can't be read. From `stop` on nothing begins, and what is under way is cut off. */
export async function openTestWay(config: Config, stop: AbortSignal): Promise<TestWay> {
  // What becomes of each message is its answer.
  const log = openLog('silent')
  const sign = openSigner(config, log)
  const inbox =
    config.smtpUrl === null ? await openInbox({ folder: path.join(config.dataDir, 'inbox') }) : null
  const settings = readRelays(config.smtpUrl ?? `${inbox?.url}?maxConnections=1`)
  const trouble = { say: () => {} }
  const relays = openRelays({ settings, budgetOf: () => undefined, log, trouble })
  const pauseMs = pauseOf(settings)
  const cut = () => void relays.close({ withinMs: 0 })
  stop.addEventListener('abort', cut)
  // What has ended already tells nobody.
  if (stop.aborted) cut()
  let isFirst = true
  return {
    async send(message) {
      if (!isFirst) await wait(pauseMs, undefined, { signal: stop }).catch(() => {})
      isFirst = false
      const lane = laneOf(message.envelope.to.slice(message.envelope.to.lastIndexOf('@') + 1).toLowerCase())
      return relays.send(await sign(message), { lane, beforeEnd: async () => true })
    },
    keptFile(reply) {
      const file = inbox === null || reply.kind !== 'replied' ? null : /\b(\d+\.eml)$/.exec(reply.text)?.[1]
      return file ? path.join(config.dataDir, 'inbox', file) : null
    },
    async close() {
      stop.removeEventListener('abort', cut)
      await relays.close()
      await inbox?.close()
    },
  }
}

/** Ms between two messages: of the slowest. */
function pauseOf(settings: readonly TransportSettings[]): number {
  return Math.max(0, ...settings.map(({ perSecond }) => (perSecond === null ? 0 : 1000 / perSecond)))
}
