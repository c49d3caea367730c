import { expect, test } from 'vitest'
import type { Sources } from './build.js'
import { hashCompiled } from './canonical.js'
import type { CompiledIssue } from './compiled.js'
import { comparePrints, printsSchema, takePrints } from './prints.js'

const compiled: CompiledIssue = {
  slug: '2026-03-13-tide',
  title: 'Tide',
  number: 4,
  date: '2026-03-13',
  lang: 'en',
  publication: {
    name: 'The Tide',
    from: { name: 'The Tide', address: 'tide@example.org' },
    replyTo: null,
    publicUrl: 'https://tide.example.org',
  },
  subject: ['Tide'],
  html: ['<p>', { kind: 'person', name: 'name', fallback: 'reader' }],
  text: ['High water'],
  web: '<p>',
  links: [],
  images: [],
  versions: { pressrun: '1.0.0', mjml: '5.4.1' },
}

const sources: Sources = {
  template: 'digest',
  files: [
    { path: 'issues/2026-03-13-tide.md', sha256: 'a'.repeat(64) },
    { path: 'issues/newsletter.yaml', sha256: 'b'.repeat(64) },
    { path: 'templates/digest/email.mjml', sha256: 'c'.repeat(64) },
  ],
  pictures: [{ path: 'issues/images/quay.jpg', sha256: 'd'.repeat(64) }],
}

function prints(changes: Partial<CompiledIssue> = {}, from: Sources | null = sources) {
  const changed = { ...compiled, ...changes }
  return takePrints({ compiled: changed, hash: hashCompiled(changed) }, from)
}

function whatDiffers(changes: Partial<CompiledIssue>, from: Sources | null = sources): readonly string[] {
  return comparePrints(prints(), prints(changes, from)).map(({ what }) => what)
}

test('prints survive being written down and read again', () => {
  expect(printsSchema.parse(JSON.parse(JSON.stringify(prints())))).toEqual(prints())
})

test('two builds of the same do not differ', () => {
  expect(whatDiffers({})).toEqual([])
})

test.each<[string, Partial<CompiledIssue>, readonly string[]]>([
  ['a fallback in the HTML', { html: ['<p>'] }, ['html']],
  ['the text', { text: ['Low water'] }, ['text']],
  ['the subject', { subject: ['Ebb'] }, ['headers']],
  ['the number', { number: 5 }, ['headers']],
  ['the web page', { web: '<b>' }, ['web']],
  ['mjml', { versions: { pressrun: '1.0.0', mjml: '5.5.0' } }, ['version of mjml']],
  [
    'the public URL',
    { publication: { ...compiled.publication, publicUrl: 'https://other.example.org' } },
    ['headers', 'public URL'],
  ],
])('%s is named', (_what, changes, expected) => {
  expect(whatDiffers(changes)).toEqual(expected)
})

test('whatever makes another hash is named', () => {
  for (const [key, value] of Object.entries(compiled)) {
    const changes = { [key]: typeof value === 'string' ? `${value}.` : key === 'number' ? 5 : { other: 1 } }
    const isStrange = key === 'publication' || key === 'versions'
    if (!isStrange) expect(whatDiffers(changes), key).not.toEqual([])
  }
})

test('files that are other, new or gone are named', () => {
  const [issue, , email] = sources.files
  if (issue === undefined || email === undefined) throw new Error('unreachable')
  const files = [issue, { ...email, sha256: 'e'.repeat(64) }]

  expect(whatDiffers({}, { ...sources, files, pictures: [] })).toEqual([
    'template',
    'publication',
    'issues/images/quay.jpg',
    'issues/newsletter.yaml',
    'templates/digest/email.mjml',
  ])
})

test('of what was stored without its files only parts and versions are compared', () => {
  expect(whatDiffers({ text: ['Low water'] }, null)).toEqual(['text'])
})
