/**
 * The fixed words around an Issue, in its language: what templates and the text part say beside what the editor
 * wrote. A language that is not here is spoken to in English.
 */

import { WORDS_BY_LANGUAGE, type Words } from './words-by-language.js'

/** `lang` is a BCP 47 tag. Chinese is told apart by its script, Norwegian is Bokmål. */
export function wordsOf(lang: string): Words {
  const { language, script } = new Intl.Locale(lang).maximize()
  return WORDS_BY_LANGUAGE[`${language}-${script}`] ?? WORDS_BY_LANGUAGE[language] ?? WORDS_BY_LANGUAGE.en
}

/** The words with `value` in their place. */
export function say(words: string, value: string | number): string {
  return words.split('{}').join(String(value))
}
