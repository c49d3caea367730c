/** What the archive says. */

import type { Translated } from '../../issue/reader-language.js'

export interface ArchiveWords {
  readonly heading: string
  readonly none: string
  readonly number: (number: number) => string
  /** Of the index from its second page on. */
  readonly page: (page: number) => string
  readonly newer: string
  readonly older: string
  readonly subscribe: string
  /** The feeds together. */
  readonly feeds: string
  readonly allIssues: string
  readonly search: string
  readonly searchLabel: string
  /** For those who listen: what the links are about. */
  readonly archive: string
  readonly neighbours: string
  readonly previous: string
  readonly next: string
}

export const ARCHIVE_WORDS: Translated<ArchiveWords> = {
  en: {
    heading: 'Issues',
    none: 'No issue has been sent yet.',
    number: (number) => `No. ${number}`,
    page: (page) => `Issues, page ${page}`,
    newer: 'Newer issues',
    older: 'Older issues',
    subscribe: 'Subscribe',
    feeds: 'Feeds',
    allIssues: 'All issues',
    search: 'Search',
    searchLabel: 'Search past issues',
    archive: 'Archive',
    neighbours: 'Other issues',
    previous: 'Previous issue',
    next: 'Next issue',
  },
  de: {
    heading: 'Ausgaben',
    none: 'Noch ist keine Ausgabe erschienen.',
    number: (number) => `Nr. ${number}`,
    page: (page) => `Ausgaben, Seite ${page}`,
    newer: 'Neuere Ausgaben',
    older: 'Ältere Ausgaben',
    subscribe: 'Abonnieren',
    feeds: 'Feeds',
    allIssues: 'Alle Ausgaben',
    search: 'Suchen',
    searchLabel: 'Ausgaben durchsuchen',
    archive: 'Archiv',
    neighbours: 'Andere Ausgaben',
    previous: 'Vorige Ausgabe',
    next: 'Nächste Ausgabe',
  },
  fr: {
    heading: 'Numéros',
    none: 'Aucun numéro n’a encore paru.',
    number: (number) => `N° ${number}`,
    page: (page) => `Numéros, page ${page}`,
    newer: 'Numéros plus récents',
    older: 'Numéros plus anciens',
    subscribe: 'S’abonner',
    feeds: 'Flux',
    allIssues: 'Tous les numéros',
    search: 'Rechercher',
    searchLabel: 'Rechercher dans les numéros',
    archive: 'Archives',
    neighbours: 'Autres numéros',
    previous: 'Numéro précédent',
    next: 'Numéro suivant',
  },
  es: {
    heading: 'Números',
    none: 'Todavía no se ha publicado ningún número.',
    number: (number) => `N.º ${number}`,
    page: (page) => `Números, página ${page}`,
    newer: 'Números más recientes',
    older: 'Números anteriores',
    subscribe: 'Suscribirse',
    feeds: 'Fuentes',
    allIssues: 'Todos los números',
    search: 'Buscar',
    searchLabel: 'Buscar en los números',
    archive: 'Archivo',
    neighbours: 'Otros números',
    previous: 'Número anterior',
    next: 'Número siguiente',
  },
}
