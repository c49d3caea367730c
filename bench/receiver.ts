/** The receiver: Postfix's smtp-sink on a free port of 127.0.0.1, which takes everything and keeps nothing. */

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createConnection } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../tests/rig/free-port.js'
import { collect, end, launch } from './process.js'

const BACKLOG = '1000'
/** As root it wants to be someone else. */
const USER = 'postfix'

/** Where Debian keeps it is not on everyone's PATH. */
export function postfixProgram(name: 'smtp-sink' | 'smtp-source'): string {
  const usual = `/usr/sbin/${name}`
  return existsSync(usual) ? usual : name
}

export interface Receiver {
  readonly port: number
  readonly stop: () => Promise<void>
}

export async function startReceiver(folder: string): Promise<Receiver> {
  const port = await freePort()
  const user = process.getuid?.() === 0 ? ['-u', USER] : []
  const child = launch(postfixProgram('smtp-sink'), [...user, `127.0.0.1:${port}`, BACKLOG], { cwd: folder })
  const stderr = collect(child.stderr)
  child.stdout?.resume()
  await once(child, 'spawn')
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`smtp-sink ended with ${child.exitCode}: ${stderr()}`)
    await wait(20)
  }
  return { port, stop: () => end(child) }
}

async function isListening(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  const isUp = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return isUp
}
