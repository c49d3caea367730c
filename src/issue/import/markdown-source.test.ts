import { describe, expect, test } from 'vitest'
import { writeIssueFile } from './issue-file.js'
import { readMarkdown } from './markdown-source.js'
import { NO_FIELDS, type PostContext } from './post.js'

const context: PostContext = { where: 'post.md', site: null, timeZone: null }

function read(source: string) {
  const post = readMarkdown(source, NO_FIELDS, context)
  const issue = writeIssueFile(
    { ...post, fields: { ...post.fields, date: post.fields.date ?? '2026-04-14' } },
    { images: new Map(), lang: 'en' },
  )
  const [, front = '', text = ''] = /^---\n(.*?)---\n\n(.*)$/s.exec(issue.markdown) ?? []
  return { front, text, notes: issue.notes.map(({ line, message }) => `${line}: ${message}`) }
}

describe('front matter', () => {
  test('of Jekyll', () => {
    const { front, notes } = read(
      '---\nlayout: post\ntitle:  "Ports: a story"\ndate:   2026-03-05 10:00:00 +0100\nauthor: Ines Varga\ntags: [ports, tides]\n---\nText.\n',
    )

    expect(front).toBe('title: "Ports: a story"\ndate: 2026-03-05\nauthors:\n  - Ines Varga\n')
    expect(notes).toEqual(['2: “layout: post” was left out', '6: “tags: ports, tides” was left out'])
  })

  test('of Hugo, in TOML', () => {
    const { front } = read(
      '+++\ntitle = "Ports \\"reopen\\""\ndate = 2026-03-05T10:00:00+01:00\nauthors = [\n  "Ines Varga", # the first\n  \'Jo Mbeki\',\n]\nsummary = """\nWhat\nchanges"""\n[params]\nslug = "ports-again"\n+++\nText.\n',
    )

    expect(front).toBe(
      'title: Ports "reopen"\ndate: 2026-03-05\nauthors:\n  - Ines Varga\n  - Jo Mbeki\npreheader: What changes\n',
    )
  })

  test('in JSON', () => {
    expect(read('{\n  "title": "Ports",\n  "date": "2026-03-05"\n}\n\nText.\n').front).toBe(
      'title: Ports\ndate: 2026-03-05\n',
    )
  })

  test('of Buttondown, with a subject and a time by UTC', () => {
    expect(
      read(
        '---\nid: x\nsubject: Ports\npublish_date: 2026-03-05T07:00:00Z\ndescription: What changes\n---\n\nText.\n',
      ).front,
    ).toBe('title: Ports\ndate: 2026-03-05\npreheader: What changes\n')
  })

  test('with authors who have addresses', () => {
    expect(
      read(
        '---\ntitle: A\nauthors:\n  - name: Ines Varga\n    url: https://e.example/ines\n  - Varga & Sons, Ltd.\n---\nText.\n',
      ).front,
    ).toContain('authors:\n  - "[Ines Varga](https://e.example/ines)"\n')
  })

  test('is not what a divider on the first line begins', () => {
    expect(read('---\n\nText: a line.\n\nMore text\n---\n').text).toContain('Text: a line.')
  })

  test.each<[string, string, string]>([
    ['YAML that is broken', '---\ntitle: [\n---\nx', 'post.md:'],
    ['an alias', '---\na: &b c\ntitle: *b\n---\nx', 'post.md:3: an alias (*name) stands here'],
    ['TOML that is broken', '+++\ntitle\n+++\nx', 'post.md:2: this line of front matter cannot be read'],
    ['JSON that is broken', '{\n"a"\n}\nx', 'post.md:1: the front matter is no valid JSON'],
  ])('that is %s is refused', (_what, source, message) => {
    expect(() => read(source)).toThrow(message)
  })
})

describe('text', () => {
  test.each<[string, string, string]>([
    ['reference links', 'See [it][1].\n\n[1]: https://e.example/ "T"', 'See [it](https://e.example/).'],
    ['HTML', 'a <b>b</b> <script>x</script>\n\n<div align="center">c</div>', 'a **b**\n\nc'],
    ['a footnote', 'a[^x]\n\n[^x]: b', 'a[^1]\n\n[^1]: b'],
    ['a bare address', 'https://e.example/a_b', '<https://e.example/a_b>'],
    ['hard breaks', 'a  \nb\\\nc\nd', 'a\\\nb\\\nc d'],
    ['an indented program', '    a\n    b', '```\na\nb\n```'],
    ['a table', '|a|b|\n|-|-:|\n|1|2|', '| a | b |\n| --- | --- |\n| 1 | 2 |'],
    ['another program’s marks', '{{ page.url }} {% x %}', '\\{ \\{ page.url }} \\{% x %}'],
  ])('with %s', (_what, source, markdown) => {
    expect(read(`## H\n\n${source}\n`).text).toBe(`## H\n\n${markdown}\n`)
  })

  test('under one "#" begins its Sections with "##"', () => {
    expect(read('Ports\n=====\n\na\n\nTides\n-----\n\nb\n').text).toBe('a\n\n## Tides\n\nb\n')
  })

  test('under many "#" makes Sections of them', () => {
    expect(read('# A\n\na\n\n## B\n\nb\n\n# C\n\nc\n').text).toBe('## A\n\na\n\n### B\n\nb\n\n## C\n\nc\n')
  })

  test('says what was lost by the line of the file', () => {
    const { notes } = read('---\ntitle: A\n---\n\nFine.\n\n- b\n- [c](javascript:d)\n')

    expect(notes).toEqual([
      '8: the link to “javascript:d” is a "javascript:" link, which no mail may hold; its words “c” stay',
    ])
  })

  test.each<[string, string]>([
    ['quotes', `${'>'.repeat(200)} x`],
    ['lists', Array.from({ length: 90 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n')],
  ])('with %s nested without end is refused, not cut off', (_what, source) => {
    expect(() => read(source)).toThrow('nest too deeply here; write them flatter')
  })
})
