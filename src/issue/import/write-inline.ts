/**
 * Runs as lines of Markdown. Each is read back with the issue's own parser: where emphasis would not be read as it was
 * meant it is left off, and where that is not enough every mark is escaped. Words are never at risk.
 */

import type { Token } from 'markdown-it'
import { urlOf } from '../links.js'
import { parseMarkdown } from '../markdown.js'
import { escapeInline, escapeMarks, escapeStart } from './escape.js'
import type { Run, TextRun } from './flow.js'

/** Where a line of Markdown will stand: of its own, in a heading, in the cell of a table. */
export type Place = 'text' | 'heading' | 'cell'

export interface InlineText {
  readonly runs: readonly Run[]
  readonly place: Place
}

/** How carefully: with all marks, with links and code only, with everything escaped. */
const TIERS = ['marked', 'plain', 'escaped'] as const
type Tier = (typeof TIERS)[number]

/** Markdown of each text, in order. Images must be files of the issue. */
export function writeInlines(texts: readonly InlineText[]): readonly string[] {
  const written: string[] = texts.map(() => '')
  let open = texts.map((_, index) => index)
  for (const tier of TIERS) {
    const tried = open.map((index) => {
      const text = texts[index] ?? { runs: [], place: 'text' }
      return { index, text, markdown: writeInline(text, tier) }
    })
    for (const { index, markdown } of tried) written[index] = markdown
    const isRead = readsBack(tried)
    open = tried.flatMap(({ index }, at) => (isRead[at] ? [] : [index]))
  }
  return written
}

interface Attempt {
  readonly text: InlineText
  readonly markdown: string
}

/** Whether each, read by the parser, shows the words and leads where the runs say. All at once, halves if need be. */
function readsBack(attempts: readonly Attempt[]): readonly boolean[] {
  const wanted = attempts.filter(({ text }) => text.runs.length > 0)
  if (wanted.length < attempts.length) {
    const answers = readsBack(wanted)
    return attempts.map((attempt) => answers[wanted.indexOf(attempt)] ?? true)
  }
  if (attempts.length === 0) return []
  const source = attempts.map(({ text, markdown }) =>
    text.place === 'heading' ? `### ${markdown}` : markdown,
  )
  const tokens = parseMarkdown(source.join('\n\n'), 'en')
  const inlines = tokens.filter(({ type }) => type === 'inline')
  const isApart = inlines.length === attempts.length && tokens.length === attempts.length * 3
  if (isApart) return attempts.map(({ text }, index) => isAsMeant(text, inlines[index]?.children ?? []))
  if (attempts.length === 1) return [false]
  const middle = attempts.length >> 1
  return [...readsBack(attempts.slice(0, middle)), ...readsBack(attempts.slice(middle))]
}

function isAsMeant({ runs, place }: InlineText, tokens: readonly Token[]): boolean {
  const meant = runs
    .map((run) => (run.kind === 'text' ? run.text : run.kind === 'footnote' ? `[^${run.label}]` : ''))
    .join('')
  const shown = tokens.map(({ type, content }) => (type === 'image' ? '' : content)).join('')
  const hrefs = new Set(
    tokens.filter(({ type }) => type === 'link_open').map((token) => sameUrl(urlOf(token))),
  )
  const links = runs.flatMap((run) => (!('link' in run) || run.link === null ? [] : [sameUrl(run.link)]))
  const breaks = place === 'text' ? runs.filter(({ kind }) => kind === 'break').length : 0
  return (
    fold(meant) === fold(shown) &&
    links.every((link) => hrefs.has(link)) &&
    tokens.filter(({ type }) => type === 'hardbreak').length === breaks &&
    tokens.filter(({ type }) => type === 'image').length ===
      runs.filter(({ kind }) => kind === 'image').length &&
    !tokens.some(({ type }) => type === 'html_inline' || type === 'hole')
  )
}

/** Without what the typographer changes: quotes, dashes, dots, blanks. */
function fold(text: string): string {
  return text.replace(/[\s"'“”„«»‘’‚‹›「」『』.…–—-]+/gu, '')
}

/** However it is encoded. */
function sameUrl(url: string): string {
  try {
    return decodeURIComponent(URL.canParse(url) ? new URL(url).href : url)
  } catch {
    return url
  }
}

function writeInline({ runs, place }: InlineText, tier: Tier): string {
  const markdown = joinNeighbours(runs, (run) => ('link' in run ? run.link : null))
    .map(([link, group]) => writeLinked(group, link, { place, tier }))
    .join('')
  if (place === 'heading') return escapeHeadingEnd(markdown)
  if (place === 'cell') return markdown.replace(/\|/g, '\\|')
  return markdown.split('\n').map(escapeStart).join('\n')
}

function escapeHeadingEnd(markdown: string): string {
  return markdown.replace(/(\s)(#+)$/, '$1\\$2')
}

interface Manner {
  readonly place: Place
  readonly tier: Tier
}

function writeLinked(runs: readonly Run[], link: string | null, manner: Manner): string {
  if (link === null)
    return writeStrong(
      runs,
      manner,
      escaperOf(manner, manner.place === 'heading' ? escapeMarks : escapeInline),
    )
  const [only] = runs
  if (runs.length === 1 && only?.kind === 'text' && only.text === link && /^https?:[^\\<>]+$/.test(link))
    return `<${link}>`
  const words = writeStrong(runs, manner, escaperOf(manner, escapeMarks))
  return surround(words, '[', `](${writeDestination(link)})`)
}

function escaperOf({ tier }: Manner, show: (text: string) => string): (text: string) => string {
  return tier === 'escaped' ? (text) => text.replace(/[!-/:-@[-`{-~]/g, '\\$&') : show
}

/** In angle brackets where it has marks of its own; an entity in it stays what it says. */
function writeDestination(url: string): string {
  const escaped = url.replace(/&(?=#?\w+;)/g, '\\&')
  return /[()]/.test(escaped) ? `<${escaped}>` : escaped
}

function writeStrong(runs: readonly Run[], manner: Manner, show: (text: string) => string): string {
  return writeEmphasis(runs, {
    isSet: (run) => manner.tier === 'marked' && run.kind === 'text' && run.marks.strong,
    mark: '**',
    write: (strong) =>
      writeEmphasis(strong, {
        isSet: (run) => manner.tier === 'marked' && run.kind === 'text' && run.marks.em,
        mark: '*',
        write: (em) => em.map((run) => writeRun(run, manner, show)).join(''),
      }),
  })
}

interface Emphasis {
  readonly isSet: (run: Run) => boolean
  readonly mark: string
  readonly write: (runs: readonly Run[]) => string
}

/** Marks only where they would be read as marks: not within a word when a quotation mark stands at their edge. */
function writeEmphasis(runs: readonly Run[], { isSet, mark, write }: Emphasis): string {
  const groups = joinNeighbours(runs, isSet)
  return groups
    .map(([isMarked, group], index) => {
      const words = write(group)
      const before = plainOf(groups[index - 1]?.[1] ?? []).slice(-1)
      const after = plainOf(groups[index + 1]?.[1] ?? []).slice(0, 1)
      return isMarked && canMark(plainOf(group), before, after) ? surround(words, mark, mark) : words
    })
    .join('')
}

/** CommonMark 0.31, 6.2: what may open stands before no blank, and before no punctuation when a letter precedes it. */
function canMark(words: string, before: string, after: string): boolean {
  const isBefore = words.startsWith(' ') || !/[\p{L}\p{N}]/u.test(before) || /^[\p{L}\p{N}]/u.test(words)
  const isAfter = words.endsWith(' ') || !/[\p{L}\p{N}]/u.test(after) || /[\p{L}\p{M}\p{N}]$/u.test(words)
  return isBefore && isAfter
}

function plainOf(runs: readonly Run[]): string {
  return runs.map((run) => (run.kind === 'text' ? run.text : ' ')).join('')
}

function writeRun(run: Run, manner: Manner, show: (text: string) => string): string {
  if (run.kind === 'break') return manner.place === 'text' ? '\\\n' : ' '
  if (run.kind === 'footnote') return `[^${run.label}]`
  if (run.kind === 'image') return `![${escapeMarks(run.alt)}](${writeDestination(encodeURI(run.source))})`
  const { marks } = run
  if (marks.code && manner.tier !== 'escaped' && !(manner.place === 'cell' && run.text.includes('|')))
    return writeCode(run)
  const words = show(run.text)
  return marks.gone && manner.tier === 'marked' ? surround(words, '~~', '~~') : words
}

function writeCode({ text }: TextRun): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const [, before = '', words = '', after = ''] = /^(\s*)(.*?)(\s*)$/su.exec(text) ?? []
  if (words === '') return text
  const pad = words.startsWith('`') || words.endsWith('`') ? ' ' : ''
  return `${before}${fence}${pad}${words}${pad}${fence}${after}`
}

/** Marks stand close to words: blanks at the ends go outside. */
function surround(text: string, open: string, close: string): string {
  const [, before = '', words = '', after = ''] = /^((?:\s|\\\n)*)(.*?)((?:\s|\\\n)*)$/su.exec(text) ?? []
  return words === '' ? text : `${before}${open}${words}${close}${after}`
}

/** Neighbours for which `keyOf` says the same, together. */
function joinNeighbours<Key>(
  runs: readonly Run[],
  keyOf: (run: Run) => Key,
): readonly (readonly [Key, readonly Run[]])[] {
  const groups: [Key, Run[]][] = []
  for (const run of runs) {
    const key = keyOf(run)
    const last = groups.at(-1)
    if (last !== undefined && last[0] === key) last[1].push(run)
    else groups.push([key, [run]])
  }
  return groups
}
