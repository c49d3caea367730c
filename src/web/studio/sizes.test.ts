import { expect, test } from 'vitest'
import { DRAWABLES, draw, drawSource } from '../../../tests/rig/drawn.js'
import { hugeIssue } from '../../../tests/rig/huge-issue.js'
import { sampleCopies } from '../../compile/checks/samples.js'
import type { Picture } from '../../compile/picture.js'
import { sizeParts } from './size-parts.js'
import { sizesOf } from './sizes.js'

const writeWire = () => new Uint8Array(60_000)
const sizes = (picture: Picture) => sizesOf(picture, { writeWire })

test.each(DRAWABLES)(
  'in $slug the parts are the whole, and name each section once, in order',
  async (issue) => {
    const picture = await draw(issue)

    const { htmlBytes, parts } = sizes(picture)

    expect(parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(htmlBytes)
    expect(parts.filter(({ kind }) => kind === 'section').map(({ label }) => label)).toEqual(
      picture.sections.map(({ heading }) => heading),
    )
    expect(parts[0]?.kind).toBe('head')
  },
)

test('the size is that of the reader with the longest copy', async () => {
  const { htmlBytes, reader, messageBytes } = sizes(await drawSource(issueOf('Dear {{subscriber.name}}')))

  expect(reader).toBe('a reader with long values')
  expect(htmlBytes).toBe(
    Math.max(
      ...sampled(await drawSource(issueOf('Dear {{subscriber.name}}'))).map((html) =>
        Buffer.byteLength(html),
      ),
    ),
  )
  expect(messageBytes).toBe(60_000)
})

test('a section weighs what is saved when it is taken out', async () => {
  const story = (name: string, words: string) => `## ${name}\n\n${words}\n\n`
  const three = [
    story('Tides', 'Short.'),
    story('Locks', 'The locks are closed. '.repeat(40)),
    story('Dues', 'Paid.'),
  ]
  const whole = sizes(await drawSource(issueOf('Dear reader', three)))
  const without = sizes(await drawSource(issueOf('Dear reader', [three[0] ?? '', three[2] ?? ''])))
  const locks = whole.parts.find(({ label }) => label === 'Locks')

  expect(locks?.sizeBytes).toBe(whole.htmlBytes - without.htmlBytes)
})

test('without any words of an issue all is the template’s', () => {
  expect(sizeParts('<html><body><p>Hello</p></body></html>', [])).toEqual([
    { kind: 'head', label: 'Head and styles', line: null, sizeBytes: 12 },
    { kind: 'template', label: 'Masthead', line: null, sizeBytes: 26 },
  ])
})

test('an issue that is the same for everyone is as long for every reader', async () => {
  expect(sizes(await drawSource(issueOf('Hello.'))).reader).toBe('every reader')
  expect(sizes(await drawSource(issueOf('Hello {{subscriber.name "you"}}.'))).reader).not.toBe('every reader')
})

test('an issue of 18 stories is beyond the first limit, and each is told', async () => {
  const source = hugeIssue().replace('2026-07-03', '2026-12-01')

  const { parts, htmlBytes, warnBytes, maxBytes, cutBytes } = sizes(await drawSource(source))

  expect([warnBytes, htmlBytes, maxBytes, cutBytes].toSorted((a, b) => a - b)).toEqual([
    warnBytes,
    htmlBytes,
    maxBytes,
    cutBytes,
  ])
  expect(parts.filter(({ kind }) => kind === 'section')).toHaveLength(19)
})

function issueOf(opening: string, sections: readonly string[] = ['## Tides\n\nHigh.\n']): string {
  return `---\ntitle: High water\ndate: 2026-12-01\ncontents: no\npreheader: Of tides\n---\n${opening}\n\n${sections.join('')}`
}

function sampled({ compilation: { compiled }, preheader }: Picture): readonly string[] {
  return sampleCopies({ compiled, preheader, html: compiled.html }).map(({ html }) => html)
}
