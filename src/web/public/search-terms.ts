/** Words as search knows them: without case and accents, so that "Café" is found by "cafe". */

/** Letters that are one of their own, not one with an accent. */
const FOLDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}
/** Accents of Latin, Greek and Cyrillic; marks of other scripts are letters. */
const ACCENTS = /[\u0300-\u036f]/g
const WORD = /[\p{L}\p{N}\p{M}]+/gu
/** Scripts that put no blank between words: each pair of characters stands for one. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u
const MAX_WORD = 64

export interface FoundWord {
  /** Folded. */
  readonly term: string
  /** Where it stands in the text. */
  readonly start: number
  readonly end: number
}

export function* wordsIn(text: string): Generator<FoundWord> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (UNSPACED.test(word)) yield* pairsIn(word, index)
    else yield { term: fold(word), start: index, end: index + word.length }
  }
}

export function termsIn(text: string): string[] {
  return [...wordsIn(text)].map(({ term }) => term)
}

export function fold(word: string): string {
  return word
    .slice(0, MAX_WORD)
    .toLowerCase()
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => FOLDED[letter] ?? letter)
}

function* pairsIn(word: string, offset: number): Generator<FoundWord> {
  const characters = [...word]
  let start = offset
  for (const [at, character] of characters.entries()) {
    const next = characters[at + 1]
    if (next !== undefined || at === 0)
      yield {
        term: fold(character + (next ?? '')),
        start,
        end: start + character.length + (next ?? '').length,
      }
    start += character.length
  }
}
