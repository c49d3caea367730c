/** The words of a text for comparing, in any script: plain rules, since a dictionary takes minutes for a long paragraph. */

/** A word, a number, one sign, or one character of a script that writes no spaces; white space goes with what is before it. */
const WORD =
  /\s+|(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]\p{M}*|[\p{L}\p{N}_\p{M}]+?(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\p{L}\p{N}_\p{M}]|$)|.)\s*/gsu

/** Put together again they are the text. */
export function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? []
}

/** Without what makes no difference. */
export function normalised(word: string): string {
  return word.trim()
}

/** Its words and numbers in small letters, each once. */
export function wordSet(text: string): ReadonlySet<string> {
  return new Set(
    wordsOf(text).flatMap((word) => (/[\p{L}\p{N}]/u.test(word) ? [word.trim().toLowerCase()] : [])),
  )
}

/** Of all words of both how many stand in both: 0 to 1. */
export function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((word) => other.has(word)).length
  return shared / Math.max(one.size + other.size - shared, 1)
}
