import { expect, test } from 'vitest'
import type { Finding } from '../compile/checks/finding.js'
import { countFindings, lookOf, printFindings } from './findings.js'

const plain = { hasColour: false }

function finding(changed: Partial<Finding> = {}): Finding {
  return {
    id: 'L05',
    severity: 'warn',
    message: '"here" says nothing',
    hint: 'write where it leads',
    file: 'issues/a.md',
    line: 8,
    waived: null,
    ...changed,
  }
}

test('findings stand in columns, a line each, those of a file together', () => {
  const findings = [
    finding(),
    finding({ id: 'S05', severity: 'error', line: 112, hint: '' }),
    finding({ file: 'issues/b.md', line: null, severity: 'info' }),
  ]

  expect(printFindings(findings, plain)).toBe(
    [
      'issues/a.md:8:   warning L05: "here" says nothing; write where it leads',
      'issues/a.md:112: error   S05: "here" says nothing',
      '',
      'issues/b.md: note    L05: "here" says nothing; write where it leads',
      '',
    ].join('\n'),
  )
})

test('what is waived is shown with the editor’s reason', () => {
  expect(printFindings([finding({ severity: 'error', waived: 'it opens on Monday' })], plain)).toBe(
    'issues/a.md:8: waived  L05: "here" says nothing; waived: it opens on Monday\n',
  )
})

test('nothing in a finding steers the terminal; colour is ours, and only on a terminal', () => {
  const odd = finding({ severity: 'error', message: 'red \u001b[31mink\nhere' })

  expect(printFindings([odd], plain)).not.toContain('\u001b')
  expect(printFindings([odd], lookOf({ isTTY: true, hasColors: () => true }))).toContain(
    '\u001b[31merror  \u001b[0m L05: red [31mink here',
  )
  expect(lookOf({ isTTY: true, hasColors: () => false })).toEqual(plain)
  expect(lookOf({ hasColors: () => true })).toEqual(plain)
})

test('the sentence at the end says whether it may be sent, and what wants a look', () => {
  const error = finding({ severity: 'error' })

  expect(countFindings([])).toBe('fit to send')
  expect(countFindings([finding({ severity: 'info' })])).toBe('fit to send')
  expect(countFindings([finding(), error, error])).toBe(
    '2 errors to mend before sending, 1 warning to look at',
  )
  expect(countFindings([{ ...error, waived: 'because' }])).toBe('fit to send, 1 waived')
})
