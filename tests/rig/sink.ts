/**
 * Postfix's `smtp-sink -d` as a receiver: a witness that nobody of us wrote. It closes the file of a message before its
 * 250 leaves and removes that of one that is broken off, so a file is an accepted message, but for those in progress.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createConnection } from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { LedgerLine } from './chaos.js'
import { ownerOf } from './daemon.js'
import { freePort } from './free-port.js'

const PROGRAM = '/usr/sbin/smtp-sink'
const USER = 'postfix'

export interface Sink {
  readonly url: string
  readonly port: number
  /** What it has accepted; to be read when nothing is in flight. */
  readonly ledger: () => readonly LedgerLine[]
  readonly stop: () => Promise<void>
}

/** `args` stand before the address: `-W .:1` answers the dot a second late. Debian's package is postfix. */
export async function startSink(folder: string, args: readonly string[] = []): Promise<Sink> {
  mkdirSync(folder, { recursive: true })
  const asRoot = process.getuid?.() === 0
  if (asRoot) {
    const { uid, gid } = ownerOf(USER)
    chownSync(folder, uid, gid)
  }
  const port = await freePort()
  const user = asRoot ? ['-u', USER, '-R', folder] : []
  const program = existsSync(PROGRAM) ? PROGRAM : 'smtp-sink'
  const child = spawn(program, [...user, '-d', 'm.', ...args, `127.0.0.1:${port}`, '1000'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await once(child, 'spawn')
  await untilListening(port)
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    ledger: () => readdirSync(folder).flatMap((name) => readDump(path.join(folder, name))),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** The envelope stands in the dump's first lines; the file is made at MAIL FROM and closed at the dot. */
function readDump(file: string): readonly LedgerLine[] {
  const stat = statSync(file, { throwIfNoEntry: false })
  // Broken off since the folder was read.
  if (stat === undefined) return []
  const [header = ''] = readFileSync(file, 'latin1').split('\n\n', 1)
  const to = /^X-Rcpt-Args: <(.*?)>/m.exec(header)?.[1]
  // In progress, with nothing written yet.
  if (to === undefined) return []
  const messageId = /^Message-ID:\s*(<[^<>\s]*>)/im.exec(header)?.[1] ?? null
  return [{ to, messageId, began: stat.birthtimeMs, at: stat.mtimeMs }]
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = createConnection(port, '127.0.0.1')
    const isUp = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (isUp) return
    await wait(20)
  }
}
