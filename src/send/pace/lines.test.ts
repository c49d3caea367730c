import { expect, test, vi } from 'vitest'
import { openLines } from './lines.js'

/** Batches up to 100 are of gmail, the others of `other`; each is delivered when its `finish` is called. */
function scene({ batchesAtOnce = 2 } = {}) {
  const begun: number[] = []
  const finish = new Map<number, (isLeft: boolean) => void>()
  const fail = new Map<number, (error: Error) => void>()
  const shutMs = new Map<string, number>()
  const lines = openLines({
    laneOf: async (batchId) => (batchId <= 100 ? 'gmail' : 'other'),
    deliver(batchId) {
      begun.push(batchId)
      return new Promise((resolve, reject) => {
        finish.set(batchId, resolve)
        fail.set(batchId, reject)
      })
    },
    batchesAtOnce: () => batchesAtOnce,
    opensInMs: (lane) => shutMs.get(lane) ?? 0,
    onError: (error) => {
      throw error
    },
  })
  return { lines, begun, finish, fail, shutMs }
}

test('a lane works on its share; the others wait without a job, and follow in order', async () => {
  const { lines, begun, finish } = scene()
  void lines.work(1)
  void lines.work(2)

  await lines.work(4)
  await lines.work(3)
  await vi.waitFor(() => expect(begun).toEqual([1, 2]))
  finish.get(1)?.(false)

  await vi.waitFor(() => expect(begun).toEqual([1, 2, 3]))
})

test('a lane that is full keeps no other from its own', async () => {
  const { lines, begun } = scene()
  for (const id of [1, 2, 3, 4, 101]) void lines.work(id)

  await vi.waitFor(() => expect([...begun].sort()).toEqual([1, 101, 2]))
})

test('a Batch that was left because its lane was shut is begun again when it opens, and holds no job meanwhile', async () => {
  const { lines, begun, finish, shutMs } = scene()
  const job = lines.work(1)
  await vi.waitFor(() => expect(begun).toEqual([1]))
  shutMs.set('gmail', 30)

  finish.get(1)?.(true)
  await job
  await lines.work(2)
  expect(begun).toEqual([1])
  shutMs.set('gmail', 0)

  await vi.waitFor(() => expect(begun).toEqual([1, 1, 2]))
})

test('rung for again while it waits or is worked on, it is begun once', async () => {
  const { lines, begun, finish } = scene({ batchesAtOnce: 1 })
  void lines.work(1)
  await vi.waitFor(() => expect(begun).toEqual([1]))

  await lines.work(1)
  await lines.work(2)
  await lines.work(2)
  finish.get(1)?.(false)
  await vi.waitFor(() => expect(begun).toEqual([1, 2]))
  finish.get(2)?.(false)
  await lines.close()

  expect(begun).toEqual([1, 2])
})

test('closed, it begins nothing more', async () => {
  const { lines, begun, finish } = scene({ batchesAtOnce: 1 })
  void lines.work(1)
  await vi.waitFor(() => expect(begun).toEqual([1]))
  await lines.work(2)

  const closed = lines.close()
  finish.get(1)?.(false)
  await closed

  expect(begun).toEqual([1])
})

test('after a Batch that can’t be delivered those that wait behind it are begun all the same', async () => {
  const { lines, begun, fail } = scene({ batchesAtOnce: 1 })
  const job = lines.work(1)
  await vi.waitFor(() => expect(begun).toEqual([1]))
  await lines.work(2)

  fail.get(1)?.(new Error('the database is away'))

  await expect(job).rejects.toThrow('the database is away')
  await vi.waitFor(() => expect(begun).toEqual([1, 2]), { timeout: 5_000 })
})
