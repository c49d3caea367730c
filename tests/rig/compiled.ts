/** A small CompiledIssue of an invented publication, for tests that write Messages of it. */

import type { CompiledIssue } from '../../src/compile/compiled.js'

export function harbourIssue(changes: Partial<CompiledIssue> = {}): CompiledIssue {
  return {
    slug: '2026-01-05-harbour',
    title: 'Harbour',
    number: 12,
    date: '2026-01-05',
    lang: 'en',
    publication: {
      name: 'The Harbour Brief',
      from: { name: 'The Harbour Brief', address: 'editor@news.example.org' },
      replyTo: null,
      publicUrl: 'https://news.example.org',
    },
    subject: ['Harbour news'],
    html: ['<p>Hello</p>'],
    text: ['Hello'],
    web: '',
    links: [],
    images: [],
    versions: { pressrun: '0', mjml: '0' },
    ...changes,
  }
}
