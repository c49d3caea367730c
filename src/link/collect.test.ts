import path from 'node:path'
import { expect, test } from 'vitest'
import { parseIssue } from '../issue/parse.js'
import { listIssues } from '../issue/read.js'
import { collectLinks } from './collect.js'

const PUBLIC_URL = 'https://news.example.org'

function linksIn(body: string) {
  const source = `---\ntitle: Ports\ndate: 2026-03-31\n---\n${body}`
  const publication = { lang: 'en', template: 'digest' }
  return collectLinks(parseIssue({ file: 'f', slug: '2026-03-31-ports', source, publication }), PUBLIC_URL)
}

test('Links come in reading order, with their Section and their words', () => {
  const links = linksIn(
    'See [the *new* `act`](https://example.org/act?a=1&b=2).\n\n## A Story\nBy [Ada Reyes](https://example.com/ada)\n\n{{#if subscriber.x}}\n[one](https://example.com/1)\n{{/if}}\n\n## News {.briefs}\n\n- [two](https://example.com/2) and [mail](mailto:a@example.com)\n\n  https://example.com/3\n\n## Views {.commentary}\n\n- [four](https://example.com/1)\n',
  )

  expect(links).toEqual([
    { index: 0, url: 'https://example.org/act?a=1&b=2', section: '', heading: '', text: 'the new act' },
    { index: 1, url: 'https://example.com/1', section: 'a-story', heading: 'A Story', text: 'one' },
    { index: 2, url: 'https://example.com/2', section: 'news', heading: 'News', text: 'two' },
    {
      index: 3,
      url: 'https://example.com/3',
      section: 'news',
      heading: 'News',
      text: 'https://example.com/3',
    },
    { index: 4, url: 'https://example.com/1', section: 'views', heading: 'Views', text: 'four' },
  ])
})

test('a Link that is an image has the words of what it shows', () => {
  const [link] = linksIn('[![The *old* quay](images/quay.png)](https://example.com/quay)\n')

  expect(link).toMatchObject({ url: 'https://example.com/quay', text: 'The old quay' })
})

test('an issue without links has none', () => {
  expect(linksIn('Hello.\n')).toEqual([])
})

test('each sample issue is valid and has fifteen Links and more, all to example hosts', async () => {
  const samples = await listIssues(path.resolve(import.meta.dirname, '../..'))

  const links = samples.map((sample) =>
    sample.kind === 'issue' ? collectLinks(sample.issue, PUBLIC_URL) : [],
  )
  expect(samples.length).toBeGreaterThanOrEqual(2)
  expect(links.every(({ length }) => length >= 15)).toBe(true)
  expect(
    links.flat().every(({ url }) => /(?:^|\.)example\.(?:com|net|org)$/.test(new URL(url).hostname)),
  ).toBe(true)
})
