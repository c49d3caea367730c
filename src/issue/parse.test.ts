import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../errors.js'
import type { Issue, Prose, Section } from './issue.js'
import { parseIssue } from './parse.js'

const publication = { lang: 'en', template: 'digest' }

function parse(body: string, keys = ''): Issue {
  const source = `---\ntitle: Ports reopen\ndate: 2026-03-31\n${keys}---\n${body}`
  return parseIssue({ file: 'issues/2026-03-31-ports.md', slug: '2026-03-31-ports', source, publication })
}

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run()
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n')
    throw error
  }
  return []
}

function problemsIn(body: string, keys = ''): readonly string[] {
  return problemsOf(() => parse(body, keys)).map((line) => line.replace('issues/2026-03-31-ports.md', 'file'))
}

/** Tokens as one readable line. */
function sketch(prose: Prose): string {
  return prose
    .flatMap((token) => (token.type === 'inline' ? (token.children ?? []) : [token]))
    .map((token) => {
      if (token.type === 'text') return token.content
      if (token.type === 'hole') return `[${String(token.meta?.name)}|${String(token.meta?.fallback)}]`
      if (token.type.startsWith('choice')) return `<${token.type} ${String(token.meta?.name)}>`
      return `<${token.type}>`
    })
    .join('')
}

function only(issue: Issue): Section {
  const [section] = issue.sections
  if (section === undefined) throw new Error('the issue has no Section')
  return section
}

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

describe('sections', () => {
  test('a heading begins a story, with kicker, byline and id', () => {
    const issue = parse(
      '## Quays *reopen* {kicker="Labour" #quays}\nBy Ana María Ruiz, [J. O\'Neil](https://example.com/oneil), and 王小明\n\nText.\n',
    )

    const story = only(issue)
    expect(story).toMatchObject({
      kind: 'story',
      id: 'quays',
      heading: 'Quays reopen',
      kicker: 'Labour',
      line: 5,
      authors: [
        { name: 'Ana María Ruiz', url: null },
        { name: 'J. O’Neil', url: 'https://example.com/oneil' },
        { name: '王小明', url: null },
      ],
    })
    expect(story.kind === 'story' && sketch(story.body)).toBe('<paragraph_open>Text.<paragraph_close>')
  })

  test.each([
    [
      'By A. Reyes and B. Lund\nThe text begins at once.',
      ['A. Reyes', 'B. Lund'],
      'The text begins at once.',
    ],
    ['\nBy Ludwig van der Berg & Zoë d’Angelo\n\nText.', ['Ludwig van der Berg', 'Zoë d’Angelo'], 'Text.'],
    ['By Ada Reyes, Jr., Bo Lund\n\nText.', ['Ada Reyes, Jr.', 'Bo Lund'], 'Text.'],
    ['By Monday the port had reopened.\n\nText.', [], 'By Monday the port had reopened.Text.'],
    [
      '\nBy Monday, Ministers and\nofficials had agreed.',
      [],
      'By Monday, Ministers and<softbreak>officials had agreed.',
    ],
    ['By 2030, Ports and Rail\n\nText.', [], 'By 2030, Ports and RailText.'],
  ])('a byline is a line of names under the heading: %j', (body, names, text) => {
    const story = only(parse(`## Quays\n${body}\n`))

    expect(story.kind === 'story' && story.authors.map(({ name }) => name)).toEqual(names)
    const words = story.kind === 'story' ? sketch(story.body).replace(/<paragraph_\w+>/g, '') : ''
    expect(words).toBe(text)
  })

  test('each paragraph is a brief', () => {
    const briefs = only(parse('## Other News {.briefs}\n\nOne\ngoes on.\n\nTwo.\n'))

    expect(briefs.kind === 'briefs' && briefs.items.map(sketch)).toEqual([
      '<paragraph_open>One<softbreak>goes on.<paragraph_close>',
      '<paragraph_open>Two.<paragraph_close>',
    ])
  })

  test('each list item is a brief, with all its paragraphs', () => {
    const issue = parse('## Other News {.briefs}\n\n- One.\n\n  More.\n- Two.\n')

    const briefs = only(issue)
    expect(briefs.kind === 'briefs' && briefs.items.map(sketch)).toEqual([
      '<paragraph_open>One.<paragraph_close><paragraph_open>More.<paragraph_close>',
      '<paragraph_open>Two.<paragraph_close>',
    ])
    expect(briefs.kind === 'briefs' && briefs.items.flat().some(({ hidden }) => hidden)).toBe(false)
    expect(issue.warnings).toEqual([])
  })

  test('a conditional passage is one brief, and may stand in one', () => {
    const briefs = only(
      parse(
        '## Other News {.briefs}\n\n{{#if subscriber.member}}\nOne.\n\nMore.\n{{else}}\nJoin.\n{{/if}}\n\nTwo.\n\n- Three.\n\n  {{#if subscriber.city}}\n  Four.\n  {{/if}}\n',
      ),
    )

    expect(
      briefs.kind === 'briefs' && briefs.items.map((item) => sketch(item).replace(/<para\w+>/g, '')),
    ).toEqual([
      '<choice_open member>One.More.<choice_else member>Join.<choice_close member>',
      'Two.',
      'Three.<choice_open city>Four.<choice_close city>',
    ])
  })

  test('each commentary entry knows its first link; one without is a warning', () => {
    const issue = parse(
      'See [the act](https://example.org/act).\n\n## Commentary {.commentary}\n\n- Ada Reyes argues [here](https://example.com/a) and [there](https://example.com/b).\n- Bo Lund says so.\n',
    )

    const commentary = only(issue)
    expect(
      commentary.kind === 'commentary' && commentary.entries.map(({ link, line }) => ({ link, line })),
    ).toEqual([
      { link: 1, line: 9 },
      { link: null, line: 10 },
    ])
    expect(issue.warnings).toEqual([
      { line: 10, message: 'this commentary entry has no link; say where it can be read' },
    ])
  })

  test('ids come from headings of any script and are unique', () => {
    const issue = parse(
      '## What’s next?\n\na\n\n## What’s next\n\nb\n\n## 港口重开\n\nc\n\n## …\n\nd\n\n## Other {#whats-next-2}\n\ne\n',
    )

    expect(issue.sections.map(({ id }) => id)).toEqual([
      'whats-next',
      'whats-next-3',
      '港口重开',
      'section-4',
      'whats-next-2',
    ])
  })

  test('notes, sponsors and the opening stand apart', () => {
    const issue = parse(
      'Dear {{subscriber.name "reader"}},\n\n## A word {.note}\n\nx\n\n## Paid {.sponsor}\n\ny\n',
    )

    expect(sketch(issue.opening)).toBe('<paragraph_open>Dear [name|reader],<paragraph_close>')
    expect(issue.sections.map(({ kind }) => kind)).toEqual(['note', 'sponsor'])
  })

  test.each([
    ['## News {.brief}\n\nx', 'file:5: ".brief" is no kind of Section; did you mean {.briefs}?'],
    [
      '## News {briefs}\n\nx',
      'file:5: "{briefs}" cannot be read; write {.briefs}, {#an-id} or {kicker="Label"}, with straight quotes',
    ],
    [
      '## News {kicker=“A”}\n\nx',
      'file:5: "{kicker=“A”}" cannot be read; write {.briefs}, {#an-id} or {kicker="Label"}, with straight quotes',
    ],
    ['## News {.briefs .note}\n\nx', 'file:5: a Section has one kind; take out .note'],
    ['## A {#x}\n\nx\n\n## B {#x}\n\nx', 'file:9: the id "x" is there twice; give this Section another'],
    ['## A\nBy Ada Reyes\n', 'file:5: the Section "A" is empty; write its text or take its heading out'],
    ['## A {.briefs}\n\n- x\n-\n', 'file:8: this list item is empty; write its text or take it out'],
    [
      '## A {.briefs}\n\nx\n\n### B\n',
      'file:9: a briefs Section holds paragraphs or list items only; indent this below the list item it belongs to',
    ],
    [
      '## A\n\nx {.lead}\n',
      'file:7: "{.lead}" has no effect here; attributes such as {.briefs}, {#an-id} or {kicker="Label"}, with straight quotes end a "##" heading',
    ],
    ['# A\n\nx\n', 'file:5: the title stands in the front matter; begin a Section with "##"'],
    ['- ## A\n', 'file:5: a Section cannot begin within a list or a quote; use "###" or end the list first'],
    [
      '## A [b](https://example.com)\n\nx\n',
      'file:5: a Section heading cannot be a link; put the link into the text below',
    ],
    [
      '## Dear {{subscriber.name}}\n\nx\n',
      'file:5: a Section heading is the same for every reader; put the hole into the text below',
    ],
    ['', 'issues/2026-03-31-ports.md: the issue has no text; begin a Section with "##"'],
  ])('%j is refused', (body, problem) => {
    expect(problemsIn(body)).toEqual([problem.replace('issues/2026-03-31-ports.md', 'file')])
  })

  test('a line of dashes below a paragraph is a divider, no heading', () => {
    expect(parse('One.\n---\nTwo.\n').sections).toEqual([])
  })
})

describe('links', () => {
  test('are numbered over the whole issue, in both branches of a condition too', () => {
    const issue = parse(
      '<https://example.com/0> and [mail](mailto:a@example.com)\n\n## A\n\n{{#if subscriber.x}}\n[1](https://example.com/1)\n{{else}}\n[2](https://example.com/2)\n{{/if}}\n\nhttps://example.com/3\n',
    )

    const links = [
      issue.opening,
      ...issue.sections.map((section) => (section.kind === 'story' ? section.body : [])),
    ]
      .flat()
      .flatMap(({ children }) => children ?? [])
      .filter(({ type }) => type === 'link_open')
      .map((token) => [token.attrGet('href'), token.meta?.link ?? null])
    expect(links).toEqual([
      ['https://example.com/0', 0],
      ['mailto:a@example.com', null],
      ['https://example.com/1', 1],
      ['https://example.com/2', 2],
      ['https://example.com/3', 3],
    ])
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    '/archive',
    '//example.com',
    'page.html',
    'https://',
    'mailto:',
    'ftp://example.com/a',
    '',
  ])('to %j are refused with their line', (url) => {
    const problems = problemsIn(`One\ntwo [x](<${url}>).\n`)

    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^file:6: .*https:\/\//)
  })

  test.each([
    '../secret.png',
    '/etc/passwd',
    'data:image/png;base64,AA',
    'images/../../x.png',
    'file:///x.png',
  ])('images from %j are refused', (source) => {
    expect(problemsIn(`![x](<${source}>)\n`)).toEqual([
      `file:5: "${source}" cannot be an image; write a file such as images/quay.jpg or a URL that begins with https://`,
    ])
  })

  test('names that end like a host are no links', () => {
    expect(sketch(parse('ASP.NET and example.com // done\n').opening)).toBe(
      '<paragraph_open>ASP.NET and example.com // done<paragraph_close>',
    )
  })

  test('to an anchor that no Section has are a warning', () => {
    expect(parse('[a](#one) [b](#two)\n\n## One\n\nx\n').warnings).toEqual([
      { line: 5, message: '"#two" leads to no Section; their ids are #one' },
    ])
  })
})

describe('holes', () => {
  test('keep their fallback from smart quotes, dots and links', () => {
    const opening = parse(
      '"{{subscriber.name "ASP... \'x\' -- https://example.com"}}" {{subscriber.name}}\'s desk\n',
    ).opening

    expect(sketch(opening)).toBe(
      "<paragraph_open>“[name|ASP... 'x' -- https://example.com]” [name|]’s desk<paragraph_close>",
    )
  })

  test.each([
    ['[x](https://example.com/{{subscriber.id}})', 'a hole can only stand in running text'],
    ['[x](https://example.com/{{subscriber.id "a"}})', 'a hole can only stand in running text'],
    ['https://example.com/{{subscriber.id}}', 'a hole can only stand in running text'],
    ['https://example.com/?a={{subscriber.id "b"}}', 'a hole can only stand in running text'],
    ['`{{subscriber.name}}`', 'a hole can only stand in running text'],
    ['```\n{{subscriber.name}}\n```', 'a hole can only stand in running text'],
    ['![{{subscriber.name}}](images/a.png)', 'a hole can only stand in running text'],
    ['\\{{subscriber.name}}', 'a hole can only stand in running text'],
    ['a\n\n[a]: https://example.com/{{subscriber.name}}', 'a hole can only stand in running text'],
    ['{{subscriber.Name}}', '"{{subscriber.Name}}" is neither a hole nor a condition'],
    ['{{subscriber.name “reader”}}', '"{{subscriber.name “reader”}}" is neither'],
    ['{{ subscriber.name }}', '"{{ subscriber.name }}" is neither'],
    ['{{{subscriber.name}}}', '"{{{subscriber.name}}}" is neither'],
    ['a {{constructor}} b', '"{{constructor}} b" is neither'],
    ['`{{`', '"{{`" is neither'],
    ['&#123;&#123;x}}', 'two braces in a row cannot be shown'],
    [
      'Now {{#if subscriber.x}} y {{/if}}',
      '{{#if subscriber.NAME}}, {{else}} and {{/if}} stand on lines of their own',
    ],
    ['{{#if subscriber.x}}\ny\n', 'this condition does not end'],
    ['{{#if subscriber.x}}\n{{/if}}\n', 'this condition holds nothing'],
    ['y\n\n{{/if}}\n', '{{/if}} ends nothing here'],
    ['{{else}}\ny\n', '{{else}} stands once'],
    [
      '{{#if subscriber.x}}\ny\n{{#if subscriber.z}}\ny\n{{/if}}\n{{/if}}\n',
      'a condition cannot stand within another',
    ],
    ['{{#if subscriber.x}}\ny\n\n## A\n\nz\n', 'this condition does not end'],
    ['- a\n\n  {{#if subscriber.x}}\n  b\n- c\n', 'this condition does not end'],
  ])('%j is refused', (body, message) => {
    const problems = problemsIn(`${body}\n`)

    expect(problems.join('\n')).toContain(message)
    expect(problems.every((problem) => /^file:\d+: /.test(problem))).toBe(true)
  })

  test('a refused one is named with its own line', () => {
    expect(problemsIn('a\nb\n{{x}} c\n')[0]).toMatch(/^file:7: /)
    expect(problemsIn('a\nb\n[c](https://example.com/{{subscriber.id}})\n')).toEqual([
      'file:7: a hole can only stand in running text, not in a URL, an image, a heading or code',
    ])
  })

  test('may stand in a table', () => {
    expect(sketch(parse('| a | b |\n|---|---|\n| c | {{subscriber.name}} |\n').opening)).toContain('[name|]')
  })
})

describe('text', () => {
  test('has the quotes of its language', () => {
    expect(sketch(parse('"Hafen"\n', 'lang: de\n').opening)).toContain('„Hafen“')
    expect(sketch(parse('"Port"\n', 'lang: fr\n').opening)).toContain('«\u00a0Port\u00a0»')
  })

  test('in braces at the end of a paragraph stays', () => {
    expect(sketch(parse('The set {a, b}\n').opening)).toContain('The set {a, b}')
  })

  test.each([
    [
      '<script>alert(1)</script>',
      'file:5: "<script>alert(1)</script>" is HTML; write Markdown, or a backslash before "<" to show it as it is',
    ],
    ['a\nb <b>c', 'file:6: "<b>" is HTML; write Markdown, or a backslash before "<" to show it as it is'],
    [
      '<!-- note -->',
      'file:5: "<!-- note -->" is HTML; write Markdown, or a backslash before "<" to show it as it is',
    ],
    ['a\u0000b', 'file:5: U+0000 is a control character, which cannot be sent; take it out'],
    ['a\n\u0092b', 'file:6: U+0092 is a control character, which cannot be sent; take it out'],
    ['a\ud800b', 'file:5: U+D800 is half a character; write the whole one'],
    ['a\ufffdb', 'file:5: U+FFFD stands for lost text; save the file as UTF-8'],
    ['a\ue00fb', 'file:5: U+E00F is a reserved character; take it out'],
    ['a &#xE000; b', 'file:5: U+E000 is a reserved character; take it out'],
    ['a &#x0; b', 'file:5: U+FFFD stands for lost text; save the file as UTF-8'],
  ])('%j is refused', (body, problem) => {
    expect(problemsIn(`${body}\n`)).toEqual([problem])
  })

  test('with "<" that begins no tag is fine', () => {
    expect(sketch(parse('a < b, 1<2, \\<b>\n').opening)).toContain('a < b, 1<2, <b>')
  })

  test('with Windows line ends and a byte order mark keeps its lines', () => {
    const source = '\ufeff---\r\ntitle: A\r\ndate: 2026-03-31\r\n---\r\n\r\n## B\r\n\r\nx\r\n'
    const issue = parseIssue({ file: 'f', slug: '2026-03-31-a', source, publication })

    expect(only(issue).line).toBe(6)
  })

  test('beyond a megabyte is refused', () => {
    expect(problemsIn('x'.repeat(1_000_001))[0]).toMatch(
      /^file: the file has \d+ bytes; 1000000 is the most$/,
    )
  })

  test('nested too deeply is refused', () => {
    expect(problemsIn(`${'> '.repeat(60)}x\n`)[0]).toContain('levels deep')
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
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '---\n',
      '\n\n',
      '\n',
      '## ',
      '# ',
      '- ',
      '> ',
      '    ',
      '```\n',
      '{{subscriber.name}}',
      '{{subscriber.x "y"}}',
      '{{#if subscriber.x}}\n',
      '{{else}}\n',
      '{{/if}}\n',
      '{{',
      '}}',
      '[a](',
      'https://example.com/',
      ')',
      '![',
      '](',
      '|a|b|\n|-|-|\n',
      '{.briefs}',
      '{.commentary}',
      'By A and B\n',
      '<b>',
      '&#xE000;',
      '*',
      '_',
      '"',
      "'",
      '\\',
      'title: x\n',
      'date: 2026-03-31\n',
    ),
  )
  const scribble = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

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
