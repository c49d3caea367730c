import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeHtml, escapeText } from './escape.js'
import { fillHoled, markChoice, markPerson, markToken, parseHoled } from './holed.js'

const nobody = { value: () => '', token: () => 'T', escape: escapeHtml }

describe('parseHoled', () => {
  test('text without markers is one run, and no text is none', () => {
    expect(parseHoled('plain')).toEqual(['plain'])
    expect(parseHoled('')).toEqual([])
  })

  test('a hole stands between its neighbours, which stay as they are', () => {
    const marked = `Dear ${markPerson({ kind: 'person', name: 'name', fallback: 'reader' })}, https://p/c/${markToken('read')}/0`

    expect(parseHoled(marked)).toEqual([
      'Dear ',
      { kind: 'person', name: 'name', fallback: 'reader' },
      ', https://p/c/',
      { kind: 'token', purpose: 'read' },
      '/0',
    ])
  })

  test('a conditional passage carries both branches and the holes in them', () => {
    const present = `<p>${markPerson({ kind: 'person', name: 'city', fallback: '' })}</p>`
    const absent = `<p>${markToken('leave')}</p>`

    expect(parseHoled(`a${markChoice('city', present, absent)}b`)).toEqual([
      'a',
      {
        kind: 'choice',
        name: 'city',
        present: ['<p>', { kind: 'person', name: 'city', fallback: '' }, '</p>'],
        absent: ['<p>', { kind: 'token', purpose: 'leave' }, '</p>'],
      },
      'b',
    ])
  })

  test('any fallback survives the way, whatever characters it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        // An issue file is UTF-8: a lone surrogate cannot come from one.
        const fallback = given.replace(/\p{Cs}/gu, '?')
        const hole = { kind: 'person', name: 'name', fallback } as const
        expect(parseHoled(escapeHtml('<') + markPerson(hole))).toEqual(['&lt;', hole])
      }),
    )
  })

  test.each([
    ['an end without a beginning', '\ue005'],
    ['a passage in a passage', markChoice('city', markChoice('name', '', ''), '')],
    ['a passage without an end', '\ue002city\ue003 and so on'],
    ['half a marker', 'a \ue000p and b'],
  ])('%s is a bug, and thrown', (_what, marked) => {
    expect(() => parseHoled(marked)).toThrow()
  })
})

describe('fillHoled', () => {
  const greeting = parseHoled(
    `Dear ${markPerson({ kind: 'person', name: 'name', fallback: 'dear <reader>' })}`,
  )

  test('a value is escaped for its part, and so is a fallback', () => {
    expect(fillHoled(greeting, { ...nobody, value: () => 'A & "B" {{x}}' })).toBe(
      'Dear A &amp; &quot;B&quot; {{x}}',
    )
    expect(fillHoled(greeting, nobody)).toBe('Dear dear &lt;reader&gt;')
  })

  test('a line break in a value cannot begin a line of the text part', () => {
    const filled = fillHoled(greeting, { ...nobody, value: () => 'A\r\n\r\n-- \nB', escape: escapeText })

    expect(filled).toBe('Dear A -- B')
  })

  test('white space alone is no value: the fallback shows and the passage for nobody', () => {
    const passage = parseHoled(markChoice('name', 'known', 'unknown'))

    expect(fillHoled(greeting, { ...nobody, value: () => ' ' })).toBe('Dear dear &lt;reader&gt;')
    expect(fillHoled(passage, { ...nobody, value: () => ' ' })).toBe('unknown')
    expect(fillHoled(passage, { ...nobody, value: () => 'Alice' })).toBe('known')
  })
})
