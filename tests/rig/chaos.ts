/** Starts the chaos SMTP server as a process and reads its ledger; `chaos-smtp.js` says what it does to whom. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ChaosOptions {
  /** File the ledger is appended to; it outlives the process. */
  readonly ledger: string
  readonly port?: number
  readonly seed?: number
  readonly saveDir?: string
  readonly delayMs?: number
  readonly slowMs?: number
  /** Shares of the messages, 0-1. */
  readonly drop?: number
  readonly defer?: number
  readonly refuse?: number
  readonly stall?: number
  readonly busy?: number
  readonly garble?: number
  /** The first N of a kind are cut: `connect:1,ehlo:1,mail:1`. */
  readonly cutFirst?: string
}

export interface LedgerLine {
  readonly to: string
  readonly messageId: string | null
  /** When MAIL FROM came, and when the message was kept; ms since 1970. */
  readonly began: number
  readonly at: number
}

export interface ChaosSmtp {
  readonly url: string
  readonly port: number
  /** Every message accepted so far, in order. */
  ledger(): readonly LedgerLine[]
  stop(): Promise<void>
}

export async function startChaosSmtp(options: ChaosOptions): Promise<ChaosSmtp> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('chaos-smtp.js', import.meta.url)), ...flags(options)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const port = await readPort(child)
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    ledger: () => readLedger(options.ledger),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

export function readLedger(file: string): readonly LedgerLine[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): LedgerLine => JSON.parse(line))
}

function flags(options: ChaosOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`--${name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`, String(value)],
  )
}

async function readPort(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the chaos server has no stdout')
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line).port
  throw new Error('the chaos SMTP server ended before it listened')
}
