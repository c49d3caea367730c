/** A draft beside a Version, as one reader gets both: what differs in words, lines and links, and whether anything does. */

import type { Compilation } from '../../../compile/compiled.js'
import type { Picture } from '../../../compile/picture.js'
import type { Values } from '../api.js'
import { copyOf } from '../copy.js'
import type { ComparisonView, DiffBlock } from './api.js'
import { diffLinks } from './link-diff.js'
import { diffLine, diffText } from './text-diff.js'
import type { Version } from './versions.js'

export function compare(
  draft: Picture,
  { name, picture: earlier }: Version,
  { key, values }: { readonly key: string; readonly values: Values },
): ComparisonView {
  const [now, old] = [draft.compilation.compiled, earlier.compilation.compiled]
  const [copy, before] = [copyOf(draft, values), copyOf(earlier, values)]
  const same = sameness(earlier.compilation, draft.compilation)
  const lines = [
    ['From', mailbox(old.publication.from), mailbox(now.publication.from)],
    ['Subject', before.subject, copy.subject],
    // Where it was not found in what is pinned, nothing is known of it.
    ...(earlier.preheader.length === 0 ? [] : [['Preheader', before.preheader, copy.preheader] as const]),
    ['Title', old.title, now.title],
    ['Date', old.date, now.date],
    ['Links lead to', old.publication.publicUrl, now.publication.publicUrl],
  ] as const
  return {
    key,
    name,
    hash: earlier.compilation.hash,
    same,
    verdict: verdictOf(same, name),
    lines: lines
      .filter(([, was, is]) => was !== is)
      .map(([what, was, is]) => ({ what, pieces: diffLine(was, is) })),
    links: diffLinks(old.links, now.links),
    text: textOf(before.text.replaceAll(old.publication.publicUrl, now.publication.publicUrl), copy.text),
  }
}

function sameness(old: Compilation, now: Compilation): ComparisonView['same'] {
  if (old.hash === now.hash) return 'all'
  return writeHtml(old) === writeHtml(now) ? 'picture' : 'nothing'
}

/** Where links lead to through us is told apart: no reader sees it. */
function writeHtml({ compiled: { html, publication } }: Compilation): string {
  return JSON.stringify(html).replaceAll(publication.publicUrl, '')
}

function verdictOf(same: ComparisonView['same'], name: string): string {
  switch (same) {
    case 'all':
      return `These are exactly the bytes of ${name}.`
    case 'picture':
      return 'The pictures are the same.'
    case 'nothing':
      return ''
    default:
      return same satisfies never
  }
}

/** Nothing at all when every paragraph is the same. */
function textOf(before: string, after: string): readonly DiffBlock[] {
  return before === after ? [[{ kind: 'same', text: after }]] : diffText(before, after)
}

function mailbox({ name, address }: { readonly name: string; readonly address: string }): string {
  return name === '' ? address : `${name} <${address}>`
}
