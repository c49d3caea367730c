import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countLinks, MAX_COMMENT, MAX_COMMENT_NAME, readCommentWords } from './comment-text.js'

const read = (text: string, name = 'Ines') => readCommentWords({ name, text })

test('words stay as they were written, in any script, and keep their lines', () => {
  const text = 'Ein Satz.\nNoch einer.\n\nعربي مع‌نیم‌فاصله\n\n日本語 👩‍👩‍👧 ﬁ <b>&amp;</b>'

  expect(read(text)).toEqual({ name: 'Ines', text, problems: [] })
})

test.each([
  ['a NUL and what steers a terminal', 'a\u0000b\u001b[31mc\u009b2Jd', 'ab[31mc2Jd'],
  ['an override of the direction', 'pay \u202eevil\u202c and \u2066more\u2069', 'pay evil and more'],
  ['what nobody sees', 'a\u200bb\ufeffc\u{e0041}d', 'abcd'],
  ['line ends of any machine', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
  ['many empty lines, and blanks at the end of one', 'a  \n\n\n\n\nb\t\n', 'a\n\nb'],
  ['a lone surrogate', 'a\ud800b', 'ab'],
])('%s is dropped or made plain', (_what, given, wanted) => {
  expect(read(given).text).toBe(wanted)
})

test('marks piled upon a letter are cut, those of a language stay', () => {
  const piled = `H${'\u0335\u0321\u034e'.repeat(50)}e`

  expect(read(piled).text.length).toBeLessThanOrEqual(6)
  expect(read('Việt Nam, בְּרֵאשִׁ֖ית, นี้').text).toBe('Việt Nam, בְּרֵאשִׁ֖ית, นี้'.normalize('NFC'))
})

test.each([
  ['', 'Words', ['nameMissing']],
  ['\u200b\u3164', 'Words', ['nameMissing']],
  ['x'.repeat(MAX_COMMENT_NAME + 1), 'Words', ['nameLong']],
  ['www.example.com', 'Words', ['nameLink']],
  ['Ines', ' \n ', ['textMissing']],
  ['Ines', 'x'.repeat(MAX_COMMENT + 1), ['textLong']],
  ['Ines', 'http://a https://b ftp://c www.d', ['links']],
  ['', '', ['nameMissing', 'textMissing']],
])('name %j and such a text are refused: %s', (name, text, problems) => {
  expect(read(text, name).problems).toEqual(problems)
})

test('length is counted in characters', () => {
  expect(read('👩'.repeat(MAX_COMMENT)).problems).toEqual([])
  expect(read('👩'.repeat(MAX_COMMENT + 1)).problems).toEqual(['textLong'])
})

test('three links pass, and a name has no line break', () => {
  expect(read('https://a https://b www.c').problems).toEqual([])
  expect(read('x', 'Ines\r\nVarga\t!').name).toBe('Ines Varga !')
})

test('links are counted however they are written', () => {
  expect(countLinks('HTTPS://a.example,www.b.example javascript:x mailto:x a.example')).toBe(2)
})

test('what was read once reads the same again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const once = read(text).text
      expect(read(once).text).toBe(once)
    }),
  )
})

test('a megabyte of marks or of blank lines is read in no time', () => {
  const startedAt = performance.now()

  read('\u0301'.repeat(500_000))
  read('\n \t'.repeat(300_000))
  read('http://'.repeat(100_000))

  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
