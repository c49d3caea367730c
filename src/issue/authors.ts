/** Who wrote it: `A, B and C`, with an optional link each, as in `[A](https://…), B`. */

import type { Author } from './issue.js'

/** `A, B and C`, also with an Oxford comma, `&` or the comma of Arabic, Chinese or Japanese. */
const SEPARATOR = /\s*(?:,\s*(?:and|&)\s+|\s(?:and|&)\s|,|،|、|，)\s*/u

const LINKED_NAME = /^\[([^[\]]+)\]\(<?((?:https?:\/\/|mailto:)[^\s<>()]+)>?\)$/iu

/** What follows a comma in a name without beginning another: `Ada Reyes, Jr.` */
const SUFFIX = /^(?:Jr|Sr|PhD|MD|Esq)\.?$|^(?:II|III|IV)$/

/** Particles that may stand in a name in lower case. */
const PARTICLES: ReadonlySet<string> = new Set(
  'al ap bin bint da das de del della den der di do dos du e el ibn la le ten ter van von y zu'.split(' '),
)

/** Letters, marks, and what joins them: apostrophes, hyphens, dots, the middle dot. */
const NAME_WORD = /^[\p{L}\p{M}][\p{L}\p{M}.'’‘ʻ·‐‑-]*$/u

/** Lower case first, but for an elided article: `d’Angelo`. */
const LOWER_CASE_WORD = /^\p{Ll}(?!['’]\p{Lu})/u

const MAX_BYLINE_WORDS = 8
const MAX_NAME_LENGTH = 120

/** The authors that `text`, one line of Markdown source, names in order; null when a name is missing or broken. */
export function parseAuthors(text: string): readonly Author[] | null {
  const pieces: string[] = []
  for (const piece of text.trim().split(SEPARATOR)) {
    const previous = pieces.at(-1)
    if (previous !== undefined && SUFFIX.test(piece)) pieces[pieces.length - 1] = `${previous}, ${piece}`
    else pieces.push(piece)
  }
  const authors = pieces.map(parseAuthor)
  return authors.every((author) => author !== null) ? authors : null
}

/**
 * Whether authors read as people's names, so that a line which begins with "By" is a byline and no sentence: each
 * word begins with a capital (or a letter of a script without capitals) or is a particle such as "van".
 */
export function readAsNames(authors: readonly Author[]): boolean {
  return authors.every(({ name }) => {
    const words = name.split(/,? /)
    return (
      words.length <= MAX_BYLINE_WORDS &&
      words.every((word) => NAME_WORD.test(word) && (PARTICLES.has(word) || !LOWER_CASE_WORD.test(word))) &&
      words.some((word) => !PARTICLES.has(word))
    )
  })
}

function parseAuthor(piece: string): Author | null {
  const link = LINKED_NAME.exec(piece)
  const name = unescapeMarkdown(link?.[1] ?? piece)
    .trim()
    .replace(/\s+/g, ' ')
    .replaceAll("'", '’')
  const isBroken =
    !/\p{L}/u.test(name) ||
    /(?:^|\s)(?:and|&)$/.test(name) ||
    /[<>[\]{}\p{Cc}]/u.test(name) ||
    name.length > MAX_NAME_LENGTH
  return isBroken ? null : { name, url: link?.[2] ?? null }
}

function unescapeMarkdown(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, '$1')
}
