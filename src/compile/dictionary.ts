/** The dictionaries at hand. One is loaded when the first issue needs it, and kept: that takes a third of a second. */

import type { Issue } from '../issue/issue.js'

/** Whether the dictionary has the word, as it is written. */
export type KnowsWord = (word: string) => boolean

/** Of the languages of these BCP 47 tags those that there is a dictionary for, by language. */
export async function openDictionaries(langs: readonly string[]): Promise<ReadonlyMap<string, KnowsWord>> {
  const isEnglish = langs.some((lang) => new Intl.Locale(lang).language === 'en')
  return isEnglish ? new Map([['en', await openEnglish()]]) : new Map()
}

/** BCP 47 tags of what an Issue is written in. */
export function languagesOf({ lang, sections }: Pick<Issue, 'lang' | 'sections'>): readonly string[] {
  return [lang, ...sections.map((section) => section.lang ?? lang)]
}

let english: Promise<KnowsWord> | null = null

function openEnglish(): Promise<KnowsWord> {
  english ??= loadEnglish()
  return english
}

async function loadEnglish(): Promise<KnowsWord> {
  const [{ default: nspell }, { default: words }] = await Promise.all([
    import('nspell'),
    import('dictionary-en'),
  ])
  const speller = nspell({ aff: Buffer.from(words.aff), dic: Buffer.from(words.dic) })
  const remembered = new Map<string, boolean>()
  return (word) => {
    const known = remembered.get(word) ?? speller.correct(word)
    remembered.set(word, known)
    return known
  }
}
