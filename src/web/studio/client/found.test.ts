import { expect, test } from 'vitest'
import type { Finding } from '../api.js'
import { countWords, gravestOf, groupFindings, sentenceOf } from './found.js'

function found(severity: Finding['severity'], message: string, waived: string | null = null): Finding {
  return { id: 'N02', severity, message, hint: '', file: 'issues/x.md', line: 3, waived }
}

test('findings are grouped by how grave they are, and what is waived stands apart', () => {
  const findings = [
    found('info', 'a'),
    found('error', 'b'),
    found('error', 'c', 'it has to be'),
    found('warn', 'd'),
    found('error', 'e'),
  ]

  const groups = groupFindings(findings)

  expect(groups.map(({ title, findings: those }) => [title, those.map(({ message }) => message)])).toEqual([
    ['2 errors', ['b', 'e']],
    ['1 warning', ['d']],
    ['1 note', ['a']],
    ['1 waived', ['c']],
  ])
})

test('the tab counts what wants doing: neither notes nor what is waived', () => {
  expect(countWords([found('error', 'a'), found('warn', 'b'), found('warn', 'c')])).toBe(
    '1 error, 2 warnings',
  )
  expect(countWords([found('info', 'a'), found('error', 'b', 'it has to be')])).toBe('')
})

test('a mark is as grave as the gravest of what it stands for', () => {
  expect(gravestOf([found('info', 'a'), found('error', 'b'), found('warn', 'c')])).toBe('error')
})

test('a finding is said with its kind', () => {
  expect(sentenceOf(found('warn', '"here" does not say where the link leads'))).toBe(
    'Warning: "here" does not say where the link leads',
  )
})
