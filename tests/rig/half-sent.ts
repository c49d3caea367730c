/** A root with a Send that half of its people have; the others were told to come back, so it rests for an hour. */

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, vi } from 'vitest'
import { type Engine, startEngine } from '../../src/app/engine.js'
import { openStore, type Store } from '../../src/app/store.js'
import { type Config, readConfig } from '../../src/config.js'
import { openLog } from '../../src/log.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot } from './engine.js'
import { people } from './people.js'

export const PEOPLE = 20

export interface HalfSent {
  readonly root: TestRoot
  /** What `close` ends, the last one first. */
  readonly closers: (() => Promise<unknown> | unknown)[]
  /** An engine that has sent a Send to half of its people; the others are due in an hour, so nothing is written. */
  sendHalf(store: Store): Promise<{ engine: Engine; sendId: number; listId: number }>
  /** From now on its receiver takes everyone. */
  takeAll(): void
  /** A store, an engine on another root; closed with the rest. */
  openOwn(config: Config): Promise<Store>
  startOwn(config: Config): Promise<Engine>
  /** Another root with a copy of the data folder as it is now; with SQLite that is all there is. */
  copyRoot(): Config
  close(): Promise<void>
}

export async function openHalfSent(): Promise<HalfSent> {
  const root = await openTestRoot({ RETRY_SCHEDULE: '1h' })
  const closers: HalfSent['closers'] = []
  let isRefusing = true
  const refuseHalf = (address: string) =>
    isRefusing && Number(/\d+/.exec(address)?.[0]) % 2 === 1 ? { code: 450, text: '4.2.0 later' } : null
  return {
    root,
    closers,
    async sendHalf(store) {
      const listId = await subscribe(store, 'weekly', people(PEOPLE))
      const engine = await root.engine({ onRecipient: refuseHalf })
      const { sendId } = await freeze(store, listId)
      await vi.waitFor(
        async () =>
          expect(await countStates(store, sendId)).toEqual({ sent: PEOPLE / 2, deferred: PEOPLE / 2 }),
        { timeout: 30_000, interval: 50 },
      )
      return { engine, sendId, listId }
    },
    takeAll() {
      isRefusing = false
    },
    async openOwn(config) {
      const store = await openStore(config)
      closers.push(store.close)
      return store
    },
    async startOwn(config) {
      const engine = await startEngine(config, { log: openLog('silent') })
      closers.push(engine.close)
      return engine
    },
    copyRoot() {
      const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-copy-'))
      closers.push(() => rmSync(folder, { recursive: true, force: true }))
      const dataDir = path.join(folder, '.data')
      cpSync(root.config.dataDir, dataDir, { recursive: true, filter: (file) => !file.endsWith('.sock') })
      return readConfig({
        root: folder,
        env: { PORT: '0', LOG_LEVEL: 'silent', RETRY_SCHEDULE: '1h', LEASE: '2s' },
      })
    },
    async close() {
      for (const close of closers.splice(0).reverse()) await close()
      await root.close()
    },
  }
}

export async function makeDue({ db }: Store): Promise<void> {
  await db.query.updateTable('delivery').set({ not_before: 0 }).where('state', '=', 'deferred').execute()
}

export async function sendOf({ db }: Store, sendId: number) {
  return db.query
    .selectFrom('send')
    .select(['state', 'reason', 'held'])
    .where('id', '=', sendId)
    .executeTakeFirstOrThrow()
}

/** The watch has looked again, and the schedule has had several passes. */
export async function untilHeld(store: Store, sendId: number): Promise<void> {
  await vi.waitFor(async () => expect((await sendOf(store, sendId)).held).toBe('copy'), {
    timeout: 10_000,
    interval: 50,
  })
}
