/** What search says. */

import type { Translated } from '../../issue/reader-language.js'

export interface SearchWords {
  readonly heading: string
  readonly hint: string
  readonly nothing: (asked: string) => string
  readonly found: (count: number, asked: string) => string
  /** Where there are more than are shown. */
  readonly more: (shown: number) => string
}

export const SEARCH_WORDS: Translated<SearchWords> = {
  en: {
    heading: 'Search',
    hint: 'Words from the title or the text; the beginning of a word is enough.',
    nothing: (asked) => `No issue has all of “${asked}”.`,
    found: (count, asked) => `${count === 1 ? 'One issue' : `${count} issues`} with “${asked}”`,
    more: (shown) => `The best ${shown} are shown; another word finds fewer.`,
  },
  de: {
    heading: 'Suche',
    hint: 'Wörter aus Titel oder Text; der Anfang eines Wortes genügt.',
    nothing: (asked) => `Keine Ausgabe enthält „${asked}“.`,
    found: (count, asked) => `${count === 1 ? 'Eine Ausgabe' : `${count} Ausgaben`} mit „${asked}“`,
    more: (shown) => `Die besten ${shown} sind zu sehen; mit einem weiteren Wort werden es weniger.`,
  },
  fr: {
    heading: 'Recherche',
    hint: 'Des mots du titre ou du texte ; le début d’un mot suffit.',
    nothing: (asked) => `Aucun numéro ne contient « ${asked} ».`,
    found: (count, asked) => `${count === 1 ? 'Un numéro' : `${count} numéros`} avec « ${asked} »`,
    more: (shown) => `Les ${shown} meilleurs sont affichés ; un mot de plus en trouve moins.`,
  },
  es: {
    heading: 'Búsqueda',
    hint: 'Palabras del título o del texto; basta el principio de una palabra.',
    nothing: (asked) => `Ningún número contiene «${asked}».`,
    found: (count, asked) => `${count === 1 ? 'Un número' : `${count} números`} con «${asked}»`,
    more: (shown) => `Se muestran los ${shown} mejores; con otra palabra serán menos.`,
  },
}
