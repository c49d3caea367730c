/**
 * Characters that never belong in an issue: they are invisible, break mail (Gmail clips at some C1 controls), are
 * the trace of a damaged file, turn text around, or are the marks the compiler puts in the place of holes
 * (U+E000-U+E00F).
 */

import type { Problem } from '../errors.js'

/** A file full of binary would fill the screen; the first few lines say it all. */
const MAX_PROBLEMS = 20

/** Controls (C0, DEL, C1) except tab and newline; lone surrogates; the compiler's marks; lost text; BIDI; no characters. */
const FORBIDDEN =
  /[^\P{Cc}\t\n]|[\p{Cs}\u{E000}-\u{E00F}\u{FFFC}\u{FFFD}\u{202A}-\u{202E}\u{2066}-\u{2069}]|\p{Noncharacter_Code_Point}/u
/** Embeddings, overrides and isolates: one that is not closed turns the rest of the page around, or hides a link. */
const BIDI = /[\u{202A}-\u{202E}\u{2066}-\u{2069}]/u

/** One problem a line of `text` that holds a forbidden character. */
export function findForbiddenCharacters(text: string, where: string): readonly Problem[] {
  const problems: Problem[] = []
  if (FORBIDDEN.test(text)) {
    for (const [index, line] of text.split('\n').entries()) {
      const message = describeForbidden(line)
      if (message !== null) problems.push({ where, line: index + 1, message })
      if (problems.length === MAX_PROBLEMS) break
    }
  }
  return problems
}

/** What is wrong with the first forbidden character of `text`, or null when it holds none. */
export function describeForbidden(text: string): string | null {
  const character = FORBIDDEN.exec(text)?.[0]
  if (character === undefined) return null
  const code = character.codePointAt(0) ?? 0
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  if (BIDI.test(character))
    return `${name} turns the direction of writing around; take it out, the language decides`
  if (code === 0xfffd || code === 0xfffc) return `${name} stands for lost text; save the file as UTF-8`
  if (/\p{Noncharacter_Code_Point}/u.test(character)) return `${name} is no character; take it out`
  if (code >= 0xe000) return `${name} is a reserved character; take it out`
  if (code >= 0xd800) return `${name} is half a character; write the whole one`
  return `${name} is a control character, which cannot be sent; take it out`
}
