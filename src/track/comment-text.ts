/**
 * The words of a comment as they are kept: plain text, without what steers a terminal or a line of writing. What a
 * person could not mean (a control character, a mark upon a mark upon a mark) is dropped in silence; what they could is
 * theirs to mend.
 */

/** Characters, not bytes. */
export const MAX_COMMENT = 5_000
export const MAX_COMMENT_NAME = 80
/** More are an advertisement. */
const MAX_COMMENT_LINKS = 3
/** Marks upon one letter: Hebrew with vowels and accents has four. */
const MAX_MARKS = 4

export type CommentProblem = 'nameMissing' | 'nameLong' | 'nameLink' | 'textMissing' | 'textLong' | 'links'

export interface CommentReading {
  readonly name: string
  /** Paragraphs are parted by an empty line. */
  readonly text: string
  /** Of the name first; none: it can be kept. */
  readonly problems: readonly CommentProblem[]
}

export function readCommentWords(given: { readonly name: string; readonly text: string }): CommentReading {
  const name = cleanWords(given.name).replace(/\s+/g, ' ').trim()
  const text = cleanWords(given.text)
  return { name, text, problems: [...nameProblems(name), ...textProblems(text)] }
}

/** Links that a comment names; they are never live. */
export function countLinks(text: string): number {
  return (text.match(LINK) ?? []).length
}

const LINK = /\b[a-z][a-z0-9+.-]{1,20}:\/\/|\bwww\./gi

function nameProblems(name: string): readonly CommentProblem[] {
  if (name === '') return ['nameMissing']
  if (lengthOf(name) > MAX_COMMENT_NAME) return ['nameLong']
  return countLinks(name) > 0 ? ['nameLink'] : []
}

function textProblems(text: string): readonly CommentProblem[] {
  if (text === '') return ['textMissing']
  if (lengthOf(text) > MAX_COMMENT) return ['textLong']
  return countLinks(text) > MAX_COMMENT_LINKS ? ['links'] : []
}

function lengthOf(text: string): number {
  return Array.from(text).length
}

/** What is no word of anyone: controls but line breaks, overrides of direction, invisible characters, tags. */
const UNMEANT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: dropping them is the point
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b\u2060-\u206f\u202a-\u202e\ufeff\ufff9-\uffff\ue000-\uf8ff\u{e0000}-\u{e00ff}\u{e01f0}-\u{10ffff}\u115f\u1160\u2800\u3164\uffa0]|\p{Noncharacter_Code_Point}/gu
const MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, 'gu')

function cleanWords(given: string): string {
  return given
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/[\t\v\f]/g, ' ')
    .replace(UNMEANT, '')
    .normalize('NFC')
    .replace(MARKS, '$1')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
