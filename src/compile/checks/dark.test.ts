import { expect, test } from 'vitest'
import { BLACK, contrastOf, readColor, writeColor } from './color.js'
import { FORCED_DARK, type ForcedDark, forceDark } from './dark.js'

function seen(kind: ForcedDark, text: string, ground: string): string {
  const ink = forceDark(kind, { text: readColor(text) ?? BLACK, ground: readColor(ground) ?? BLACK })
  return `${writeColor(ink.text)} on ${writeColor(ink.ground)}`
}

test.each(FORCED_DARK)('darkened %s, black on white is white on a dark grey', (kind) => {
  expect(seen(kind, '#000000', '#ffffff')).toBe('#ffffff on #1b1b1b')
})

test('what is dark already stays where a program darkens partly, and is turned where it darkens fully', () => {
  expect(seen('partly', '#ffffff', '#102030')).toBe('#ffffff on #102030')
  expect(seen('fully', '#ffffff', '#1b1b1b')).toBe('#1b1b1b on #ffffff')
})

test('light text on a light ground stays light', () => {
  expect(seen('partly', '#eeeeee', '#ffffff')).toBe('#eeeeee on #1b1b1b')
})

test('a colour keeps its hue: red gets no other than a lighter red', () => {
  const [text = ''] = seen('fully', '#9b2226', '#ffffff').split(' ')
  const color = readColor(text)

  expect(color !== null && color.red > color.green + 60 && color.red > color.blue + 60).toBe(true)
})

test('text that can just be read by day can be read where a program darkens', () => {
  for (const kind of FORCED_DARK) {
    const ink = forceDark(kind, {
      text: readColor('#767676') ?? BLACK,
      ground: readColor('#ffffff') ?? BLACK,
    })
    expect(contrastOf(ink.text, ink.ground)).toBeGreaterThan(4.5)
  }
})
