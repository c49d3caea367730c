import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Issue, Prose } from '../issue.js'
import { parseIssue } from '../parse.js'
import { plainText } from '../walk.js'
import { importText } from './text.js'

const bulletin = readFileSync(new URL('../../../tests/fixtures/bulletin.txt', import.meta.url), 'utf8')

function parse(text: string): Issue {
  const { slug, markdown } = importText(text, 'bulletin.txt')
  return parseIssue({ file: 'x.md', slug, source: markdown, publication: { lang: 'en', template: 'digest' } })
}

/** Each block of prose as plain text. */
function texts(prose: Prose): readonly string[] {
  return prose.flatMap(({ type, children }) => (type === 'inline' ? [plainText(children ?? [])] : []))
}

function allTexts({ opening, sections }: Issue): readonly string[] {
  return [
    ...texts(opening),
    ...sections.flatMap((section) => {
      if (section.kind === 'briefs') return [section.heading, ...section.items.flatMap(texts)]
      if (section.kind === 'commentary')
        return [section.heading, ...section.entries.flatMap(({ body }) => texts(body))]
      const names = section.kind === 'story' ? section.authors.map(({ name }) => name) : []
      return [section.heading, ...names, ...texts(section.body)]
    }),
  ]
}

/** Letters and digits only: marks may become typographic ones. */
function words(text: string): readonly string[] {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
}

describe('a bulletin', () => {
  test('becomes an issue named after its date and its first story', () => {
    const { slug, fileName, markdown } = importText(bulletin, 'bulletin.txt')

    expect(slug).toBe('2026-04-14-three-straits-ports-agree-on-a-common-berth-calendar')
    expect(fileName).toBe(`${slug}.md`)
    expect(markdown).toMatch(
      /^---\ntitle: Three Straits Ports Agree on a Common Berth Calendar\ndate: 2026-04-14\n---\n\n## Three Straits Ports Agree on a Common Berth Calendar\nBy Ines Varga, Tomás O’Dell and Aiko Brandt\n\n/,
    )
  })

  test('keeps its stories, the byline at the first one only', () => {
    const stories = parse(bulletin).sections.filter((section) => section.kind === 'story')

    expect(
      stories.map(({ heading, authors, body }) => [heading, authors.length, texts(body).length]),
    ).toEqual([
      ['Three Straits Ports Agree on a Common Berth Calendar', 3, 3],
      ['Will the Salt Road Terminal Ever Open?', 0, 4],
    ])
    expect(stories[0]?.authors.map(({ name }) => name)).toEqual(['Ines Varga', 'Tomás O’Dell', 'Aiko Brandt'])
  })

  test('takes every line below "Other News" and "Commentary" for an item, blank lines or not', () => {
    const issue = parse(bulletin)

    const counts = issue.sections.map((section) => {
      if (section.kind === 'briefs') return section.items.length
      return section.kind === 'commentary' ? section.entries.length : 0
    })
    expect(counts).toEqual([0, 0, 5, 4])
  })

  test('drops the comments line and nothing else', () => {
    const issue = parse(bulletin)

    const kept = allTexts(issue).flatMap(words)
    const given = words(bulletin.replace('Tuesday, 14 April 2026', '').replace('2 comments:', ''))
    // "and" joins the byline's names.
    expect(kept).toEqual(given.filter((word, index) => !(word === 'and' && given[index + 1] === 'Aiko')))
  })

  test('shows marks as they were written', () => {
    const shown = allTexts(parse(bulletin)).join('\n')

    expect(shown).toContain('hazardous goods [class 3 and above]')
    expect(shown).toContain('doubled to *€*1,200')
    expect(shown).toContain('the last {of five} payments')
    expect(shown).toContain('file no. 7_114_b')
    expect(shown).toContain('1. The rail link')
    expect(shown).toContain('or <two> shifts')
    expect(shown).toContain('5 a.m. & no later')
    expect(shown).toContain('# of detained ships')
    expect(shown).toContain('(c) is the clause')
    expect(shown).toContain('at https://example.org/tariff/reefer_review.')
  })
})

describe('a text', () => {
  test('wrapped at a width keeps its paragraphs', () => {
    const issue = parse(
      '2026-04-14\n\nPorts Reopen\n\nBy Ada Reyes\n\nThe quays at Marrow opened again\non Monday. Ships had waited\nfor nine days.\n\nOther News\n\nDues rise at\nKestrel Point.\n',
    )

    expect(allTexts(issue)).toEqual([
      'Ports Reopen',
      'Ada Reyes',
      'The quays at Marrow opened again on Monday. Ships had waited for nine days.',
      'Other News',
      'Dues rise at Kestrel Point.',
    ])
  })

  test('with words above the date or the first headline keeps them as the opening', () => {
    const issue = parse(
      'The Harbour Brief\n\nApril 14th, 2026\n\nDear readers, this one is short.\n\nPorts Reopen\n\nThey did so on a Monday.\n',
    )

    expect(texts(issue.opening)).toEqual(['The Harbour Brief', 'Dear readers, this one is short.'])
    expect(issue.title).toBe('Ports Reopen')
  })

  test('with the heading of an empty Section keeps it as text', () => {
    expect(allTexts(parse('2026-04-14\n\nOther News\n\nDues rise.\n\nCommentary\n'))).toEqual([
      'Other News',
      'Dues rise.',
      'Commentary',
    ])
  })

  test.each([
    [
      '',
      'x.txt:1: no date stands among the first lines; write one alone on the first line, such as 5 June 2022',
    ],
    [
      '31 February 2026\n\nText.\n',
      'x.txt:1: no date stands among the first lines; write one alone on the first line, such as 5 June 2022',
    ],
    ['14 April 2026\n\nNo comments:\n', 'x.txt: there is no text below the date; add the stories'],
  ])('%j is refused', (text, message) => {
    expect(() => importText(text, 'x.txt')).toThrow(expect.objectContaining({ name: 'InputError', message }))
  })
})

describe('whatever is written', () => {
  const mark = fc.constantFrom(
    ...'\\ ` * ** _ __ [ ] [a](b) ![ < > <b> </b> <!-- & &amp; &#42; { } {{ }} {{subscriber.name}} {.briefs} ~~ # ## - + = --- === ``` 1. 2) | ( ) (c) +- ,, : // @ a@example.com https://example.com/a_b?c=d&e www.example.com ! " \' ... \u2014'.split(
      ' ',
    ),
  )
  const word = fc.oneof(
    { weight: 3, arbitrary: fc.stringMatching(/^[a-zA-Zé港0-9]{1,8}$/) },
    { weight: 2, arbitrary: mark },
  )
  const line = fc
    .array(fc.tuple(word, fc.constantFrom(' ', '')), { minLength: 1, maxLength: 12 })
    .map((parts) => parts.flat().join(''))
  const text = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: line },
      {
        weight: 1,
        arbitrary: fc.constantFrom('Other News', 'Commentary', 'Ports Reopen', 'Ada Reyes, Bo Lund'),
      },
    ),
    { minLength: 1, maxLength: 12 },
  )

  test('every word survives, in order, as text of a valid issue', () => {
    fc.assert(
      fc.property(text, (lines) => {
        const body = lines.join('\n\n')
        fc.pre(words(body).length > 0)

        const kept = allTexts(parse(`14 April 2026\n\n${body}\n\nThe last paragraph, with a full stop.\n`))
        // A URL's host is shown in lower case, and names in a byline are joined by "and".
        const normal = (given: string) => words(given.toLowerCase()).filter((each) => each !== 'and')
        expect(kept.flatMap(normal)).toEqual([
          ...normal(body),
          ...normal('The last paragraph, with a full stop.'),
        ])
      }),
      { numRuns: 1000 },
    )
  })
})
