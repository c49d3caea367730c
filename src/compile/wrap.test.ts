import { expect, test } from 'vitest'
import { markPerson, markToken } from './holed.js'
import { displayWidth, wrapText } from './wrap.js'

test('words go to the next line where they would pass the width', () => {
  expect(wrapText('one two three four', 9)).toBe('one two\nthree\nfour')
})

test('a line break stays, and runs of spaces become one', () => {
  expect(wrapText('one   two\nthree', 20)).toBe('one two\nthree')
})

test('a URL longer than the line is never cut', () => {
  const url = `https://news.example.org/${'x'.repeat(100)}`

  expect(wrapText(`see ${url} now`, 40)).toBe(`see\n${url}\nnow`)
})

test('Chinese and Japanese count two columns a character and break between any two', () => {
  expect(displayWidth('潮汐 abc')).toBe(8)
  expect(wrapText('北の入り江に設置された', 10)).toBe('北の入り江\nに設置され\nた')
})

test('closing punctuation never begins a line and opening punctuation never ends one', () => {
  expect(wrapText('潮汐潮汐。潮汐', 8)).toBe('潮汐潮\n汐。潮汐')
  expect(wrapText('潮汐潮（汐潮）', 8)).toBe('潮汐潮\n（汐潮）')
})

test('accents that are characters of their own take no column', () => {
  expect(displayWidth('e\u0301te\u0301')).toBe(3)
})

test('a no-break space holds a reference to its word', () => {
  expect(wrapText('one two\u00a0[7]', 8)).toBe('one\ntwo\u00a0[7]')
})

test('nor does it let one begin a line in a script without spaces', () => {
  expect(wrapText('潮汐報告書\u00a0[7]', 10)).toBe('潮汐報告\n書\u00a0[7]')
})

test('a flag, a family or a letter with its marks is never broken', () => {
  expect(wrapText('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👍🏽🇵🇹', 8)).toBe('👩‍👩‍👧‍👦\n👩‍👩‍👧‍👦\n👍🏽🇵🇹')
})

test('a hole is as wide as its fallback, where that is longer than most names', () => {
  const hole = markPerson({ kind: 'person', name: 'name', fallback: 'dear subscriber' })

  expect(displayWidth(hole)).toBe(15)
  expect(wrapText(`one two ${hole}`, 20)).toBe(`one two\n${hole}`)
})

test('a hole is part of its word and is never broken', () => {
  const name = markPerson({ kind: 'person', name: 'name', fallback: 'reader' })

  expect(wrapText(`Good morning, ${name}!`, 20)).toBe(`Good morning,\n${name}!`)
  expect(displayWidth(markToken('read'))).toBe(22)
})
