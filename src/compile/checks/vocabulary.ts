/** Whether an English word is right: as the dictionary has it, as the British write it, or put together from such. */

import type { KnowsWord } from '../dictionary.js'
import { americanSpellings } from './british.js'
import { YOUNG_WORDS } from './young-words.js'

export interface Vocabulary {
  readonly knows: KnowsWord
  /** The publication's own; one in small letters also stands for itself with a capital. */
  readonly own: ReadonlySet<string>
}

/** Each before a word of its own; short ones are left out, since "untill" is no "un-till". */
const PREFIX =
  /^(?:aero|agro|anti|auto|bio|counter|crypto|cyber|eco|electro|euro|geo|hydro|hyper|infra|inter|intra|kilo|macro|mega|meta|micro|mid|mini|mis|mono|multi|nano|neo|neuro|non|over|para|petro|photo|poly|post|pre|proto|pseudo|quasi|radio|re|semi|sino|socio|sub|super|techno|tele|thermo|trans|turbo|ultra|un|under|video)(?=.{5})/
/** Endings that any word may take, and that no slip makes. */
const SUFFIX = /(?<=.{3})(?:(?<![osxz]|[cs]h|[^aeiou]y)s|ness|less|like|wise|ish|proof|wide|ward|wards|hood)$/
/** Of the parts of a word that was put together; one of them is longer, or "writting" were "writ" and "ting". */
const SHORTEST_PART = 4
const SHORTEST_WHOLE = 9

/** `word` is letters, perhaps with a capital first. */
export function isRight(word: string, vocabulary: Vocabulary): boolean {
  const small = word.toLowerCase()
  return (
    [word, small].some((one) => isSpelt(one, vocabulary)) ||
    isSpelt(small.replace(PREFIX, ''), vocabulary) ||
    isSpelt(small.replace(SUFFIX, ''), vocabulary) ||
    isPutTogether(small, vocabulary)
  )
}

/** As one word, in a dictionary's or a Briton's way. */
export function isSpelt(word: string, vocabulary: Vocabulary): boolean {
  return isListed(word, vocabulary) || americanSpellings(word).some((one) => isListed(one, vocabulary))
}

function isListed(word: string, { knows, own }: Vocabulary): boolean {
  return own.has(word) || knows(word) || YOUNG_WORDS.has(word)
}

/** Two known words in one: `yearlong`. */
function isPutTogether(word: string, vocabulary: Vocabulary): boolean {
  if (word.length < SHORTEST_WHOLE) return false
  for (let at = SHORTEST_PART; at <= word.length - SHORTEST_PART; at++)
    if (isSpelt(word.slice(0, at), vocabulary) && isSpelt(word.slice(at), vocabulary)) return true
  return false
}
