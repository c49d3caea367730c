import { describe, expect, test } from 'vitest'
import { problemsIn } from '../../tests/rig/written-issue.js'

describe('what was meant as a mark', () => {
  test.each([
    [
      '![a](images/a.png) {width=300}',
      'file:5: "{width=300}" has no effect here; it stands right behind what it is about, without a space',
    ],
    [
      '### A {lang=ar}\n\nb',
      'file:5: "{lang=ar}" has no effect here; it stands right behind what it is about, without a space',
    ],
    ['a\n##B', null],
    ['##A', 'file:5: a heading wants a space behind "##"'],
    ['a\n\n```\nb\n\n## C\n', 'file:7: this block of code does not end; add a line ``` below it'],
    ['- ~~~\n  a\n\nb', 'file:5: this block of code does not end; add a line ~~~ below it'],
    ['```', 'file:5: this block of code does not end; add a line ``` below it'],
    ['a[^1] and \\[^2]', 'file:5: there is no footnote [^1]; write [^1]: and its text on a line of its own'],
  ])('and became text is told: %j', (body, problem) => {
    expect(problemsIn(`${body}\n`)).toEqual(problem === null ? [] : [problem])
  })

  test.each([
    '#1 of 3',
    '## ##A\n\nb',
    '\\##A',
    'a {width} \\{width=3} `{width=3}`',
    '`[^1]` \\[^1]',
    '```\n```',
    '> ```\n> a\n> ```',
    '- ````\n  ```\n  ````',
    '```\n[^1] {width=3}\n```',
  ])('or is text is left alone: %j', (body) => {
    expect(problemsIn(`${body}\n`)).toEqual([])
  })
})
