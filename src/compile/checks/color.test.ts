import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BLACK, contrastOf, fromLab, layOver, readColor, toLab, WHITE, writeColor } from './color.js'

test.each([
  ['#9b2226', '#9b2226'],
  ['#FFF', '#ffffff'],
  ['#11223380', '#112233'],
  ['rebeccapurple', '#663399'],
  ['RGB(155, 34, 38)', '#9b2226'],
  ['rgb(155 34 38 / 50%)', '#9b2226'],
  ['rgb(100%, 0%, 0%)', '#ff0000'],
  ['hsl(120, 100%, 25%)', '#008000'],
  ['hsl(-120deg 100% 50%)', '#0000ff'],
])('%s is the colour %s', (written, hex) => {
  const color = readColor(written)

  expect(color === null ? null : writeColor(color)).toBe(hex)
})

test.each([
  '',
  'var(--ink)',
  'currentcolor',
  'oklch(50% 0.1 20)',
  'rgb(var(--a), 1, 2)',
  '#12',
  '#ggg',
  'quay',
  'url(a.png)',
])('%j is no colour that can be told', (written) => {
  expect(readColor(written)).toBeNull()
})

test('transparent lets all through, half of black on white is grey', () => {
  const [clear, half] = [readColor('transparent'), readColor('rgba(0, 0, 0, 0.5)')]

  expect(clear && writeColor(layOver(clear, WHITE))).toBe('#ffffff')
  expect(half && writeColor(layOver(half, WHITE))).toBe('#808080')
})

describe('contrast', () => {
  test('is 21 between black and white, 1 between equals, the same both ways', () => {
    expect(contrastOf(BLACK, WHITE)).toBeCloseTo(21)
    expect(contrastOf(WHITE, WHITE)).toBe(1)
    expect(contrastOf(WHITE, BLACK)).toBe(contrastOf(BLACK, WHITE))
  })

  test('of #777777 on white is 4.48, as others count it', () => {
    expect(contrastOf(readColor('#777777') ?? BLACK, WHITE).toFixed(2)).toBe('4.48')
  })
})

test('a colour that goes to L*a*b* and back is the same', () => {
  const part = fc.integer({ min: 0, max: 255 })

  fc.assert(
    fc.property(part, part, part, (red, green, blue) => {
      const color = { red, green, blue, alpha: 1 }
      expect(writeColor(fromLab(toLab(color), 1))).toBe(writeColor(color))
    }),
  )
})

test('lightness is 0 for black, 100 for white and about 53 for #808080', () => {
  expect(toLab(BLACK).lightness).toBeCloseTo(0)
  expect(toLab(WHITE).lightness).toBeCloseTo(100)
  expect(toLab(readColor('#808080') ?? BLACK).lightness).toBeCloseTo(53.6, 1)
})
