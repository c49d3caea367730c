/**
 * What is personal stands where it may: every `{{` is a hole in running text or a part of a conditional passage on
 * a line of its own, and passages open, close and hold something, within one list item, quote or Section.
 */

import type { Token } from 'markdown-it'
import type { Problem } from '../errors.js'
import { HOLE_FORM, readHole } from './hole.js'
import { CHOICE_FORM, CHOICE_TAG } from './markdown.js'
import { walk } from './walk.js'

const MISPLACED_HOLE = 'a hole can only stand in running text, not in a URL, an image, a heading or code'

/** `source` has the same lines as the tokens' maps. */
export function findMisplaced(tokens: readonly Token[], source: string, file: string): readonly Problem[] {
  return [
    ...findBadBraces(tokens, source, file),
    ...findHolesInUrls(tokens, file),
    ...findBrokenChoices(tokens, file),
  ]
}

/** Every `{{` of the source must have become a token. */
function findBadBraces(tokens: readonly Token[], source: string, file: string): Problem[] {
  const proseLines = linesOf(tokens, (type) => type === 'inline')
  const choiceLines = linesOf(tokens, (type) => type.startsWith('choice_'))
  const problems: Problem[] = []
  for (const [index, text] of source.split('\n').entries()) {
    for (const { index: position } of text.matchAll(/\{\{/g)) {
      const place = { where: file, line: index + 1 }
      CHOICE_TAG.lastIndex = position
      if (readHole(text, position) !== null) {
        if (!proseLines.has(index + 1)) problems.push({ ...place, message: MISPLACED_HOLE })
      } else if (!CHOICE_TAG.test(text)) {
        const shown = text.slice(position, position + 30)
        problems.push({
          ...place,
          message: `"${shown}" is neither a hole nor a condition; write ${HOLE_FORM}, or ${CHOICE_FORM} on lines of their own`,
        })
      } else if (!choiceLines.has(index + 1)) {
        problems.push({ ...place, message: `${CHOICE_FORM} stand on lines of their own` })
      }
    }
  }
  return problems
}

/** A hole in a URL or in code left no token, and one beside a URL was meant to be in it. */
function findHolesInUrls(tokens: readonly Token[], file: string): Problem[] {
  const problems: Problem[] = []
  for (const { token, line } of walk(tokens)) {
    if (token.type !== 'inline') continue
    const children = token.children ?? []
    const written = holesWritten(token.content)
    const read = children.filter(({ type }) => type === 'hole').length
    if (written.length !== read || children.some((child, index) => isHoleInUrl(child, children[index - 1]))) {
      const before = token.content.slice(0, written[0] ?? 0)
      problems.push({ where: file, line: line + before.split('\n').length - 1, message: MISPLACED_HOLE })
    }
  }
  return problems
}

/** A hole right behind a bare URL, or behind `](` that did not become a link because of it. */
function isHoleInUrl(token: Token, previous: Token | undefined): boolean {
  if (token.type !== 'hole' || previous === undefined) return false
  return (previous.type === 'link_close' && previous.info === 'auto') || /\]\([^\s)]*$/.test(previous.content)
}

function holesWritten(content: string): readonly number[] {
  return [...content.matchAll(/\{\{/g)]
    .map(({ index }) => index)
    .filter((at) => readHole(content, at) !== null)
}

/** The 1-based lines on which blocks of a type stand. */
function linesOf(tokens: readonly Token[], isWanted: (type: string) => boolean): ReadonlySet<number> {
  const lines = new Set<number>()
  for (const { token, line, inline } of walk(tokens)) {
    if (inline !== null || !isWanted(token.type)) continue
    const count = token.map ? token.map[1] - token.map[0] : 1
    for (let offset = 0; offset < count; offset++) lines.add(line + offset)
  }
  return lines
}

interface OpenChoice {
  readonly line: number
  hasElse: boolean
  hasContent: boolean
  /** Conditions within this one, each reported once. */
  nested: number
}

function findBrokenChoices(tokens: readonly Token[], file: string): Problem[] {
  const problems: Problem[] = []
  const report = (line: number, message: string) => problems.push({ where: file, line, message })
  // One entry a container that is open: the root, then each list item, quote, paragraph.
  const open: (OpenChoice | null)[] = [null]
  const close = () => {
    const choice = open.pop()
    if (choice)
      report(choice.line, 'this condition does not end; add {{/if}} in the same Section, quote or list item')
  }
  for (const { token, line, inline } of walk(tokens)) {
    if (inline !== null) continue
    const current = open.at(-1) ?? null
    if (token.type === 'choice_open') {
      const outer = open.find((choice) => choice !== null)
      if (outer) {
        outer.nested++
        report(line, 'a condition cannot stand within another; end that one first')
      } else open[open.length - 1] = { line, hasElse: false, hasContent: false, nested: 0 }
    } else if (token.type === 'choice_else') {
      if (current === null || current.hasElse)
        report(line, '{{else}} stands once, between {{#if …}} and {{/if}}')
      else current.hasElse = true
    } else if (token.type === 'choice_close' && current === null) {
      report(line, '{{/if}} ends nothing here; {{#if subscriber.NAME}} is missing above it')
    } else if (token.type === 'choice_close' && current) {
      if (current.nested > 0) current.nested--
      else {
        if (!current.hasContent) report(current.line, 'this condition holds nothing; write what it shows')
        open[open.length - 1] = null
      }
    } else if (token.type === 'heading_open' && token.tag === 'h2' && token.level === 0) {
      close()
      open.push(null, null)
    } else {
      if (current) current.hasContent = true
      if (token.nesting === 1) open.push(null)
      if (token.nesting === -1) close()
    }
  }
  close()
  return problems
}
