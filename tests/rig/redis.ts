/** A Redis of its own on a free port of 127.0.0.1 that can be killed and started again, with or without its data. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connect } from '../../src/queue/redis-address.js'
import { freePort } from './free-port.js'

export interface RedisServer {
  readonly url: string
  readonly port: number
  /** kill -9; false when it is down already. */
  readonly kill: () => Promise<boolean>
  /** Again on the same port; with its data when it has an append-only file, else empty. */
  readonly start: () => Promise<void>
  /** One command on a connection of its own. */
  readonly command: (name: string, ...args: readonly string[]) => Promise<unknown>
  /** Empties one of its databases. */
  readonly flush: (database: number) => Promise<void>
  readonly stop: () => Promise<void>
}

export async function startRedis({
  appendOnly = false,
}: {
  readonly appendOnly?: boolean
} = {}): Promise<RedisServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child: ChildProcess | null = null
  const end = () => {
    child?.kill('SIGKILL')
  }
  process.once('exit', end)

  async function start(): Promise<void> {
    const persistence = ['--save', '', '--appendonly', appendOnly ? 'yes' : 'no']
    child = spawn(
      'redis-server',
      ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...persistence],
      { stdio: 'ignore' },
    )
    await once(child, 'spawn')
    await untilAnswered(url, child)
  }

  async function kill(): Promise<boolean> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return false
    child.kill('SIGKILL')
    await once(child, 'exit')
    return true
  }

  await start()
  return {
    url,
    port,
    kill,
    start,
    async command(name, ...args) {
      const client = connect(url, { maxRetriesPerRequest: 1 })
      try {
        return await client.call(name, ...args)
      } finally {
        client.disconnect()
      }
    },
    async flush(database) {
      const client = connect(`${url}/${database}`, { maxRetriesPerRequest: 1 })
      await client.flushdb()
      client.disconnect()
    },
    async stop() {
      process.removeListener('exit', end)
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PING is refused with LOADING until the append-only file is read. */
async function untilAnswered(url: string, server: ChildProcess): Promise<void> {
  const probe = connect(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  probe.on('error', () => {})
  try {
    while ((await probe.ping().catch(() => null)) !== 'PONG') {
      if (server.exitCode !== null) throw new Error(`redis-server exited ${server.exitCode}`)
      await wait(20)
    }
  } finally {
    probe.disconnect()
  }
}
