/**
 * The engine dies at every durable step of a Notice, in turn, and another goes on. Nobody gets two; who could have got one
 * is uncertain, and everyone else has theirs.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { noticeIdLeft } from '../../src/link/token.js'
import { askFor, readNotice, untilNotice } from '../rig/notices.js'
import { openScene, type Scene } from '../rig/scene.js'

/** One plain, one greylisted, one that is refused, one whose reply is cut. */
const PEOPLE = ['alice', 'dora', 'bob', 'cut-reply-1']
const OVER = ['sent', 'bounced', 'failed', 'uncertain'] as const

const open = () => openScene({ connections: 3, env: { RETRY_SCHEDULE: '100ms,200ms,400ms,800ms' } })

async function ask(scene: Scene): Promise<readonly number[]> {
  const ids: number[] = []
  for (const who of PEOPLE) ids.push(await askFor(scene.store, who))
  return ids
}

/** What is wrong when all is over; nothing, it is hoped. */
async function wrongs(scene: Scene, ids: readonly number[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const [index, id] of ids.entries()) {
    const { state } = await readNotice(scene.store, id)
    const kept = scene.smtp
      .ledger()
      .filter(({ messageId }) => messageId?.includes(noticeIdLeft(scene.store.keys, id))).length
    const who = PEOPLE[index]
    if (kept > 1) found.push(`${who} got ${kept}`)
    if (state === 'sent' && kept !== 1) found.push(`${who} is sent, and got ${kept}`)
    if (kept === 1 && state !== 'sent' && state !== 'uncertain') found.push(`${who} got one, and is ${state}`)
    if (who === 'bob' && state !== 'bounced') found.push(`bob is ${state}`)
  }
  return found
}

async function passages(): Promise<readonly string[]> {
  const scene = await open()
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-passages-'))
  try {
    const file = path.join(folder, 'passages')
    const ids = await ask(scene)
    await scene.engine({ PRESSRUN_FAILPOINT_LOG: file })
    for (const id of ids) await untilNotice(scene.store, id, ...OVER)
    expect(await wrongs(scene, ids)).toEqual([])
    const names = readFileSync(file, 'utf8').split('\n')
    return [...new Set(names)].filter((name) => /^notice/.test(name)).sort()
  } finally {
    await scene.close()
    rmSync(folder, { recursive: true })
  }
}

test('V60: the engine dies at each step of a Notice', { timeout: 900_000 }, async () => {
  const steps = await passages()
  expect(steps).toEqual([
    'notice.end',
    'notice.reply',
    'noticeClaim.after',
    'noticeClaim.before',
    'noticeIntent.after',
    'noticeIntent.before',
    'noticeOutcome.after',
    'noticeOutcome.before',
  ])

  const wrong: string[] = []
  for (const step of steps) {
    const scene = await open()
    try {
      const ids = await ask(scene)
      const engine = await scene.engine({ PRESSRUN_FAILPOINT: `${step}:1` }).catch(() => null)
      if (engine !== null) expect(await engine.died).toBe('SIGKILL')
      await scene.engine()
      for (const id of ids) await untilNotice(scene.store, id, ...OVER)
      wrong.push(...(await wrongs(scene, ids)).map((sentence) => `${step}: ${sentence}`))
    } finally {
      await scene.close()
    }
  }

  expect(wrong).toEqual([])
})
