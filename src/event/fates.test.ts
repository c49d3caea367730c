import { expect, test } from 'vitest'
import { openFates } from './fates.js'
import type { WaitingHit } from './waiting-hit.js'

const hit = (): WaitingHit => ({
  hit: { kind: 'open', deliveryId: 1, link: null, method: 'GET', userAgent: '', network: '', headers: {} },
  at: 0,
  since: 0,
  resolve: () => {},
  reject: () => {},
  stage: 'waiting',
})

test('a flood in which some are turned away while others are kept is told of now and then, and of each one', () => {
  const said: { readonly lost: number }[] = []
  let now = 0
  const fates = openFates(
    { warn: (counts: { readonly lost: number }) => said.push(counts) } as never,
    () => now,
  )

  for (now = 0; now < 25_000; now += 50) {
    fates.turnedAway()
    fates.kept([hit()])
  }
  fates.close()

  expect(said).toHaveLength(4)
  expect(said.reduce((sum, { lost }) => sum + lost, 0)).toBe(500)
})
