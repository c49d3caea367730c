import { describe, expect, test } from 'vitest'
import { parseIssue } from '../issue/parse.js'
import { parsePublication } from '../issue/publication-file.js'
import { escapeText } from './escape.js'
import { fillHoled, parseHoled } from './holed.js'
import { issueUrls } from './media.js'
import { writeText } from './text.js'
import { wordsOf } from './words.js'

const publication = parsePublication({
  file: 'issues/newsletter.yaml',
  source: 'name: The Tide\npostal-address: [1 Quay Street, Norhaven]\n',
})

/** The text part of an issue with this body, as someone with these values reads it. */
function text(body: string, values: Readonly<Record<string, string>> = {}, keys = ''): string {
  const source = `---\ntitle: High water\ndate: 2026-03-13\n${keys}---\n\n${body}\n`
  const issue = parseIssue({
    file: 'issues/2026-03-13-tide.md',
    slug: '2026-03-13-tide',
    source,
    publication,
  })
  const marked = writeText(issue, publication, {
    href: (index) => `https://t.example.org/c/T/${index}`,
    urls: issueUrls('https://t.example.org', issue),
    words: wordsOf('en'),
    dateLine: '13 March 2026',
    byline: (section) =>
      section.kind === 'story' ? section.authors.map(({ name }) => name).join(' and ') : '',
  })
  return fillHoled(parseHoled(marked), {
    value: (name) => values[name] ?? '',
    token: () => 'T',
    escape: escapeText,
  })
}

describe('the text part', () => {
  test('numbers its links and lists their tracked URLs at the section’s end', () => {
    expect(
      text('## Locks\n\nThe [new lock](https://example.com/lock) and the [old](https://example.com/old).'),
    ).toContain(
      'The new lock\u00a0[1] and the old\u00a0[2].\n\n' +
        '[1] https://t.example.org/c/T/0\n[2] https://t.example.org/c/T/1\n',
    )
  })

  test('underlines a heading, and says who wrote a story', () => {
    expect(text('## Locks\n\nBy Alice Marr\n\nThey closed.')).toContain(
      '\nLocks\n=====\nBy Alice Marr\n\nThey closed.\n',
    )
  })

  test('hangs briefs and commentary under their bullets', () => {
    const body = `## Other News {.briefs}\n\n${'One brief is long enough to need a second line in the text part. '.repeat(2)}\n\nTwo.`

    expect(text(body)).toContain(
      '* One brief is long enough to need a second line in the text part. One brief\n' +
        '  is long enough to need a second line in the text part.\n\n* Two.\n',
    )
  })

  test('shows nested lists, quotes and code as written', () => {
    expect(text('## Locks\n\n1. one\n2. two\n   - deep\n\n> quoted\n\n```\na  <b>\n```')).toContain(
      '1. one\n2. two\n   * deep\n\n> quoted\n\n    a  <b>\n',
    )
  })

  test('tells pictures, captions and buttons apart', () => {
    const body =
      '## Locks\n\n![A lock](images/lock.png)\nThe lock. Photo: [Ida](https://example.com/ida)\n\n![ ](images/rule.png)\n\n[Come](https://example.com/come){.button}\n\nEnd.'

    expect(text(body)).toContain(
      '[Image: A lock]\nThe lock. Photo: Ida\u00a0[1]\n\nCome\u00a0[2]\n\nEnd.\n\n[1] https',
    )
  })

  test('marks a pull quote with a bar', () => {
    expect(text('## Locks\n\n> Six years.\\\n> And a promise. {.pull}\n\nEnd.')).toContain(
      '\n| Six years.\n| And a promise.\n\nEnd.\n',
    )
  })

  test('tells footnotes from links, and hangs what they hold', () => {
    const note = 'a note that needs a second line because it is so long that nobody would read it'
    const body = `## Locks\n\nA[^n] [link](https://example.com/a).\n\n[^n]: First, ${note}.\n\n    - x\n`

    expect(text(body)).toContain(
      'A[^1] link\u00a0[1].\n\n' +
        '[^1] First, a note that needs a second line because it is so long that nobody\n' +
        '     would read it.\n\n     * x\n\n[1] https://t.example.org/c/T/0\n',
    )
  })

  test('sets a table in columns, by display width', () => {
    expect(
      text('## Locks\n\n| 港 | Price |\n|---|--:|\n| 横浜港 | 7 |\n| Bergen | **11** |\n\nEnd.'),
    ).toContain('\n港      Price\n------  -----\n横浜港      7\nBergen     11\n\nEnd.\n')
  })

  test('gives the address behind a mailto: link unless the words are it', () => {
    const body = '## Locks\n\n[the harbour](mailto:h@example.org) or [h@example.org](mailto:h@example.org)'

    expect(text(body)).toContain('the harbour (h@example.org) or h@example.org\n')
  })

  test('a conditional passage leaves no word where it does not show, nor do its links', () => {
    const body =
      '## Locks\n\nFirst.\n\n{{#if subscriber.city}}\nIn {{subscriber.city}}, [look](https://example.com/a).\n{{/if}}\n\nLast.'

    expect(text(body)).toMatch(/First\.\n\nLast\.\n+---/)
    expect(text(body, { city: 'Norhaven' })).toContain(
      'First.\n\nIn Norhaven, look\u00a0[1].\n\nLast.\n\n[1] https://t.example.org/c/T/0\n\n\n---',
    )
  })

  test('a conditional passage at the end of a brief leaves the next bullet in its column', () => {
    const body =
      '## Other News {.briefs}\n\n- One.\n\n  {{#if subscriber.city}}\n  More.\n  {{/if}}\n\n- Two.'

    expect(text(body)).toContain('* One.\n\n* Two.\n')
    expect(text(body, { city: 'Norhaven' })).toContain('* One.\n\n  More.\n\n* Two.\n')
  })

  test('a brief that is one conditional passage takes its bullet with it', () => {
    const body =
      '## Other News {.briefs}\n\n- {{#if subscriber.city}}\n  Here.\n  {{/if}}\n\n- {{#if subscriber.name}}\n  You.\n  {{else}}\n  Someone.\n  {{/if}}\n\n- Two.'

    expect(text(body)).toContain('==========\n\n* Someone.\n\n* Two.\n')
    expect(text(body, { city: 'Norhaven', name: 'Alice' })).toContain('* Here.\n\n* You.\n\n* Two.\n')
  })

  test('a conditional passage that a list item begins with stands behind its number, whichever way it turns out', () => {
    const list = (passage: string) => `## Locks\n\n1. ${passage}\n\n   More of it.\n`
    const withElse = list(
      '{{#if subscriber.city}}\n   Here.\n   {{else}}\n   Somewhere.\n\n   Far.\n   {{/if}}',
    )
    const withoutElse = list('{{#if subscriber.city}}\n   Here.\n   {{/if}}')
    const two = list(
      '{{#if subscriber.city}}\n   Here.\n   {{/if}}\n\n   {{#if subscriber.name}}\n   You.\n   {{else}}\n   Someone.\n   {{/if}}',
    )

    expect(text(withElse)).toContain('\n1. Somewhere.\n\n   Far.\n\n   More of it.\n')
    expect(text(withElse, { city: 'Norhaven' })).toContain('\n1. Here.\n\n   More of it.\n')
    expect(text(withoutElse)).toContain('\n1. More of it.\n')
    expect(text(withoutElse, { city: 'Norhaven' })).toContain('\n1. Here.\n\n   More of it.\n')
    expect(text(two)).toContain('\n1. Someone.\n\n   More of it.\n')
    expect(text(two, { name: 'Alice' })).toContain('\n1. You.\n\n   More of it.\n')
    expect(text(two, { city: 'Norhaven' })).toContain('\n1. Here.\n\n   Someone.\n\n   More of it.\n')
    expect(text(two, { city: 'Norhaven', name: 'Alice' })).toContain(
      '\n1. Here.\n\n   You.\n\n   More of it.\n',
    )
  })

  test('a quote that ends with a conditional passage has no mark of it left', () => {
    const quote =
      '> First.\n>\n> {{#if subscriber.city}}\n> Here.\n> {{/if}}\n\n> {{#if subscriber.city}}\n> Yes.\n>\n> Yes.\n> {{else}}\n> No.\n> {{/if}}\n\nEnd.'

    expect(text(`## Locks\n\n${quote}`)).toContain('\n\n> First.\n\n> No.\n\nEnd.\n')
    expect(text(`## Locks\n\n${quote}`, { city: 'Norhaven' })).toContain(
      '\n\n> First.\n>\n> Here.\n\n> Yes.\n>\n> Yes.\n\nEnd.\n',
    )
  })

  test('ends with why one gets it, how to leave, and the postal address', () => {
    expect(text('## Locks\n\nThey closed.')).toMatch(
      /-{78}\nYou receive this because you subscribed to The Tide\.\n\nUnsubscribe: https:\/\/t\.example\.org\/u\/T\nPreferences: https:\/\/t\.example\.org\/p\/T\nComment: https:\/\/t\.example\.org\/issues\/2026-03-13-tide\/comment\/T\nRead on the web: \S+\n\n1 Quay Street\nNorhaven\n$/,
    )
  })

  test('has no link to comment where nobody may', () => {
    expect(text('## Locks\n\nThey closed.', {}, 'comments: off\n')).not.toMatch(/comment/i)
  })

  test('has no line that is wider than 78 columns unless a word is', () => {
    const wide = text(`## Locks\n\n${'水位は予想を上回った。'.repeat(20)}\n\n> ${'deep water '.repeat(30)}`)

    expect(Math.max(...wide.split('\n').map((line) => line.length))).toBeLessThanOrEqual(78)
  })
})
