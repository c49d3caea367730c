/** A database that was put back from a backup sends nothing until a person adopts it; one that was only closed just goes on. */

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../src/app/store.js'
import { compilation, countStates, freeze, subscribe, untilFinished } from '../rig/engine.js'
import { type HalfSent, makeDue, openHalfSent, PEOPLE, sendOf, untilHeld } from '../rig/half-sent.js'

const isPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'

let place: HalfSent

beforeEach(async () => {
  place = await openHalfSent()
})

afterEach(() => place.close())

/** As `cp -r` does: a file that is there keeps its inode, which `cpSync` would give up for a new one. */
function writeOver(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)]
    if (entry.isDirectory()) {
      mkdirSync(target, { recursive: true })
      writeOver(source, target)
    } else if (entry.isFile()) writeFileSync(target, readFileSync(source))
  }
}

describe.skipIf(isPostgres)('on SQLite', () => {
  const file = () => path.join(place.root.config.dataDir, 'pressrun.db')

  test.each([
    [
      'with a new inode',
      'its file',
      (backup: string) => {
        rmSync(file())
        cpSync(path.join(backup, 'pressrun.db'), file())
      },
    ],
    [
      'overwritten in place',
      'it is older than what ran here last',
      (backup: string) => {
        const { ino } = statSync(file())
        writeFileSync(file(), readFileSync(path.join(backup, 'pressrun.db')))
        expect(statSync(file()).ino).toBe(ino)
      },
    ],
    [
      'with its whole folder copied over this one',
      'it is older than what ran here last',
      (backup: string) => {
        const { ino } = statSync(file())
        writeOver(backup, place.root.config.dataDir)
        expect(statSync(file()).ino).toBe(ino)
      },
    ],
  ])('a backup that is put back %s sends nothing before it is adopted', async (_, seen, putBack) => {
    const first = await openStore(place.root.config)
    const { engine, sendId } = await place.sendHalf(first)
    await makeDue(first)
    await first.close()
    await engine.close()
    const backup = mkdtempSync(path.join(tmpdir(), 'pressrun-backup-'))
    place.closers.push(() => rmSync(backup, { recursive: true, force: true }))
    cpSync(place.root.config.dataDir, backup, { recursive: true })
    const next = await place.root.engine()
    await untilFinished(next.store, sendId)
    await next.close()
    const ledger = place.root.ledger()
    putBack(backup)
    writeFileSync(
      path.join(place.root.config.dataDir, 'inbox', 'ledger.jsonl'),
      ledger.map((line) => `${JSON.stringify(line)}\n`).join(''),
    )

    const { store } = await place.root.engine()
    const listId = await subscribe(store, 'others', ['alice'])
    const { sendId: second } = await freeze(store, listId, compilation('2026-01-12-harbour'))
    await untilHeld(store, second)

    const { state, reason } = await sendOf(store, sendId)
    expect(state).toBe('paused')
    expect(reason).toContain(seen)
    expect(place.root.ledger()).toEqual(ledger)
  })

  test('a backup made a moment before the engine ended is seen to be older', async () => {
    const store = await openStore(place.root.config)
    const { engine } = await place.sendHalf(store)
    const config = place.copyRoot()
    await store.close()
    await engine.close()
    writeFileSync(file(), readFileSync(path.join(config.dataDir, 'pressrun.db')))
    for (const suffix of ['-wal', '-shm'])
      cpSync(path.join(config.dataDir, `pressrun.db${suffix}`), `${file()}${suffix}`)

    const next = await place.root.engine()

    expect((await sendOf(next.store, 1)).reason).toContain('it is older than what ran here last')
  })

  test('an engine that starts again on the same file has nothing to ask', async () => {
    const store = await place.root.store()
    const { engine, sendId } = await place.sendHalf(store)
    await engine.close()
    await makeDue(store)

    await place.root.engine()
    await untilFinished(store, sendId)

    expect(place.root.ledger()).toHaveLength(PEOPLE)
  })

  test('a database that is made anew in a used folder, with nothing sent yet, has nothing to ask', async () => {
    const { engine } = await place.sendHalf(await place.openOwn(place.root.config))
    await engine.close()
    for (const close of place.closers.splice(0)) await close()
    rmSync(file())

    const next = await place.root.engine()
    const listId = await subscribe(next.store, 'weekly', ['alice'])
    const { sendId } = await freeze(next.store, listId, compilation('2026-01-12-harbour'))
    await untilFinished(next.store, sendId)

    expect(await countStates(next.store, sendId)).toEqual({ sent: 1 })
  })
})
