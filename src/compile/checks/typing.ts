/** N03: slips of the keyboard: a word or a space too many, a straight quote, a space before a comma. */

import type { Check, Found } from './check.js'
import { lineAt, OBJECT, type Passage, readPassages } from './reading.js'

/** Each kind of slip is shown this often; a file that was typed so throughout needs no list. */
const MOST_SHOWN = 5
/** Characters shown on either side, at most. */
const NEAR = 20

/**
 * Words that may rightly stand twice, by language. Of a language that is not here nothing is said: Turkish and
 * Persian, among others, double words for emphasis.
 */
const RIGHTLY_DOUBLED: Readonly<Record<string, readonly string[]>> = {
  en: [
    'that',
    'had',
    'ha',
    'no',
    'bye',
    'so',
    'very',
    'many',
    'long',
    'hear',
    'tut',
    'please',
    'do',
    'is',
    'her',
  ],
  de: ['die', 'der', 'das', 'sie', 'den', 'dem', 'sich', 'ja', 'nein', 'nach', 'sehr'],
  fr: ['nous', 'vous', 'non', 'oui', 'très', 'bien', 'si'],
  es: ['no', 'sí', 'muy', 'que', 'ya'],
  it: ['via', 'piano', 'man', 'quasi', 'poco', 'no', 'sì', 'così', 'ben'],
  pt: ['não', 'sim', 'muito', 'que', 'logo'],
  nl: ['die', 'dat', 'nee', 'ja', 'heel', 'zij', 'je'],
  pl: ['nie', 'tak', 'co', 'się'],
  ru: ['нет', 'да', 'очень', 'что', 'чуть', 'еле'],
  uk: ['ні', 'так', 'дуже', 'що', 'ледь'],
  sv: ['det', 'den', 'som', 'ja', 'nej', 'om'],
  da: ['det', 'den', 'som', 'ja', 'nej', 'der'],
  nb: ['det', 'den', 'som', 'ja', 'nei'],
}

const WORD = /[\p{L}\p{M}\p{N}’'-]+/gu
const SPACES = /(?<=\S) {2,}(?=\S)/g
/** A quotation mark or apostrophe that the typographer did not turn; after a digit it is a foot or an inch. */
const STRAIGHT = /(?<!\d)["']/g
const SPACE_BEFORE = /(?<=[\p{L}\p{N}\p{M}]) +[,.;:!?](?=\s|$)/gu
/** French puts a space before these. */
const SPACE_BEFORE_FRENCH = /(?<=[\p{L}\p{N}\p{M}]) +[,.](?=\s|$)/gu

/** A kind of slip: where it is, without a word, and what is said of the few that are shown. */
interface Kind {
  readonly find: (passage: Passage) => readonly Place[]
  readonly describe: (place: Place) => Pick<Found, 'message' | 'hint'>
}

interface Place {
  readonly passage: Passage
  readonly at: number
  /** What is wrong there, as it is written. */
  readonly text: string
}

const KINDS: readonly Kind[] = [
  {
    find: findDoubled,
    describe: ({ text }) => ({
      message: `"${text.replace(/\s+/g, ' ')}" says "${/\S+$/.exec(text)?.[0]}" twice`,
      hint: 'take one out',
    }),
  },
  {
    find: (passage) => findAll(passage, SPACES),
    describe: (place) => ({ message: `there are two spaces ${near(place)}`, hint: 'one is enough' }),
  },
  {
    // Hebrew abbreviates with them.
    find: (passage) => (languageOf(passage) === 'he' ? [] : findAll(passage, STRAIGHT)),
    describe: (place) => ({
      message: `a straight ${place.text} stands ${near(place)}`,
      hint: 'type the curly one of your language',
    }),
  },
  {
    find: (passage) => findAll(passage, languageOf(passage) === 'fr' ? SPACE_BEFORE_FRENCH : SPACE_BEFORE),
    describe: (place) => ({
      message: `there is a space before "${place.text.trim()}" ${near(place)}`,
      hint: 'take it out',
    }),
  },
]

export const typing: Check = {
  id: 'N03',
  title: 'no word, space or quotation mark is mistyped',
  isWaivable: true,
  severities: ['info'],
  run: (input) => {
    const passages = readPassages(input).filter(({ kind }) => kind !== 'alt')
    return KINDS.flatMap((kind) => describeFew(kind, passages.flatMap(kind.find)))
  },
}

function languageOf({ lang }: Passage): string {
  return new Intl.Locale(lang).language
}

function findAll(passage: Passage, pattern: RegExp): readonly Place[] {
  return [...passage.text.matchAll(pattern)].map((match) => ({ passage, at: match.index, text: match[0] }))
}

function findDoubled(passage: Passage): readonly Place[] {
  const rightly = RIGHTLY_DOUBLED[languageOf(passage)]
  if (rightly === undefined) return []
  const words = [...passage.text.matchAll(WORD)]
  return words.flatMap((match, index) => {
    const [first, at] = [words[index - 1]?.[0] ?? '', words[index - 1]?.index ?? 0]
    const [second] = match
    const isDoubled =
      first.length === second.length &&
      first.toLowerCase() === second.toLowerCase() &&
      /^\p{L}+$/u.test(second) &&
      /^[ \n]+$/.test(passage.text.slice(at + first.length, match.index))
    const isName = /^\p{Lu}/u.test(first) && /^\p{Lu}/u.test(second)
    if (!isDoubled || isName || rightly.includes(first.toLowerCase())) return []
    return [{ passage, at, text: passage.text.slice(at, match.index + second.length) }]
  })
}

/** Where it is, by the words around it. */
function near({ passage, at, text }: Place): string {
  const before = /\S*\s*$/.exec(passage.text.slice(Math.max(0, at - NEAR), at))?.[0] ?? ''
  const after = /^\s*\S*/.exec(passage.text.slice(at + text.length, at + text.length + NEAR))?.[0] ?? ''
  const shown = (before + text + after).replaceAll(OBJECT, '…').replace(/\s+/g, ' ').trim()
  return `in "${shown}"`
}

function describeFew({ describe }: Kind, places: readonly Place[]): readonly Found[] {
  const found = places.slice(0, MOST_SHOWN).map((place) => {
    const line = lineAt(place.passage, place.at + place.text.length)
    return { severity: 'info' as const, line, ...describe(place) }
  })
  const last = found[MOST_SHOWN - 1]
  if (last === undefined || places.length <= MOST_SHOWN) return found
  const message = `${last.message}, and ${places.length - MOST_SHOWN} more like it below`
  return [...found.slice(0, MOST_SHOWN - 1), { ...last, message }]
}
