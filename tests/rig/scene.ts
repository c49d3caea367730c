/** A chaos root with its chaos receiver, and the end that every chaos test has: heal, finish, accounts. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type AccountsRequest, checkAccounts } from './accounts.js'
import { type ChaosOptions, type ChaosSmtp, startChaosSmtp } from './chaos.js'
import { type ChaosRoot, openChaosRoot, type Prepare } from './chaos-root.js'

const POLL_MS = 20

export interface Scene extends ChaosRoot {
  readonly smtp: ChaosSmtp
  /** Waits until the receiver has kept so many messages. */
  readonly untilKept: (count: number, timeoutMs?: number) => Promise<void>
  /** What is wrong with the accounts of a Send that is over. */
  readonly violations: (request: Omit<AccountsRequest, 'ledger'>) => Promise<readonly string[]>
}

export interface SceneOptions {
  readonly smtp?: Partial<ChaosOptions>
  readonly connections?: number
  /** Further options of SMTP_URL, `&socketTimeout=2000`. */
  readonly relay?: string
  readonly env?: Readonly<Record<string, string>>
  /** Where the relay is reached instead: the URL of a proxy before it. */
  readonly through?: (url: string) => Promise<string> | string
  readonly prepare?: Prepare
}

export async function openScene({
  smtp: chaos = {},
  connections = 8,
  relay = '',
  env = {},
  through = (url) => url,
  prepare = () => () => {},
}: SceneOptions = {}): Promise<Scene> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-ledger-'))
  const smtp = await startChaosSmtp({ ledger: path.join(folder, 'ledger.jsonl'), ...chaos })
  const url = await through(smtp.url)
  const smtpUrl = `${url}?maxConnections=${connections}${relay}`
  const root = await openChaosRoot({ SMTP_URL: smtpUrl, ...env }, prepare)
  return {
    ...root,
    smtp,
    async untilKept(count, timeoutMs = 60_000) {
      const deadline = performance.now() + timeoutMs
      while (smtp.ledger().length < count) {
        if (performance.now() > deadline)
          throw new Error(`${smtp.ledger().length} kept, not ${count}, after ${timeoutMs / 1_000} s`)
        await wait(POLL_MS)
      }
    },
    violations: (request) => checkAccounts(root.store, { ...request, ledger: smtp.ledger() }),
    async close() {
      await root.close()
      await smtp.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
