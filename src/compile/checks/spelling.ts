/**
 * N01: words that no dictionary has. Most words it does not have are right all the same (names, terms, other languages), so
 * an unknown word counts as a slip where it is in small letters, or very near to one that is known.
 */

import type { Check, CheckInput, Found } from './check.js'
import { lineAt, type Passage, readPassages } from './reading.js'
import { slipsOf, swapsOf } from './slips.js'
import { isRight, isSpelt, type Vocabulary } from './vocabulary.js'

const MOST_SHOWN = 20
const MOST_SUGGESTIONS = 3
/** Unknown words: a text with more is none in English, and what was meant takes a millisecond each. */
const MOST_JUDGED = 300
const SHORTEST = 3
/** Longer ones are no words of a language. */
const LONGEST = 45
/** Of one word. */
const MOST_LINES = 6
/** A capitalised word is a name, unless it is as long as this and a letter away from a word that is none. */
const SHORTEST_NAME_SLIP = 7
/** What is written so often is a term. */
const TERM_COUNT = 3

/** Characters that are looked at on either side of a word. */
const REACH = 40

/** Addresses, names of files, handles. */
const NO_PROSE = /\/\/|@|\w\.\w{2,}|[#_/\\]./u
/** Hyphens part words, apostrophes do not. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:[’'][\p{L}\p{M}]+)*/gu
const ENGLISH_LETTERS = /^[A-Za-z]+(?:[’'][A-Za-z]+)*$/
const SENTENCE_START = /(?:^|[.!?:;“”"‘(\n\u2014\u2013\ufffc])[\s“"‘(]*$/u

export const spelling: Check = {
  id: 'N01',
  title: 'words are spelt as in the dictionary or in issues/words.txt',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const knows = input.dictionaries.get('en')
    if (knows === undefined) return []
    const vocabulary = { knows, own: ownWords(input) }
    const unknown = collectWords(
      input,
      remember((text) => !isRight(text, vocabulary)),
    )
    return shorten([...unknown.values()].slice(0, MOST_JUDGED).flatMap((word) => judge(word, vocabulary)))
  },
}

/** Most words stand in an issue more than once. */
function remember(judgeWord: (word: string) => boolean): (word: string) => boolean {
  const judged = new Map<string, boolean>()
  return (word) => {
    const verdict = judged.get(word) ?? judgeWord(word)
    judged.set(word, verdict)
    return verdict
  }
}

/** A word of the issue with all its places. */
interface Word {
  readonly text: string
  readonly lines: readonly number[]
  /** Whether it begins a sentence wherever it stands, so that its capital says nothing. */
  readonly isInitial: boolean
  /** Whether it stands beside another capital in running text, as names do. */
  readonly isName: boolean
}

function collectWords(input: CheckInput, isWanted: (word: string) => boolean): ReadonlyMap<string, Word> {
  const words = new Map<string, Word & { readonly lines: number[] }>()
  for (const passage of readPassages(input)) {
    if (new Intl.Locale(passage.lang).language !== 'en') continue
    for (const { text, at } of wordsIn(passage)) {
      if (!isWanted(text)) continue
      const { lines, isInitial, isName } = words.get(text) ?? {
        lines: [] as number[],
        isInitial: true,
        isName: false,
      }
      if (lines.length < MOST_LINES) lines.push(lineAt(passage, at))
      words.set(text, {
        text,
        lines,
        isInitial: isInitial && beginsSentence(passage, at),
        isName: isName || isBesideCapital(passage, at),
      })
    }
  }
  return words
}

function beginsSentence({ kind, text }: Passage, at: number): boolean {
  return kind !== 'heading' && SENTENCE_START.test(before(text, at))
}

/** As much of what stands before as a look back needs. */
function before(text: string, at: number): string {
  return text.slice(Math.max(0, at - REACH), at)
}

/** In a headline every word may have one. */
function isBesideCapital({ kind, text }: Passage, at: number): boolean {
  const head = before(text, at)
  const isBefore = /\p{Lu}[\p{L}.’'-]*[ -]$/u.test(head) && !SENTENCE_START.test(head)
  return kind !== 'heading' && (isBefore || /^[^\s]+[ -]\p{Lu}/u.test(text.slice(at, at + REACH)))
}

/** Words of small letters, perhaps with a capital first; possessives without their s. */
function wordsIn({ text }: Passage): readonly { readonly text: string; readonly at: number }[] {
  const prose = text.replace(/\S+/g, (part) => (NO_PROSE.test(part) ? ' '.repeat(part.length) : part))
  return [...prose.matchAll(WORD)].flatMap((match) => {
    // "Suk-yeol": the small half of a name.
    const isPart = prose.charAt(match.index - 1) === '-'
    if (isPart && /\p{Lu}\p{L}*-$/u.test(before(prose, match.index))) return []
    const word = match[0].replaceAll("'", '’').replace(/’s$/i, '')
    const isPlain = ENGLISH_LETTERS.test(word) && /^\p{L}[\p{Ll}’]+$/u.test(word)
    return isPlain && word.length >= SHORTEST && word.length <= LONGEST
      ? [{ text: word, at: match.index }]
      : []
  })
}

function judge(word: Word, vocabulary: Vocabulary): readonly Found[] {
  const { text, lines } = word
  const isCapital = /^\p{Lu}/u.test(text)
  const near = isCapital ? nearName(word, vocabulary) : nearWord(text, vocabulary)
  const isTerm = lines.length >= TERM_COUNT
  if (near.length === 0 && (isCapital || isTerm)) return []
  const advice = near.length === 0 ? 'mend it' : `write ${near.slice(0, MOST_SUGGESTIONS).join(' or ')}`
  const elsewhere = [...new Set(lines.slice(1))].filter((line) => line !== lines[0])
  const also = elsewhere.length === 0 ? '' : ` (also in line ${elsewhere.join(', ')})`
  return [
    {
      severity: 'warn',
      message: `"${text}" is in no dictionary${also}`,
      hint: `${advice}, or add it to issues/words.txt`,
      line: lines[0] ?? null,
    },
  ]
}

function nearWord(word: string, vocabulary: Vocabulary): readonly string[] {
  const name = capitalise(word)
  const isName = vocabulary.knows(name) || vocabulary.own.has(name)
  return [...(isName ? [name] : []), ...slipsOf(word).filter((one) => isSuggestion(one, vocabulary))]
}

/** "aetas" may be a Briton's "etas", but nobody meant it. */
function isSuggestion(word: string, vocabulary: Vocabulary): boolean {
  return /[ao]e/.test(word) ? vocabulary.knows(word) : isSpelt(word, vocabulary)
}

/** A name is rarely one letter off a long word that is none; of a short one only letters changed about are a slip. */
function nearName({ text, lines, isInitial, isName }: Word, { knows }: Vocabulary): readonly string[] {
  if (isName || lines.length >= TERM_COUNT) return []
  const small = text.toLowerCase()
  const slips = text.length >= SHORTEST_NAME_SLIP ? slipsOf(small) : isInitial ? swapsOf(small) : []
  return slips.filter(knows).map(capitalise)
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Names that stand in the publication and the bylines, and the editor's own list. */
function ownWords({ issue, publication, words }: CheckInput): ReadonlySet<string> {
  const authors = issue.sections.flatMap((section) => (section.kind === 'story' ? section.authors : []))
  const names = [...issue.authors, ...authors].map(({ name }) => name)
  const { name, tagline, postalAddress } = publication
  const lines = [...names, name, tagline ?? '', ...postalAddress, ...words]
  return new Set(lines.flatMap((line) => line.replaceAll("'", '’').match(WORD) ?? []))
}

function shorten(found: readonly Found[]): readonly Found[] {
  const inOrder = [...found].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  const last = inOrder[MOST_SHOWN - 1]
  if (last === undefined || inOrder.length <= MOST_SHOWN) return inOrder
  const more = inOrder.length - MOST_SHOWN
  return [
    ...inOrder.slice(0, MOST_SHOWN - 1),
    { ...last, message: `${last.message}, and ${more} more words below` },
  ]
}
