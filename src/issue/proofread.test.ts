import { describe, expect, test } from 'vitest'
import { only, parse, problemsIn, publication, sketch } from '../../tests/rig/written-issue.js'
import { parseIssue } from './parse.js'

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
    'https://example.com/quay.png',
    'quay.png',
    'images/',
    'images/%2e%2e/x.png',
  ])('images from %j are refused', (source) => {
    expect(problemsIn(`![x](<${source}>)\n`)).toEqual([
      `file:5: "${source}" cannot be an image; copy the file into issues/images and write images/NAME, such as images/quay.jpg`,
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

describe('text', () => {
  test('has the quotes of its language', () => {
    expect(sketch(parse('"Hafen"\n', 'lang: de\n').opening)).toContain('„Hafen“')
    expect(sketch(parse('"Port"\n', 'lang: fr\n').opening)).toContain('«\u00a0Port\u00a0»')
  })

  test('has the quotes of a language that puts no space before them', () => {
    expect(sketch(parse('港の"道具"は*長"く*も"つ。\n', 'lang: ja\n').opening)).toContain(
      '港の「道具」は<em_open>長「く<em_close>も」つ。',
    )
    expect(sketch(parse('선반은 "것"을 모은다. `"`\n', 'lang: ko\n').opening)).toContain('“것”을')
    expect(sketch(parse('一"二三\n', 'lang: zh\n').opening)).toContain('一"二三')
  })

  test.each([
    ['港の**「道具」**は', '港の<strong_open>「道具」<strong_close>は'],
    ['港*「道具」*。', '港<em_open>「道具」<em_close>。'],
    ['**注意：**请登记', '<strong_open>注意：<strong_close>请登记'],
    ['**"것"**을', '<strong_open>“것”<strong_close>을'],
    ['~~（旧）~~新', '<s_open>（旧）<s_close>新'],
    ['2 * 3 = 6*', '2 * 3 = 6*'],
    ['a*"b"*c', 'a*“b”*c'],
  ])('has its emphasis though no space stands beside it: %s', (markdown, shown) => {
    expect(sketch(parse(`${markdown}\n`, 'lang: zh\n').opening)).toBe(
      `<paragraph_open>${shown}<paragraph_close>`,
    )
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
    ['a\ufdd0b', 'file:5: U+FDD0 is no character; take it out'],
    ['a\u{10fffe}b', 'file:5: U+10FFFE is no character; take it out'],
    ['a\ufffcb', 'file:5: U+FFFC stands for lost text; save the file as UTF-8'],
    ['a\u202eb', 'file:5: U+202E turns the direction of writing around; take it out, the language decides'],
    [
      'a &#x2066; b',
      'file:5: U+2066 turns the direction of writing around; take it out, the language decides',
    ],
    ['a\ue00fb', 'file:5: U+E00F is a reserved character; take it out'],
    ['a &#xE000; b', 'file:5: U+E000 is a reserved character; take it out'],
    ['a &#x0; b', 'file:5: U+FFFD stands for lost text; save the file as UTF-8'],
  ])('%j is refused', (body, problem) => {
    expect(problemsIn(`${body}\n`)).toEqual([problem])
  })

  test('in Arabic may hold the marks and joiners that its spelling needs', () => {
    expect(problemsIn('می\u200cروم \u200fx\u200e \u061c\n', 'lang: fa\n')).toEqual([])
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
