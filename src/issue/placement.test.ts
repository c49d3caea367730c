import { describe, expect, test } from 'vitest'
import { parse, problemsIn, sketch } from '../../tests/rig/written-issue.js'

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
