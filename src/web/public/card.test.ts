import fc from 'fast-check'
import { imageSize } from 'image-size'
import { expect, test } from 'vitest'
import { drawCard, writeCard } from './card.js'
import { openFont } from './card-font.js'
import { setTitle } from './card-lines.js'

const [regular, bold] = [openFont('Regular'), openFont('Bold')]
const text = {
  publication: 'The Harbour Brief',
  title: 'Cranes stand still',
  edition: 'No. 12 · 1 March 2026',
  accent: '#9b2226',
}
const write = (more: Partial<typeof text>) => writeCard({ ...text, ...more }, { regular, bold })
const linesOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, line]) => line)
const sizesOf = (svg: string) => [...svg.matchAll(/font-size="(\d+)"/g)].map(([, size]) => Number(size))

const FIELD = { width: 1000, height: 330, sizes: [96, 64, 48], leading: 1.2, maxLines: 5 }

test('the font knows Latin, Greek and Cyrillic, and how wide they are', () => {
  expect(bold.has('Žižkov Łódź Αθήνα Москва “Größe” – №')).toBe(true)
  expect(bold.has('港')).toBe(false)
  expect(bold.width('i')).toBeLessThan(0.4)
  expect(bold.width('W')).toBeGreaterThan(0.9)
  expect(bold.width('iW')).toBeCloseTo(bold.width('i') + bold.width('W'))
})

test('a card has the size that other sites want, and is a picture of what it says', async () => {
  const [card, other] = [await drawCard(text), await drawCard({ ...text, title: 'Cranes move again' })]

  expect(imageSize(card)).toMatchObject({ width: 1200, height: 630, type: 'png' })
  expect(Buffer.from(card).equals(Buffer.from(other))).toBe(false)
  expect(Buffer.from(card).equals(Buffer.from(await drawCard(text)))).toBe(true)
})

test('name, title and edition stand on it, a short title larger than a long one', () => {
  expect(linesOf(write({}))).toEqual(['The Harbour Brief', 'Cranes stand still', 'No. 12 · 1 March 2026'])
  expect(sizesOf(write({}))[1]).toBe(96)
  expect(
    sizesOf(write({ title: 'What the assembly decided about berths and cranes. '.repeat(3) }))[1],
  ).toBeLessThan(72)
})

test.each(['港の話', 'معرض', 'הנמל', 'Cranes 港'])(
  'a title in letters that the font lacks gives way to the name: %s',
  (title) => {
    expect(linesOf(write({ title }))).toEqual(['The Harbour Brief', 'No. 12 · 1 March 2026'])
  },
)

test('a sign that the font lacks is left out, and nothing at all is no error', () => {
  expect(linesOf(write({ title: '⚓️ Cranes 🏗️ stand 👩‍👩‍👧 still' }))[1]).toBe('Cranes stand still')
  expect(linesOf(write({ title: '', publication: '', edition: '港' }))).toEqual([])
})

test('V41: what looks like markup is text on the card', () => {
  const svg = write({
    title: '</text><script>alert(1)</script><image href="file:///etc/passwd"/>',
    publication: '&xxe; <a href="javascript:alert(1)">',
    edition: ']]><!ENTITY x "y">',
    accent: '"/><script>',
  })

  expect(new Set([...svg.matchAll(/<([!?\w]+)/g)].map(([, tag]) => tag))).toEqual(
    new Set(['svg', 'rect', 'text']),
  )
  expect(svg).toContain('fill="#1a1a1a"')
  expect(svg).toContain('&lt;script&gt;')
})

test('lines are whole words of much the same length', () => {
  const { size, lines } = setTitle('Why the ships wait outside the harbour, and who pays for it', bold, FIELD)

  const widths = lines.map((line) => bold.width(line) * size)
  expect(lines.join(' ')).toBe('Why the ships wait outside the harbour, and who pays for it')
  expect(Math.max(...widths) / Math.min(...widths)).toBeLessThan(1.5)
})

test('a word wider than the card is broken, what is too long ends in an ellipsis', () => {
  const word = setTitle('W'.repeat(60), bold, FIELD)
  const long = setTitle('Everything '.repeat(200), bold, FIELD)

  expect(word.lines.join('')).toBe('W'.repeat(60))
  expect(long.lines).toHaveLength(5)
  expect(long.lines.at(-1)).toMatch(/…$/)
})

test('whatever the title, its lines stay within the field', () => {
  const title = fc.string({ unit: fc.constantFrom(...'abcmWi ÉñΩЖ—,.'), maxLength: 600 })
  fc.assert(
    fc.property(title, (words) => {
      const { size, lines } = setTitle(words, bold, FIELD)
      expect(lines.length).toBeLessThanOrEqual(5)
      expect(lines.length * size * FIELD.leading).toBeLessThanOrEqual(FIELD.height)
      for (const line of lines) expect(bold.width(line) * size).toBeLessThanOrEqual(FIELD.width)
    }),
  )
})
