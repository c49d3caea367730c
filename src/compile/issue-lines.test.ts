import path from 'node:path'
import { expect, test } from 'vitest'
import { listIssues } from '../issue/read.js'
import { renderHtml } from './html.js'
import { dropIssueLines, firstIssueLine, issueLineAt, markIssueLine, readIssueLines } from './issue-lines.js'
import { emailMedium } from './media.js'
import { tidyHtml } from './mjml.js'

const press = path.join(import.meta.dirname, '../../tests/fixtures/press')

test('what follows a mark is from its line, until the next one', () => {
  const lined = readIssueLines(
    `<div>${markIssueLine(7)}<p>${markIssueLine(8)}x</p>${markIssueLine(null)}</div>`,
  )

  expect(lined.text).toBe('<div><p>x</p></div>')
  expect([0, 5, 8, 12, 13].map((at) => issueLineAt(lined, at))).toEqual([null, 7, 8, 8, null])
})

test('the first line within a stretch is told, and none where the template wrote all of it', () => {
  const lined = readIssueLines(`By ${markIssueLine(7)}Ines${markIssueLine(null)}, editor`)

  expect(firstIssueLine(lined, 0, 5)).toBe(7)
  expect(firstIssueLine(lined, 0, 3)).toBeNull()
  expect(firstIssueLine(lined, 7, 15)).toBeNull()
})

test('marks change no byte of what is sent, in any issue of the fixtures', async () => {
  const image = { url: 'https://example.org/i/1.png', width: 100, height: 100 }
  const lined = {
    ...emailMedium('https://example.org', new Map(), {
      webUrl: 'https://example.org/issues/a',
      linkUrl: (index) => `https://example.org/c/${index}`,
    }),
    image: () => image,
  }
  const { line: _line, ...bare } = lined
  const issues = (await listIssues(press)).flatMap((listing) =>
    listing.kind === 'issue' ? [listing.issue] : [],
  )
  const proses = issues.flatMap(({ opening, sections }) => [
    opening,
    ...sections.flatMap((section) => ('body' in section ? [section.body] : [])),
  ])

  expect(proses.length).toBeGreaterThan(9)
  for (const prose of proses) {
    const marked = `<td>\n  ${renderHtml(prose, lined)}\n\n  </td>`
    expect(dropIssueLines(tidyHtml(marked))).toBe(tidyHtml(`<td>\n  ${renderHtml(prose, bare)}\n\n  </td>`))
  }
})
