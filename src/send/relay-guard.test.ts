import { expect, test } from 'vitest'
import { makeRelayGuard } from './relay-guard.js'

function openGuard() {
  let time = 0
  const guard = makeRelayGuard({ monotonic: () => time, onShut: () => {}, onOpen: () => {} })
  /** Waits until it may be tried again; tells how long that was. */
  const untilOpen = () => {
    const from = time
    while (!guard.isOpen()) time += 100
    return time - from
  }
  return { guard, untilOpen }
}

const AWAY = { cause: 'connect ECONNREFUSED', fault: 'relay' } as const
const REFUSED = { cause: '535 5.7.8 bad credentials', fault: 'ours' } as const

test('a relay that is away is tried at a growing distance, for ever', () => {
  const { guard, untilOpen } = openGuard()
  const distances: number[] = []
  for (let times = 0; times < 9; times++) {
    expect(guard.close(AWAY)).toBe(false)
    distances.push(untilOpen())
  }

  expect(distances).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000))
})

test('one that refuses us three times in a row waits for a person; those that fail together are one', () => {
  const { guard, untilOpen } = openGuard()
  const answers: boolean[] = []
  for (let times = 0; times < 3; times++) {
    answers.push(guard.close(REFUSED), guard.close(REFUSED))
    untilOpen()
  }

  expect(answers).toEqual([false, false, false, false, true, true])
})

test.each([
  ['a reply', (guard: ReturnType<typeof openGuard>['guard']) => guard.open()],
  ['being away', (guard: ReturnType<typeof openGuard>['guard']) => void guard.close(AWAY)],
])('%s between refusals begins the count anew', (_, between) => {
  const { guard, untilOpen } = openGuard()
  for (let times = 0; times < 2; times++) {
    guard.close(REFUSED)
    untilOpen()
  }

  between(guard)
  untilOpen()

  expect(guard.close(REFUSED)).toBe(false)
})
