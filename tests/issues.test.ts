/** Any issue that the format allows, compiled: nothing breaks, nothing is left over, and no word is lost. */

import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { beforeAll, expect, test } from 'vitest'
import { compileIssue } from '../src/compile/compile.js'
import { escapeHtml, escapeText } from '../src/compile/escape.js'
import { fillHoled } from '../src/compile/holed.js'
import { readTemplate, type Template } from '../src/compile/template.js'
import { parseIssue } from '../src/issue/parse.js'
import { parsePublication } from '../src/issue/publication-file.js'
import { anyIssue, CONDITION, RUNS, type Seen, type WrittenIssue } from './rig/random-issue.js'
import { scribble } from './rig/scribble.js'
import { problemsOf } from './rig/written-issue.js'

const timeout = 60_000 + RUNS * 1_000
/** Making a failure smaller ends in time to be told. */
const inTime = { interruptAfterTimeLimit: timeout * 0.8, markInterruptAsFailure: true }

const publication = parsePublication({
  file: 'issues/newsletter.yaml',
  source: 'name: The Tide\npostal-address: [1 Quay Street, Norhaven]\n',
})
const image = {
  sha256: 'a'.repeat(64),
  ext: 'png',
  sizeBytes: 1,
  width: 1200,
  height: 500,
  bytes: new Uint8Array(),
} as const

let template: Template

beforeAll(async () => {
  template = await readTemplate('.', 'digest')
})

/** The parts as someone sees them who has a value, or has none. */
async function copiesOf({ source }: WrittenIssue) {
  const issue = parseIssue({ file: 'issues/x.md', slug: '2026-03-31-x', source, publication })
  const { compiled } = await compileIssue({
    issue,
    publication,
    from: { name: 'The Tide', address: 'tide@example.org' },
    publicUrl: 'https://tide.example.org',
    template,
    images: new Map([
      ['images/gate.png', image],
      ['images/a.png', image],
    ]),
    version: '0.0.0',
  })
  const filling = (value: string, escapeValue: (text: string) => string) => ({
    value: (name: string) => (name === CONDITION ? value : ''),
    token: () => 'TOKEN',
    escape: escapeValue,
  })
  return (['present', 'absent'] as const).map((seen) => {
    const value = seen === 'present' ? 'Bergen' : ''
    return {
      seen,
      html: fillHoled(compiled.html, filling(value, escapeHtml)),
      text: fillHoled(compiled.text, filling(value, escapeText)),
      web: seen === 'absent' ? compiled.web : null,
    }
  })
}

test('any issue compiles: every word of it is in html, text and web page for those who shall see it, and no mark', {
  timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyIssue, async (written) => {
      for (const { seen, html, text, web } of await copiesOf(written)) {
        const isWanted = (who: Seen) => who === 'all' || who === seen
        const pages = web === null ? [html] : [html, web]
        for (const shown of [...pages.map(wordsOfHtml), wordsOfText(text)]) {
          const misplaced = written.words.filter((word) => shown.includes(word.text) !== isWanted(word.seen))
          expect(misplaced).toEqual([])
        }
        for (const part of [...pages, text]) {
          expect(part).not.toMatch(/[\ue000-\ue00f]|\{\{|\}\}|\[object|undefined|NaN|\[\^n/)
        }
        expect(pages.flatMap(faultsOf)).toEqual([])
        expect(text.split('\n').filter(isTooLong)).toEqual([])
      }
    }),
    { numRuns: RUNS, ...inTime },
  )
})

test('whatever is written either is refused with its line or compiles without a mark left', {
  timeout,
}, async () => {
  const head = '---\ntitle: A\ndate: 2026-03-31\n---\n'

  await fc.assert(
    fc.asyncProperty(scribble, async (text) => {
      const source = `${head}## A\n\nx\n\n${text}`
      if (problemsOf(() => parseIssue({ file: 'f', slug: '2026-03-31-x', source, publication })).length > 0)
        return
      for (const { html, text } of await copiesOf({ source, words: [] })) {
        expect(html + text).not.toMatch(/[\ue000-\ue00f]|\{\{|\[object|undefined|NaN/)
        expect(faultsOf(html)).toEqual([])
      }
    }),
    { numRuns: RUNS * 4, ...inTime },
  )
})

type Node = DefaultTreeAdapterTypes.Node

/** Without white space, which wrapping and tags come and go with. */
function wordsOfHtml(html: string): string {
  return textOf(parse(html)).replace(/\s+/g, '')
}

function textOf(node: Node): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value
  const alt = 'attrs' in node ? (node.attrs.find(({ name }) => name === 'alt')?.value ?? '') : ''
  const isUnseen = node.nodeName === 'style' || node.nodeName === 'title'
  return alt + ('childNodes' in node && !isUnseen ? node.childNodes.map(textOf).join('') : '')
}

/** Without white space and without what quotes, lists and notes put at the beginning of their lines. */
function wordsOfText(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^(?:\s|[>|*] |\d+\. |\[\^\d+\] )+/, ''))
    .join('')
    .replace(/\s+/g, '')
}

function faultsOf(html: string): readonly string[] {
  const faults: string[] = []
  parse(html, { onParseError: ({ code, startLine }) => faults.push(`${code} on line ${startLine}`) })
  return faults
}

/** Wide characters and marks make UTF-16 units say nothing, so only plain lines are looked at. */
function isTooLong(line: string): boolean {
  return (
    /^[ -~]*$/.test(line) &&
    line.length > 78 &&
    /\S \S/.test(line.trim().slice(0, 60)) &&
    !/^\s{4}/.test(line)
  )
}
