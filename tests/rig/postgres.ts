/**
 * A private PostgreSQL cluster in a temp folder, on a free port of 127.0.0.1, as durable as a real one (fsync on).
 * initdb refuses root, so root runs it as the user `postgres`.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from './free-port.js'

const DEBIAN_VERSIONS = '/usr/lib/postgresql'
/** Several processes of a chaos run, ten connections each. */
const MAX_CONNECTIONS = 200

export interface Cluster {
  /** Of the database `postgres`; every other name in its place works once created. */
  readonly url: string
  readonly port: number
  /** kill -9, of the postmaster; its children see it and end. False when it is down already. */
  kill(): Promise<boolean>
  /** An orderly end; `start` begins again. */
  end(): Promise<void>
  /** Again on the same port and data, recovering what a kill broke off. */
  start(): Promise<void>
  /** Where its files lie; only of use while it is down. */
  readonly data: string
  /** Ends it by its own process id and removes its folder. */
  stop(): Promise<void>
}

/** After a kill the last children may still hold the shared memory for a moment. */
const START_TRIES = 100

/** `parent`: where its folder is made. */
export async function startPostgres(parent = tmpdir()): Promise<Cluster> {
  const bin = findBin()
  const owner = clusterOwner()
  const folder = mkdtempSync(path.join(parent, 'pressrun-postgres-'))
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const data = path.join(folder, 'data')
  const port = await freePort()
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...owner, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const settings = [
    `listen_addresses=127.0.0.1`,
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    `max_connections=${MAX_CONNECTIONS}`,
  ]
  const launch = () =>
    spawn(path.join(bin, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...owner,
      env,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  let server: ChildProcess | null = null
  const killAtExit = () => {
    server?.kill('SIGKILL')
  }
  const endBy = async (signal: 'SIGINT' | 'SIGKILL') => {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return false
    server.kill(signal)
    await once(server, 'exit')
    return true
  }
  const start = async () => {
    for (let tries = 1; ; tries++) {
      server = launch()
      try {
        return await becomesReady(server)
      } catch (error) {
        if (tries === START_TRIES) throw error
        await wait(50)
      }
    }
  }
  process.once('exit', killAtExit)
  await start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    kill: () => endBy('SIGKILL'),
    // Fast shutdown: sessions still open are cut.
    async end() {
      await endBy('SIGINT')
    },
    start,
    data,
    async stop() {
      process.removeListener('exit', killAtExit)
      await endBy('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function findBin(): string {
  const onPath = (process.env.PATH ?? '').split(path.delimiter)
  const versions = existsSync(DEBIAN_VERSIONS) ? readdirSync(DEBIAN_VERSIONS) : []
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a))
  const folders = [...newestFirst.map((version) => path.join(DEBIAN_VERSIONS, version, 'bin')), ...onPath]
  const found = folders.find((folder) => existsSync(path.join(folder, 'initdb')))
  if (found === undefined)
    throw new Error(`no initdb on the PATH or under ${DEBIAN_VERSIONS}; install postgresql`)
  return found
}

function clusterOwner(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** Waits for the line that says so; what it said instead is the error. */
async function becomesReady(server: ChildProcess): Promise<void> {
  if (server.stderr === null) throw new Error('postgres has no stderr')
  const said: string[] = []
  for await (const line of createInterface({ input: server.stderr })) {
    said.push(line)
    if (line.includes('database system is ready to accept connections')) {
      // Nobody reads its log from here on; a full pipe would stop it.
      server.stderr.resume()
      return
    }
  }
  throw new Error(`postgres did not start:\n${said.join('\n')}`)
}
