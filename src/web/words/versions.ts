/** What a corrected Issue says of its versions. */

import type { Translated } from '../../issue/reader-language.js'

/** Dates come written out. */
export interface VersionWords {
  readonly heading: string
  readonly corrected: (date: string) => string
  readonly published: (date: string) => string
  /** Above an earlier version. */
  readonly earlier: (date: string) => string
  readonly toNewest: string
  readonly shown: string
}

export const VERSION_WORDS: Translated<VersionWords> = {
  en: {
    heading: 'Versions',
    corrected: (date) => `Corrected on ${date}`,
    published: (date) => `First published on ${date}`,
    earlier: (date) => `This is an earlier version, of ${date}. It was corrected since.`,
    toNewest: 'Read the corrected version',
    shown: 'shown here',
  },
  de: {
    heading: 'Fassungen',
    corrected: (date) => `Berichtigt am ${date}`,
    published: (date) => `Zuerst erschienen am ${date}`,
    earlier: (date) => `Dies ist eine frühere Fassung, vom ${date}. Sie wurde inzwischen berichtigt.`,
    toNewest: 'Die berichtigte Fassung lesen',
    shown: 'hier zu sehen',
  },
  fr: {
    heading: 'Versions',
    corrected: (date) => `Corrigé le ${date}`,
    published: (date) => `Première parution le ${date}`,
    earlier: (date) => `Ceci est une version antérieure, du ${date}. Elle a été corrigée depuis.`,
    toNewest: 'Lire la version corrigée',
    shown: 'affichée ici',
  },
  es: {
    heading: 'Versiones',
    corrected: (date) => `Corregido el ${date}`,
    published: (date) => `Publicado por primera vez el ${date}`,
    earlier: (date) => `Esta es una versión anterior, del ${date}. Se ha corregido desde entonces.`,
    toNewest: 'Leer la versión corregida',
    shown: 'la que se ve aquí',
  },
}
