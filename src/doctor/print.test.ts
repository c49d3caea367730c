import { expect, test } from 'vitest'
import { type Finding, findingsOf } from './finding.js'
import { type Look, printExamination } from './print.js'

const PLAIN: Look = { columns: null, hasColour: false }
const spf = findingsOf('spf')
const disk = findingsOf('disk')

function print(findings: readonly Finding[], look: Look = PLAIN, isLive = true) {
  return printExamination({ isLive, isReady: false, findings }, look)
}

test('groups in the order of a delivery, columns aligned', () => {
  const text = print([disk.ok('plenty'), findingsOf('dmarc').warning('old'), spf.error('none')])

  expect(text).toBe(
    [
      'Sender',
      '  error    spf        none',
      '  warning  dmarc      old',
      '',
      'Machine',
      '  ok       disk       plenty',
      '',
      '1 error, 1 warning: a live Send would be refused by large providers, or not go out',
      '',
    ].join('\n'),
  )
})

test.each([
  [[spf.ok('x')], true, 'fit for a live Send'],
  [[spf.warning('x'), spf.warning('y')], true, '2 warnings; fit for a live Send'],
  [[spf.unasked('x')], true, '1 without an answer: whether a live Send would be taken is not known'],
  [[disk.error('x')], false, '1 error: a Send would not go on here'],
])('%j, live: %s', (findings, isLive, last) => {
  expect(print(findings, PLAIN, isLive).trimEnd().split('\n').at(-1)).toBe(last)
})

test('in a terminal lines are wrapped under their text, and the level is coloured', () => {
  const lines = print([spf.error('a sentence that is longer than what fits')], {
    columns: 50,
    hasColour: true,
  }).split('\n')

  expect(lines.slice(1, 3)).toEqual([
    '  \x1b[31merror  \x1b[0m  spf        a sentence that is longer than',
    '                      what fits',
  ])
})

test('what a stranger put into a record steers no terminal', () => {
  expect(print([spf.error('has "\x1b[2J\r\nok  all fine"')])).toContain('has "[2J ok all fine"')
})
