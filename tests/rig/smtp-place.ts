/** A Transport and the scripted server behind it; what it does when, and what was seen of it. */

import type { Transport } from '../../src/smtp/transport.js'
import { type Act, type Phase, type Script, type ScriptedSmtp, startScriptedSmtp } from './scripted-smtp.js'

export type OpenTransport = (url: string) => Transport

export interface Places {
  /** With one connection, unless `query` says more: `&maxMessages=2`. */
  connect(script: Script, query?: string): Promise<{ server: ScriptedSmtp; transport: Transport }>
  /** Another to the same server. */
  connectAgain(server: ScriptedSmtp, query: string): Transport
  /** The first of them was stopped by the test. */
  forgetServer(): void
  closeAll(): Promise<void>
}

export function openPlaces(openTransport: OpenTransport): Places {
  const open: (() => Promise<void>)[] = []
  return {
    async connect(script, query = '') {
      const server = await startScriptedSmtp(script)
      open.push(() => server.stop())
      const transport = openTransport(`${server.url}/?maxConnections=1${query}`)
      open.push(() => transport.close())
      return { server, transport }
    },
    connectAgain(server, query) {
      const transport = openTransport(`${server.url}/?${query}`)
      open.push(() => transport.close())
      return transport
    },
    forgetServer() {
      open.splice(0, 1)
    },
    async closeAll() {
      for (const close of open.splice(0).reverse()) await close()
    },
  }
}

/** The first time a phase comes: this; else what a well-behaved server does. */
export function once(phase: Phase, act: Act): (moment: { phase: Phase }) => Act | null {
  let isDone = false
  return (moment) => {
    if (isDone || moment.phase !== phase) return null
    isDone = true
    return act
  }
}

/** What the server just did is in the client's kernel; two rounds of the event loop bring it to the client. */
export async function aFewTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

export function phasesOf(server: ScriptedSmtp): readonly Phase[] {
  return server.moments.map((moment) => moment.phase)
}

export function lineOf(server: ScriptedSmtp, phase: Phase): string | undefined {
  return server.moments.find((moment) => moment.phase === phase)?.line
}
