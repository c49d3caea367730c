import { describe, expect, test } from 'vitest'
import { parse, problemsIn } from '../../tests/rig/written-issue.js'
import { markOf } from './footnotes.js'
import type { Issue, Prose } from './issue.js'
import { linkIndexOf } from './links.js'
import { walk } from './walk.js'

/** `words(1) … [1: note]`: references with their numbers, notes where they stand. */
function notesIn(prose: Prose): string {
  const words = [...walk(prose)].map(({ token }) => {
    const mark = markOf(token)
    if (token.type === 'text') return token.content
    if (token.type === 'footnote_ref') return `(${mark?.number}${mark?.isFirst ? '' : ' again'})`
    if (token.type === 'footnote_open') return `[${mark?.number}: `
    if (token.type === 'footnote_close') return ']'
    return token.type.startsWith('choice') ? `<${token.type.slice(7)}>` : ''
  })
  return words.join('')
}

function passages(issue: Issue): readonly string[] {
  const sections = issue.sections.flatMap((section): readonly Prose[] => {
    if (section.kind === 'briefs') return section.items
    return section.kind === 'commentary' ? section.entries.map((entry) => entry.body) : [section.body]
  })
  return [issue.opening, ...sections].map(notesIn)
}

describe('footnotes', () => {
  test('are numbered through the issue and stand where the text that first refers to them ends', () => {
    const issue = parse(
      'Dear[^why].\n\n## One\n\nA[^b] and[^a].\n\n[^a]: Note a.\n\n## Two\n\nAgain[^b], new[^c].\n\n' +
        '[^why]: Because.\n[^b]: Note b.\n[^c]: Note c.\n',
    )

    expect(passages(issue)).toEqual([
      'Dear(1).[1: Because.]',
      'A(2) and(3).[2: Note b.][3: Note a.]',
      'Again(2 again), new(4).[4: Note c.]',
    ])
  })

  test('of briefs and commentary stand below their item', () => {
    const body =
      '## News {.briefs}\n\nOne[^1].\n\nTwo.\n\n## Commentary {.commentary}\n\n- A[^2] [b](https://example.com)\n\n[^1]: First.\n[^2]: Second.\n'

    expect(passages(parse(body))).toEqual(['', 'One(1).[1: First.]', 'Two.', 'A(2) b[2: Second.]'])
  })

  test('of a conditional passage stand in the branch that refers to them', () => {
    const body =
      'All[^1].\n\n{{#if subscriber.x}}\nYes[^2].\n{{else}}\nNo[^3].\n{{/if}}\n\n[^1]: One.\n[^2]: Two.\n[^3]: Three.\n'

    expect(passages(parse(body))).toEqual([
      'All(1).<open>Yes(2).[2: Two.]<else>No(3).[3: Three.]<close>[1: One.]',
    ])
  })

  test('may hold paragraphs, lists and links, which are numbered after those of the text', () => {
    const issue = parse(
      '[^1]: See [a](https://example.com/a).\n\n    - And more.\n\n## One\n\nText[^1] [b](https://example.com/b).\n',
    )

    const links = issue.sections.flatMap((section) =>
      section.kind === 'story' ? section.body.flatMap(({ children }) => children ?? []) : [],
    )
    expect(passages(issue)[1]).toBe('Text(1) b.[1: See a.And more.]')
    expect(links.flatMap((token) => (linkIndexOf(token) === null ? [] : [token.attrGet('href')]))).toEqual([
      'https://example.com/b',
      'https://example.com/a',
    ])
  })

  test.each([
    [
      'A.\n\n[^1]: One.',
      'file:7: nothing refers to the footnote [^1]; put [^1] into the text, or take the note out',
    ],
    ['A[^2].', 'file:5: there is no footnote [^2]; write [^2]: and its text on a line of its own'],
    [
      'A[^1].\n\n[^1]: One.\n[^1]: Two.',
      'file:8: the footnote [^1] is there twice, first on line 7; rename one',
    ],
    ['A[^1].\n\n[^1]: One[^2].\n[^2]: Two.', 'file:7: a footnote cannot refer to another; say it in one'],
    [
      'A[^1].\n\n- [^1]: One.',
      'file:7: the footnote [^1] stands in a list or a quote; begin its line at the left',
    ],
    ['A[^1].\n\n[^1]:\n', 'file:7: the footnote [^1] is empty; write its text behind the colon'],
    [
      'A[^1].\n\n{{#if subscriber.x}}\nB\n\n[^1]: One.\n{{/if}}',
      'file:10: the footnote [^1] stands in a condition; write it below {{/if}}',
    ],
    [
      'A[^1].\n\n[^1]: One.\n\n    {{#if subscriber.x}}\n    B\n    {{/if}}',
      'file:7: a footnote cannot hold a condition; put the reference to it into one',
    ],
    [
      '{{#if subscriber.x}}\nA[^1].\n{{/if}}\n\nB[^1].\n\n[^1]: One.',
      'file:9: not every reader of this sees the footnote [^1], which a condition holds; write another',
    ],
    [
      '![a[^1]](images/a.png)\nB[^1]\n\n[^1]: One.',
      'file:5: a footnote cannot stand in what an image shows; put it into the caption',
    ],
  ])('%j is refused', (body, problem) => {
    expect(problemsIn(`${body}\n`)).toContain(problem)
  })

  test('a bracket that shall show as it is has a backslash', () => {
    expect(problemsIn('A\\[^1] and `[^1]`.\n')).toEqual([])
  })
})
