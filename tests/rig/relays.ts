/** Several relays, a scripted server behind each, on a clock that stands still until a test puts it on. */

import { expect } from 'vitest'
import type { Budget } from '../../src/send/pace/budget.js'
import {
  makeRelays,
  type RelayedReply,
  type RelayOptions,
  type Relays,
  type RelaysOptions,
} from '../../src/send/relays.js'
import { openTransport } from '../../src/smtp/open-transport.js'
import { readSmtpUrls } from '../../src/smtp/smtp-urls.js'
import { letter } from './letter.js'
import { type Script, type ScriptedSmtp, startScriptedSmtp } from './scripted-smtp.js'

/** A server that takes nobody. */
export const CLOSED: NonNullable<Script['act']> = ({ phase }) =>
  phase === 'CONNECT' ? { say: ['421 4.3.2 closed for the night'], thenCut: true } : null

export interface Place {
  readonly script?: Script
  /** Of its URL: `weight=3`. */
  readonly query?: string
}

export interface RelayPlace {
  /** ms; of what a relay that is shut waits for. */
  time: number
  /** What happened to the relays: `2 shut`, `2 open`. */
  readonly said: readonly string[]
  connect(
    places: readonly Place[],
    options?: Partial<Pick<RelaysOptions, 'stallMs' | 'monotonic'>> & {
      readonly budgets?: readonly Budget[]
    },
  ): Promise<{ readonly servers: readonly ScriptedSmtp[]; readonly relays: Relays }>
  close(): Promise<void>
}

export function openRelayPlace(): RelayPlace {
  const open: (() => Promise<void>)[] = []
  const said: string[] = []
  const place: RelayPlace = {
    time: 0,
    said,
    async connect(places, { budgets = [], ...options } = {}) {
      const servers: ScriptedSmtp[] = []
      for (const { script } of places) servers.push(await startScriptedSmtp(script))
      open.push(async () => {
        for (const server of servers) await server.stop()
      })
      const urls = servers.map(({ url }, at) => `${url}?${places[at]?.query ?? ''}`)
      const settings = readSmtpUrls(urls.join(' '))
      const numberOf = (relay: string) => settings.findIndex(({ name }) => name === relay) + 1
      const relays = makeRelays({
        relays: settings.map((one, at): RelayOptions => {
          const budget = budgets[at]
          return { ...one, transport: openTransport(one), ...(budget === undefined ? {} : { budget }) }
        }),
        monotonic: () => place.time,
        onShut: (relay) => said.push(`${numberOf(relay)} shut`),
        onOpen: (relay) => said.push(`${numberOf(relay)} open`),
        ...options,
      })
      open.push(() => relays.close({ withinMs: 0 }))
      return { servers, relays }
    },
    async close() {
      for (const close of open.splice(0).reverse()) await close()
    },
  }
  return place
}

export function handOver(relays: Relays, to = 'alice@example.org', lane = 'other'): Promise<RelayedReply> {
  return relays.send(letter({ to }), { lane, beforeEnd: async () => true })
}

/** All of them are accepted. */
export async function handOverMany(
  relays: Relays,
  count: number,
  { to, lane }: { readonly to?: string; readonly lane?: string } = {},
): Promise<void> {
  const replies = await Promise.all(Array.from({ length: count }, () => handOver(relays, to, lane)))
  for (const reply of replies) expect(reply).toMatchObject({ kind: 'replied', code: 250, ended: true })
}

/** How many messages each has. */
export function keptBy(servers: readonly ScriptedSmtp[]): readonly number[] {
  return servers.map(({ messages }) => messages.length)
}
