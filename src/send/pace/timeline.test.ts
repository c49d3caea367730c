import { expect, test } from 'vitest'
import type { Permits } from '../../queue/permits.js'
import type { Share } from './shares.js'
import { openTimeline } from './timeline.js'

const NO_REDIS: Permits = {
  reserve: () => Promise.reject(new Error('no Redis')),
  isThere: async () => false,
  close: () => {},
}

/** A timeline on a clock that is set by hand, one millisecond a step. */
function scene({ permits = NO_REDIS, share = { part: 1, isCommon: false } as Share } = {}) {
  const state = { now: 0, share, lost: 0 }
  const timeline = openTimeline({
    name: 'lane:gmail',
    monotonic: () => state.now,
    permits,
    shares: {
      now: () => state.share,
      loseRedis: () => {
        state.lost += 1
      },
      workers: () => 1,
      parts: () => 1,
      beat: async () => {},
      end: async () => {},
    },
  })
  /** When each of those was begun that could be by `until`. */
  async function run(perSecond: number, until: number): Promise<number[]> {
    const begun: number[] = []
    while (state.now < until) {
      const waitMs = await timeline.dueIn(perSecond)
      if (waitMs <= 0 && timeline.spend()) begun.push(state.now)
      else state.now += Math.min(Math.max(Math.ceil(waitMs), 1), until - state.now)
    }
    return begun
  }
  return { state, timeline, run }
}

test('20 a second are one each 50 ms', async () => {
  expect(await scene().run(20, 400)).toEqual([0, 50, 100, 150, 200, 250, 300, 350])
})

test('what was not used is not saved up, but for a tenth of a second', async () => {
  const { state, run } = scene()
  await run(20, 100)
  state.now = 60_000

  const begun = await run(20, 61_000)

  expect(begun.filter((at) => at < 60_010)).toHaveLength(3)
  expect(begun.length).toBeLessThanOrEqual(20 + 3)
})

test('a rate that grows takes effect at once, not after a long interval', async () => {
  const { run } = scene()
  expect(await run(0.1, 5_000)).toEqual([0])

  expect((await run(10, 6_000)).length).toBeGreaterThanOrEqual(9)
})

test('a quarter of the share is a quarter of the rate; none is none', async () => {
  expect(await scene({ share: { part: 0.25, isCommon: false } }).run(20, 1_000)).toHaveLength(5)
  expect(await scene({ share: { part: 0, isCommon: false } }).run(20, 10_000)).toEqual([])
})

test('half a second’s worth is asked for at once, and begun at its times', async () => {
  const asked: number[] = []
  const permits: Permits = {
    ...NO_REDIS,
    async reserve(_, { count }) {
      asked.push(count)
      return { kind: 'given', beginsInMs: 10 }
    },
  }

  const begun = await scene({ permits, share: { part: 1, isCommon: true } }).run(20, 450)

  expect(asked[0]).toBe(10)
  expect(begun.slice(0, 3)).toEqual([10, 60, 110])
  expect(asked).toHaveLength(1)
})

test('a Redis that can’t be had is told to the shares, and gives nothing', async () => {
  const { state, run } = scene({ share: { part: 1, isCommon: true } })

  expect(await run(20, 400)).toEqual([])
  expect(state.lost).toBeGreaterThan(0)
})
