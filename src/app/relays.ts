/** The relays that SMTP_URL names, opened and put together; what is wrong with one of them, said where people look. */

import { InputError } from '../errors.js'
import type { Log } from '../log.js'
import { LANE_NAMES } from '../send/lane.js'
import type { Budget } from '../send/pace/budget.js'
import { makeRelays, type Relays } from '../send/relays.js'
import { openTransport } from '../smtp/open-transport.js'
import { readSmtpUrls, type TransportSettings } from '../smtp/smtp-urls.js'
import type { Trouble } from './trouble.js'

/** Throws InputError for what can't be read, and for a lane that is none. */
export function readRelays(smtpUrl: string): readonly TransportSettings[] {
  const relays = readSmtpUrls(smtpUrl)
  const unknown = relays.flatMap(({ takes }) => takes.filter((name) => !name.includes('.') && !isLane(name)))
  if (unknown.length > 0)
    throw new InputError(
      unknown.map((name) => ({
        where: 'SMTP_URL',
        line: null,
        message: `for=${name} names no lane; lanes are ${LANE_NAMES.join(', ')}, and a domain has a dot`,
      })),
    )
  return relays
}

/** Opens no connection yet. */
export function openRelays({
  settings,
  budgetOf,
  log,
  trouble,
}: {
  readonly settings: readonly TransportSettings[]
  /** By name. */
  readonly budgetOf: (relay: string) => Budget | undefined
  readonly log: Log
  readonly trouble: Pick<Trouble, 'say'>
}): Relays {
  const shut = new Map<string, string>()
  const say = () => trouble.say('relay', describe(shut, settings.length))
  return makeRelays({
    relays: settings.map((one) => {
      const budget = budgetOf(one.name)
      return { ...one, transport: openTransport(one, log), ...(budget ? { budget } : {}) }
    }),
    monotonic: () => performance.now(),
    onShut(relay, cause, isFirst) {
      if (isFirst) log.warn({ relay, cause }, 'the relay takes no messages; it is tried again by itself')
      shut.set(relay, cause)
      say()
    },
    onOpen(relay) {
      log.info({ relay }, 'the relay takes messages again')
      shut.delete(relay)
      say()
    },
  })
}

/** Null when none is shut. */
function describe(shut: ReadonlyMap<string, string>, of: number): string | null {
  if (shut.size === 0) return null
  const each = [...shut].map(([relay, cause]) => `${relay} takes no messages (${cause})`)
  const rest = shut.size < of ? '; the others take its share meanwhile' : ''
  return `${each.join(', ')}; it is tried again by itself${rest}`
}

function isLane(name: string): boolean {
  return LANE_NAMES.includes(name)
}
