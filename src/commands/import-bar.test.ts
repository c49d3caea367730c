import { describe, expect, test } from 'vitest'
import { openImportBar, writeProgress } from './import-bar.js'

const HALF = { rows: 30_000, bytes: 500, allBytes: 1_000 }

describe('the bar', () => {
  test('says rows, their rate and the time that is left', () => {
    expect(writeProgress(HALF, { width: 80, hasColour: false, elapsedMs: 5_000 })).toBe(
      '###############...............  50 %  30,000 rows, 6,000/s, 5 s left',
    )
  })

  test('has colour only where that is wanted', () => {
    expect(writeProgress(HALF, { width: 80, hasColour: true, elapsedMs: 5_000 })).toBe(
      `\x1b[32m${'█'.repeat(15)}${'░'.repeat(15)}\x1b[0m  50 %  30,000 rows, 6,000/s, 5 s left`,
    )
  })

  test.each([20, 40, 50, 60, 200])('fits into %d columns', (width) => {
    expect(writeProgress(HALF, { width, hasColour: false, elapsedMs: 5_000 }).length).toBeLessThanOrEqual(
      width,
    )
  })

  test('of nothing yet promises no time', () => {
    expect(writeProgress({ ...HALF, bytes: 0 }, { width: 80, hasColour: false, elapsedMs: 0 })).not.toContain(
      'left',
    )
  })
})

function stream(isTTY: boolean) {
  const written: string[] = []
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text), hasColors: () => false }
}

test('is drawn over itself on a terminal, ten times a second at most, and leaves nothing', () => {
  const out = stream(true)
  let at = 1_000
  const bar = openImportBar(out, () => at)

  bar.draw(HALF)
  at += 50
  bar.draw(HALF)
  at += 60
  bar.draw(HALF)
  bar.close()

  expect(out.written).toHaveLength(3)
  expect(out.written[0]?.startsWith('\r\x1b[K#')).toBe(true)
  expect(out.written[2]).toBe('\r\x1b[K')
})

test('is silent where there is no terminal', () => {
  const out = stream(false)
  const bar = openImportBar(out, () => 1_000)

  bar.draw(HALF)
  bar.close()

  expect(out.written).toEqual([])
})
