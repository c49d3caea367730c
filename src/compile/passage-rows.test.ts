import { describe, expect, test } from 'vitest'
import { fillHoled, markChoice, parseHoled } from './holed.js'
import { markIssueLine } from './issue-lines.js'
import { widenPassages } from './passage-rows.js'

/** What is left for someone whose city is known, and for someone else. */
function copies(marked: string): readonly string[] {
  return ['Bergen', ''].map((city) =>
    fillHoled(parseHoled(widenPassages(marked)), { value: () => city, token: () => '', escape: String }),
  )
}

const passage = markChoice('city', '<p>Here.</p>', '')

describe('a conditional passage', () => {
  test('takes the row of the mail with it', () => {
    const row = `<tr>\n<td class="prose">\n<div style="color:#1a1a1a;">${passage}</div>\n</td>\n</tr>\n`

    expect(copies(`<tbody>\n${row}<tr><td>x</td></tr></tbody>`)).toEqual([
      '<tbody>\n<tr>\n<td class="prose">\n<div style="color:#1a1a1a;"><p>Here.</p></div>\n</td>\n</tr>\n<tr><td>x</td></tr></tbody>',
      '<tbody>\n<tr><td>x</td></tr></tbody>',
    ])
  })

  test('takes the item of a list with it, whichever branch is empty', () => {
    expect(copies(`<ul>\n<li>${passage}</li>\n<li>x</li></ul>`)[1]).toBe('<ul>\n<li>x</li></ul>')
    expect(copies(`<ul><li>${markChoice('city', '', 'No.')}</li></ul>`)).toEqual([
      '<ul></ul>',
      '<ul><li>No.</li></ul>',
    ])
  })

  test.each([
    ['that shows something to everyone', `<ul><li>${markChoice('city', 'a', 'b')}</li></ul>`],
    ['beside words', `<ul><li><p>x</p>${passage}</li></ul>`],
    ['in a cell beside another', `<tr><td>${passage}</td><td>x</td></tr>`],
    ['in no row', `<div>${passage}</div>`],
  ])('%s leaves its row as it is', (_what, marked) => {
    expect(widenPassages(marked)).toBe(marked)
  })

  test('two in a row are told apart', () => {
    expect(copies(`<ul><li>${passage}</li><li>${passage}</li></ul>`)).toEqual([
      '<ul><li><p>Here.</p></li><li><p>Here.</p></li></ul>',
      '<ul></ul>',
    ])
  })

  test('is found through the marks of lines', () => {
    const marked = `<ul><li>${markIssueLine(3)}${passage}${markIssueLine(null)}</li></ul>`

    expect(widenPassages(marked)).toContain('<ul>\ue002city')
  })
})
