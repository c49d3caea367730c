/** A story's byline: the line `By A, B and C` right under its heading. */

import { parseAuthors, readAsNames } from './authors.js'
import type { Author, Prose } from './issue.js'

export interface BylineReading {
  readonly authors: readonly Author[]
  /** The story without its byline. */
  readonly body: Prose
}

/**
 * Takes the byline off a story. It is a paragraph of its own, or the first line of one that begins on the line
 * below the heading (`headingLine`, 1-based); a sentence that begins with "By" is none.
 */
export function takeByline(story: Prose, headingLine: number): BylineReading {
  const [open, inline, ...rest] = story
  const lines = inline?.content.split('\n') ?? []
  const authors = parseByline(lines[0] ?? '')
  const isUnderHeading = open?.map?.[0] === headingLine
  const isByline = open?.type === 'paragraph_open' && (lines.length === 1 || isUnderHeading)
  if (authors === null || !isByline || inline === undefined) return { authors: [], body: story }
  if (lines.length === 1) return { authors, body: rest.slice(1) }
  const children = inline.children ?? []
  inline.children = children.slice(children.findIndex(({ type }) => type.endsWith('break')) + 1)
  inline.content = lines.slice(1).join('\n')
  return { authors, body: story }
}

function parseByline(line: string): readonly Author[] | null {
  const names = /^By\s+(.+)$/u.exec(line.trim())?.[1]
  const authors = names === undefined ? null : parseAuthors(names.replace(/\\$/, ''))
  return authors !== null && readAsNames(authors) ? authors : null
}
