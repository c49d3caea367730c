/** What the archive says. */

import type { Translated } from '../../issue/reader-language.js'

export interface ArchiveWords {
  readonly heading: string
  readonly none: string
  readonly number: (number: number) => string
}

export const ARCHIVE_WORDS: Translated<ArchiveWords> = {
  en: { heading: 'Issues', none: 'No issue has been sent yet.', number: (number) => `No. ${number}` },
  de: {
    heading: 'Ausgaben',
    none: 'Noch ist keine Ausgabe erschienen.',
    number: (number) => `Nr. ${number}`,
  },
  fr: { heading: 'Numéros', none: 'Aucun numéro n’a encore paru.', number: (number) => `N° ${number}` },
  es: {
    heading: 'Números',
    none: 'Todavía no se ha publicado ningún número.',
    number: (number) => `N.º ${number}`,
  },
}
