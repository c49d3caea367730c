/** The same with a receiver that nobody of us wrote: Postfix's smtp-sink keeps what it accepts, and is the ledger. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkAccounts } from '../rig/accounts.js'
import { type ChaosRoot, openChaosRoot } from '../rig/chaos-root.js'
import { people } from '../rig/people.js'
import { startProxy, type TcpProxy } from '../rig/proxy.js'
import { type Sink, startSink } from '../rig/sink.js'

const AUDIENCE = 300
const CONNECTIONS = 20

let folder: string
let sink: Sink
let proxy: TcpProxy
let root: ChaosRoot

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pressrun-sink-'))
  // The dot is answered a second late.
  sink = await startSink(path.join(folder, 'dumps'), ['-W', '.:1'])
  proxy = await startProxy(sink.port)
  root = await openChaosRoot({ SMTP_URL: `${proxy.through(sink.url)}?maxConnections=${CONNECTIONS}` })
})

afterEach(async () => {
  await root.close()
  await proxy.close()
  await sink.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function untilKept(count: number): Promise<void> {
  while (sink.ledger().length < count) await wait(50)
}

test('smtp-sink as the witness: kill -9 and cut lines in the middle, and its files agree with the books', async () => {
  const sendId = await root.startSend({ people: people(AUDIENCE) })

  const engine = await root.engine()
  await untilKept(AUDIENCE / 5)
  await engine.end('SIGKILL')
  await root.engine()
  await untilKept(AUDIENCE / 2)
  const cut = proxy.cut()
  await root.until(sendId, 'finished')

  const ledger = sink.ledger()
  const { uncertain = 0 } = await root.states(sendId)
  expect(uncertain).toBeGreaterThan(0)
  expect(
    await checkAccounts(root.store, { sendId, ledger, audience: AUDIENCE, maxUncertain: CONNECTIONS + cut }),
  ).toEqual([])
})
