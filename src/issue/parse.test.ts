import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scribble } from '../../tests/rig/scribble.js'
import { parse, problemsIn, problemsOf, publication } from '../../tests/rig/written-issue.js'
import { parseIssue } from './parse.js'

const WAIVE_FORM = '"waive" wants the id of a check and a reason, as in L05: the page opens on Monday'

describe('front matter', () => {
  test('gives title, date and the publication’s defaults', () => {
    const issue = parse('Hello.\n')

    expect(issue).toMatchObject({
      slug: '2026-03-31-ports',
      title: 'Ports reopen',
      date: '2026-03-31',
      number: null,
      subject: ['Ports reopen'],
      preheader: null,
      authors: [],
      template: 'digest',
      lang: 'en',
      dir: 'ltr',
      contents: null,
      comments: 'on',
      topics: [],
      waive: [],
      sections: [],
      warnings: [],
    })
  })

  test('keeps holes in subject and preheader', () => {
    const issue = parse('Hello.\n', 'subject: "For {{subscriber.name \\"you\\"}}: ports"\npreheader: Quays\n')

    expect(issue.subject).toEqual(['For ', { kind: 'person', name: 'name', fallback: 'you' }, ': ports'])
    expect(issue.preheader).toEqual(['Quays'])
  })

  test('reads text as text: a year as title, "no" as subject, leading zeros are no number', () => {
    const source = '---\ntitle: 2026\ndate: 2026-03-31\nsubject: no\n---\nHello.\n'
    const issue = parseIssue({ file: 'f', slug: '2026-03-31-a', source, publication })

    expect(issue.title).toBe('2026')
    expect(issue.subject).toEqual(['no'])
    expect(problemsIn('Hello.\n', 'number: 007\n')).toEqual([
      'file:4: "number" is not a whole number from 1 to 999999',
    ])
  })

  test.each([
    ['yes', true],
    ['no', false],
  ])('"contents: %s" decides about the list of contents', (given, wanted) => {
    expect(parse('Hello.\n', `contents: ${given}\n`).contents).toBe(wanted)
  })

  test.each([
    ['', 'on', 'on'],
    ['comments: off\n', 'on', 'off'],
    ['comments: 14d\n', 30, 14],
    ['', 30, 30],
    ['comments: on\n', 30, 'on'],
    ['comments: on\n', 'off', 'off'],
  ] as const)('%j where the publication says %s: comments are %s', (keys, ofAll, wanted) => {
    const source = `---\ntitle: A\ndate: 2026-03-31\n${keys}---\nHello.\n`
    const issue = parseIssue({
      file: 'f',
      slug: '2026-03-31-a',
      source,
      publication: { ...publication, comments: ofAll },
    })

    expect(issue.comments).toBe(wanted)
  })

  test('waivers keep id, reason and line', () => {
    const keys = 'waive:\n  L05: the  page opens\n    on Monday\n  M01: "no"\n'

    expect(parse('Hello.\n', keys).waive).toEqual([
      { id: 'L05', reason: 'the page opens on Monday', line: 5 },
      { id: 'M01', reason: 'no', line: 7 },
    ])
  })

  test.each([
    [
      'comments: no\n',
      ['file:4: "comments" wants on, off, or the days that they are open, as in comments: 30d'],
    ],
    [
      'comments: 0d\n',
      ['file:4: "comments" wants on, off, or the days that they are open, as in comments: 30d'],
    ],
    ['contents: maybe\n', ['file:4: "contents" is yes or no']],
    ['contents: true\n', ['file:4: "contents" is yes or no']],
    ['waive: L05\n', [`file:4: ${WAIVE_FORM}`]],
    ['waive: [L05]\n', [`file:4: ${WAIVE_FORM}`]],
    ['waive:\n  L05:\n', [`file:5: ${WAIVE_FORM}`]],
    ['waive:\n  L05: " "\n', [`file:5: ${WAIVE_FORM}`]],
    ['waive:\n  L05: [a]\n', [`file:5: ${WAIVE_FORM}`]],
    ['waive:\n  l5: so it is\n', [`file:5: "l5" is no id of a check; ${WAIVE_FORM}`]],
    ['waive:\n  L05: a\n  L05: b\n', ['file:6: this key is there twice; keep one']],
  ])('%j is refused', (keys, problems) => {
    expect(problemsIn('Hello.\n', keys)).toEqual(problems)
  })

  test.each([
    ['ar', 'rtl'],
    ['he-IL', 'rtl'],
    ['fa', 'rtl'],
    ['ur', 'rtl'],
    ['az', 'ltr'],
    ['az-Arab', 'rtl'],
    ['zh-Hant', 'ltr'],
  ])('%s is written %s', (lang, dir) => {
    expect(parse('Hello.\n', `lang: ${lang}\n`)).toMatchObject({ lang, dir })
  })

  test('names every problem at once, each with its line and what would be right', () => {
    const source = '---\ntitel: Ports\nnumber: twelve\ndate: 2026-02-30\nlang: e\n---\n# Ports\n\n## Empty\n'

    const problems = problemsOf(() =>
      parseIssue({ file: 'issues/draft.md', slug: 'draft', source, publication }),
    )

    expect(problems).toEqual([
      'issues/draft.md: the file is not named YYYY-MM-DD-slug.md; use a real date, small letters a-z, digits and hyphens',
      'issues/draft.md:2: "title" is missing; write title: Ports reopen after the strike',
      'issues/draft.md:2: "titel" is an unknown key; did you mean "title"?',
      'issues/draft.md:3: "number" is not a whole number from 1 to 999999',
      'issues/draft.md:4: "date" is not a day of the calendar; write it as 2026-03-31',
      'issues/draft.md:5: "e" is no language tag; write one like en, pt-BR or ar',
      'issues/draft.md:7: the title stands in the front matter; begin a Section with "##"',
      'issues/draft.md:9: the Section "Empty" is empty; write its text or take its heading out',
    ])
  })
})

describe('the file', () => {
  test.each([
    [
      '---js\nprocess.exit()\n---\nx',
      '"---js" asks for a language; front matter is YAML between two lines "---"',
    ],
    ['title: A\n', 'an issue file begins with a line "---", then title and date, then a line "---"'],
    ['', 'an issue file begins with a line "---", then title and date, then a line "---"'],
    ['---\ntitle: A\n', 'the front matter is not closed; add a line "---" below it'],
    ['---\ntitle: A: B\n---\nx', 'a value that holds ": " needs quotes around it'],
    ['---\ntitle: A\ntitle: B\n---\nx', 'this key is there twice; keep one'],
    ['---\n- a\n---\nx', 'front matter wants keys and values, as in title: Ports reopen'],
    ['---\ntitle: !!js/function x\n---\nx', 'this is not valid YAML'],
    ['---\ntitle: &a A\ndate: *a\n---\nx', 'an alias (*name) stands here; write the value itself'],
    [`---\n${'- '.repeat(1000)}\n---\nx`, 'this nests too deeply'],
  ])('%j is refused', (source, message) => {
    const problems = problemsOf(() => parseIssue({ file: 'f', slug: '2026-03-31-a', source, publication }))

    expect(problems.join('\n')).toContain(message)
  })

  test.each([
    ['"', '"Slack: [water'],
    ["'", "'Slack water"],
  ])('a quote %s that is not closed is told at the line where it opens', (quote, title) => {
    const source = `---\ndate: 2026-03-31\ntitle: ${title}\nnumber: 3\n---\nx\n`

    expect(problemsOf(() => parseIssue({ file: 'f', slug: '2026-03-31-a', source, publication }))).toEqual([
      `f:3: the quote ${quote} that opens here is not closed; write another at the end of the value`,
    ])
  })

  test('has the date that its name has', () => {
    const source = '---\ntitle: A\ndate: 2026-04-01\n---\nx\n'

    expect(problemsOf(() => parseIssue({ file: 'f', slug: '2026-03-31-a', source, publication }))).toEqual([
      "f:3: the date is 2026-04-01, the file's name says 2026-03-31; make them the same",
    ])
  })

  test.each(['../../x', '2026-03-31-A', '2026-02-30-a', '2026-03-31', '2026-03-31-a b'])(
    'cannot be named %j',
    (slug) => {
      const source = '---\ntitle: A\ndate: 2026-03-31\n---\nx\n'

      expect(problemsOf(() => parseIssue({ file: 'f', slug, source, publication }))).toHaveLength(1)
    },
  )
})

describe('whatever is written', () => {
  test('nothing but an InputError is thrown, and every problem has a sentence', () => {
    fc.assert(
      fc.property(scribble, fc.boolean(), (text, isBody) => {
        const problems = problemsOf(() =>
          isBody
            ? parse(text)
            : parseIssue({ file: 'f', slug: '2026-03-31-a', source: `---\n${text}`, publication }),
        )
        expect(problems.every((problem) => problem.length > 5)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('holes in running text survive, in order', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/)
    const fallback = fc.stringMatching(/^[^"{}\n\p{C}\u{FFFD}]{0,12}$/u)
    const word = fc.constantFrom(
      'ports',
      '**bold**',
      '"quoted"',
      "it's",
      'a -- b',
      '...',
      '*x*',
      'https://example.com/a ',
    )
    const hole = fc.record({ name, fallback })

    fc.assert(
      fc.property(fc.array(fc.tuple(word, hole), { minLength: 1, maxLength: 8 }), (parts) => {
        const body = parts
          .map(([text, { name, fallback }]) => `${text} {{subscriber.${name} "${fallback}"}}`)
          .join(' ')

        const found = parse(`Go ${body}\n`)
          .opening.flatMap(({ children }) => children ?? [])
          .filter(({ type }) => type === 'hole')
          .map(({ meta }) => ({ name: meta?.name, fallback: meta?.fallback }))
        expect(found).toEqual(parts.map(([, { name, fallback }]) => ({ name, fallback })))
      }),
    )
  })
})
