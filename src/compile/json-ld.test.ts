import { expect, test } from 'vitest'
import { jsonLd } from './json-ld.js'

const described = {
  headline: 'High water',
  description: 'What the tide did',
  date: '2026-03-13',
  lang: 'en-GB',
  number: 42,
  url: 'https://tide.example.org/issues/2026-03-13-high-water',
  imageUrl: null,
  authors: [],
  publisher: { name: 'The Tide', logoUrl: null },
}

test('an issue is a news article with its date, authors in order, and publisher', () => {
  const authors = [
    { name: 'Ida Marr', url: 'https://ida.example.org' },
    { name: '佐藤 明', url: null },
  ]

  expect(JSON.parse(jsonLd({ ...described, authors }))).toMatchObject({
    '@type': 'NewsArticle',
    headline: 'High water',
    datePublished: '2026-03-13',
    author: [
      { '@type': 'Person', name: 'Ida Marr', url: 'https://ida.example.org' },
      { '@type': 'Person', name: '佐藤 明' },
    ],
    publisher: { '@type': 'Organization', name: 'The Tide' },
    isPartOf: { issueNumber: 42 },
  })
})

test('an issue without authors is its publisher’s', () => {
  expect(JSON.parse(jsonLd(described)).author).toEqual({ '@type': 'Organization', name: 'The Tide' })
})

test('no title ends the script it stands in, and it is still the title', () => {
  const headline = '</script><script>alert(1)</script><!-- & \u2028'

  const json = jsonLd({ ...described, headline })

  expect(json).not.toMatch(/[<>&\u2028]/)
  expect(JSON.parse(json).headline).toBe(headline)
})
