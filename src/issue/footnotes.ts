/**
 * Footnotes: `[^name]` in the text and, on a line of its own anywhere, `[^name]: the note`. Numbers run through the
 * Issue in reading order. A note moves to the end of the passage that first refers to it, between the tokens
 * `footnotes_open` and `footnotes_close`; each is a `footnote_open` … `footnote_close` with `meta: FootnoteMark`.
 */

import MarkdownIt, { type Token } from 'markdown-it'
import type { Prose } from './issue.js'
import { walk } from './walk.js'

/** Of a `footnote_ref`, and of the `footnote_open` it refers to. */
export interface FootnoteMark {
  /** From 1. */
  readonly number: number
  /** Whether this is the first reference to the note; of a note, always. */
  readonly isFirst: boolean
}

export interface Footnote {
  readonly label: string
  /** 1-based line on which it was written down. */
  readonly line: number
  readonly body: Prose
}

interface Fault {
  readonly line: number
  readonly message: string
}

export interface FootnotesReading {
  /** What is left without the notes. */
  readonly text: readonly Token[]
  readonly footnotes: readonly Footnote[]
  readonly faults: readonly Fault[]
}

/** Takes the notes out of the text and numbers the references to them. */
export function takeFootnotes(tokens: readonly Token[]): FootnotesReading {
  const text: Token[] = []
  const footnotes: Footnote[] = []
  const faults: Fault[] = []
  let isConditional = false
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) break
    if (token.type === 'choice_open') isConditional = true
    if (token.type === 'choice_close') isConditional = false
    if (token.type !== 'footnote_reference_open') {
      text.push(token)
      continue
    }
    const end = tokens.findIndex(({ type }, index) => index > at && type === 'footnote_reference_close')
    const body = tokens.slice(at + 1, end)
    const footnote = { label: labelOf(token), line: (body[0]?.map?.[0] ?? 0) + 1, body }
    faults.push(...describeNote(footnote, { isNested: token.level > 0, isConditional, footnotes }))
    footnotes.push(footnote)
    at = end
  }
  return { text, footnotes, faults: [...faults, ...numberReferences(text, footnotes)] }
}

/** Notes without a text leave no token that knows its line, so it is looked up in the source. */
export function findEmptyNotes(tokens: readonly Token[], source: string): readonly Fault[] {
  const lines = source.split('\n')
  const empty = tokens.filter(
    ({ type }, index) =>
      type === 'footnote_reference_open' && tokens[index + 1]?.type === 'footnote_reference_close',
  )
  return empty.map((token) => ({
    line: lines.findIndex((line) => line.trimStart().startsWith(`[^${labelOf(token)}]:`)) + 1,
    message: `the footnote [^${labelOf(token)}] is empty; write its text behind the colon`,
  }))
}

interface NotePlace {
  readonly isNested: boolean
  readonly isConditional: boolean
  /** Those written down before it. */
  readonly footnotes: readonly Footnote[]
}

function describeNote(
  { label, line, body }: Footnote,
  { isNested, isConditional, footnotes }: NotePlace,
): readonly Fault[] {
  const twin = footnotes.find((other) => other.label === label)
  const types = [...walk(body)].map(({ token }) => token.type)
  const messages = [
    ...(isNested ? [`the footnote [^${label}] stands in a list or a quote; begin its line at the left`] : []),
    ...(isConditional ? [`the footnote [^${label}] stands in a condition; write it below {{/if}}`] : []),
    ...(twin ? [`the footnote [^${label}] is there twice, first on line ${twin.line}; rename one`] : []),
    ...(types.includes('footnote_ref') ? ['a footnote cannot refer to another; say it in one'] : []),
    ...(types.some((type) => type.startsWith('choice_'))
      ? ['a footnote cannot hold a condition; put the reference to it into one']
      : []),
  ]
  return messages.map((message) => ({ line, message }))
}

/** Gives each reference its FootnoteMark. A note that is nowhere referred to would be lost. */
function numberReferences(text: readonly Token[], footnotes: readonly Footnote[]): readonly Fault[] {
  const faults: Fault[] = []
  const seen = new Map<string, { readonly number: number; readonly branch: Token | null }>()
  let branch: Token | null = null
  for (const { token, line } of walk(text)) {
    if (token.type === 'choice_open' || token.type === 'choice_else') branch = token
    if (token.type === 'choice_close') branch = null
    if (token.type === 'image' && (token.children ?? []).some(({ type }) => type === 'footnote_ref'))
      faults.push({
        line,
        message: 'a footnote cannot stand in what an image shows; put it into the caption',
      })
    if (token.type !== 'footnote_ref') continue
    const label = labelOf(token)
    const first = seen.get(label)
    if (first === undefined) seen.set(label, { number: seen.size + 1, branch })
    else if (first.branch !== branch)
      faults.push({
        line,
        message: `not every reader of this sees the footnote [^${label}], which a condition holds; write another`,
      })
    const mark: FootnoteMark = { number: first?.number ?? seen.size, isFirst: first === undefined }
    token.meta = { label, ...mark }
  }
  const unused = footnotes.filter(({ label }) => !seen.has(label))
  return [
    ...faults,
    ...unused.map(({ label, line }) => ({
      line,
      message: `nothing refers to the footnote [^${label}]; put [^${label}] into the text, or take the note out`,
    })),
  ]
}

/** `prose` with the notes that it refers to first at its end, or at the end of the branch that does. */
export function placeFootnotes(prose: Prose, footnotes: readonly Footnote[]): Prose {
  const placed: Token[] = []
  let outer: Token[] = []
  let branch: Token[] | null = null
  for (const token of prose) {
    if (token.type === 'choice_open') branch = []
    if (token.type === 'choice_else' || token.type === 'choice_close') {
      placed.push(...writeNotes(branch ?? [], footnotes))
      branch = token.type === 'choice_else' ? [] : null
    }
    const references = (token.children ?? []).filter((child) => markOf(child)?.isFirst)
    if (branch === null) outer = [...outer, ...references]
    else branch.push(...references)
    placed.push(token)
  }
  return [...placed, ...writeNotes(outer, footnotes)]
}

function writeNotes(references: readonly Token[], footnotes: readonly Footnote[]): readonly Token[] {
  if (references.length === 0) return []
  const notes = references.flatMap((reference) => {
    const body = footnotes.find(({ label }) => label === labelOf(reference))?.body ?? []
    const open = token('footnote_open', 'li', 1)
    open.meta = { ...reference.meta }
    return [open, ...body, token('footnote_close', 'li', -1)]
  })
  return [token('footnotes_open', 'ol', 1), ...notes, token('footnotes_close', 'ol', -1)]
}

function token(type: string, tag: string, nesting: 1 | -1): Token {
  const made = new MarkdownIt.Token(type, tag, nesting)
  made.block = true
  return made
}

/** What stands in a `footnote_ref` or `footnote_open`; null in any other token. */
export function markOf({ type, meta }: Token): FootnoteMark | null {
  if (type !== 'footnote_ref' && type !== 'footnote_open') return null
  return { number: Number(meta?.number ?? 0), isFirst: meta?.isFirst === true }
}

function labelOf({ meta }: Token): string {
  return String(meta?.label ?? '')
}
