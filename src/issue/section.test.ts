import { describe, expect, test } from 'vitest'
import { only, parse, problemsIn, sketch } from '../../tests/rig/written-issue.js'

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

  test('a Section may be in another language, with its direction and its quotation marks', () => {
    const { sections } = parse(
      '## One\n\n"A"\n\n## Deux {lang=fr-CH}\n\n"B"\n\n## ثلاثة {lang="AR"}\n\n"C"\n',
    )

    expect(sections.map(({ lang, dir }) => [lang, dir])).toEqual([
      [null, 'ltr'],
      ['fr-CH', 'ltr'],
      ['ar', 'rtl'],
    ])
    expect(sections.map((section) => section.kind === 'story' && sketch(section.body))).toEqual([
      '<paragraph_open>“A”<paragraph_close>',
      '<paragraph_open>«\u00a0B\u00a0»<paragraph_close>',
      '<paragraph_open>“C”<paragraph_close>',
    ])
  })

  test('a Section without a language has the direction of its issue', () => {
    const [first, second] = parse('## אחת\n\nx\n\n## Two {lang=en}\n\nx\n', 'lang: he\n').sections

    expect([first?.dir, second?.dir]).toEqual(['rtl', 'ltr'])
  })

  test('a language that is none is refused', () => {
    expect(problemsIn('## One {lang=english}\n\nx\n')).toEqual([
      'file:5: "english" is no language tag; write one like {lang=ar} or {lang=pt-BR}',
    ])
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
      'file:5: "{briefs}" cannot be read; write {.briefs}, {#an-id}, {kicker="Label"} or {lang=ar}, with straight quotes',
    ],
    [
      '## News {kicker=“A”}\n\nx',
      'file:5: "{kicker=“A”}" cannot be read; write {.briefs}, {#an-id}, {kicker="Label"} or {lang=ar}, with straight quotes',
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
      'file:7: "{.lead}" has no effect here; {.pull} ends a quote, {.button} a link, {.briefs}, {#an-id}, {kicker="Label"} or {lang=ar}, with straight quotes a "##" heading',
    ],
    [
      '## A[^1]\n\nx\n\n[^1]: y',
      'file:5: a Section heading cannot have a footnote; put it into the text below',
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
