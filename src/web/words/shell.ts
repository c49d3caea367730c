/** What stands around every page. */

import type { Translated } from '../../issue/reader-language.js'

export interface ShellWords {
  /** The language, in itself. */
  readonly name: string
  readonly issues: string
  readonly subscribe: string
  /** For those who listen: what the links are about. */
  readonly publication: string
  readonly languages: string
}

export const SHELL_WORDS: Translated<ShellWords> = {
  en: {
    name: 'English',
    issues: 'All issues',
    subscribe: 'Subscribe',
    publication: 'Publication',
    languages: 'Language',
  },
  de: {
    name: 'Deutsch',
    issues: 'Alle Ausgaben',
    subscribe: 'Abonnieren',
    publication: 'Publikation',
    languages: 'Sprache',
  },
  fr: {
    name: 'Français',
    issues: 'Tous les numéros',
    subscribe: 'S’abonner',
    publication: 'Publication',
    languages: 'Langue',
  },
  es: {
    name: 'Español',
    issues: 'Todos los números',
    subscribe: 'Suscribirse',
    publication: 'Publicación',
    languages: 'Idioma',
  },
}
