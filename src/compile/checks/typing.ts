/** N03: slips of the keyboard: a word or a space too many, a straight quote, a space before a comma. */

import type { Check, Found } from './check.js'
import { lineAt, OBJECT, type Passage, readPassages } from './reading.js'

/** Each kind of slip is shown this often; a file that was typed so throughout needs no list. */
const MOST_SHOWN = 5

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

export const typing: Check = {
  id: 'N03',
  title: 'no word, space or quotation mark is mistyped',
  isWaivable: true,
  severities: ['info'],
  run: (input) => {
    const passages = readPassages(input).filter(({ kind }) => kind !== 'alt')
    return [findDoubled, findSpaces, findStraight, findSpaceBefore].flatMap((find) =>
      shorten(passages.flatMap(find)),
    )
  },
}

function findDoubled(passage: Passage): readonly Found[] {
  const rightly = RIGHTLY_DOUBLED[new Intl.Locale(passage.lang).language]
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
    const message = `"${first} ${second}" says "${second}" twice`
    return [info(message, 'take one out', lineAt(passage, match.index))]
  })
}

function findSpaces(passage: Passage): readonly Found[] {
  return [...passage.text.matchAll(SPACES)].map((match) =>
    info(
      `there are two spaces ${near(passage.text, match.index)}`,
      'one is enough',
      lineAt(passage, match.index),
    ),
  )
}

function findStraight(passage: Passage): readonly Found[] {
  return [...passage.text.matchAll(STRAIGHT)].map((match) =>
    info(
      `a straight ${match[0]} stands ${near(passage.text, match.index)}`,
      'type the curly one of your language: “ ” or ’',
      lineAt(passage, match.index),
    ),
  )
}

function findSpaceBefore(passage: Passage): readonly Found[] {
  const isFrench = new Intl.Locale(passage.lang).language === 'fr'
  return [...passage.text.matchAll(isFrench ? SPACE_BEFORE_FRENCH : SPACE_BEFORE)].map((match) =>
    info(
      `there is a space before "${match[0].trim()}" ${near(passage.text, match.index)}`,
      'take it out',
      lineAt(passage, match.index),
    ),
  )
}

/** Where it is, by the words around it. */
function near(text: string, at: number): string {
  const before = /\S*\s*$/.exec(text.slice(0, at))?.[0] ?? ''
  const after = /^\s*\S*\s*\S*/.exec(text.slice(at))?.[0] ?? ''
  return `in "${(before + after).replaceAll(OBJECT, '…').replace(/\s+/g, ' ').trim()}"`
}

function shorten(found: readonly Found[]): readonly Found[] {
  const last = found[MOST_SHOWN - 1]
  if (last === undefined || found.length <= MOST_SHOWN) return found
  const message = `${last.message}; and ${found.length - MOST_SHOWN} more like it below`
  return [...found.slice(0, MOST_SHOWN - 1), { ...last, message }]
}

function info(message: string, hint: string, line: number): Found {
  return { severity: 'info', message, hint, line }
}
