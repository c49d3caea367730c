/**
 * Dates in running text, in the language: `Friday, 24 November 2026`, `vendredi 24 novembre`, `11月24日（火）`. Names of
 * days and months are those Intl knows; what it does not know is not found.
 */

export interface WrittenDate {
  readonly text: string
  /** Offset in the text. */
  readonly at: number
  /** 0 is Sunday; null when none stands there. */
  readonly weekday: number | null
  readonly day: number
  /** 1 to 12 */
  readonly month: number
  readonly year: number | null
  /** What a word beside it says: `next Friday, 24 November`. */
  readonly says: 'next' | 'last' | null
}

/** Persian issues go by a calendar of their own. */
const UNREAD = new Set(['fa'])

/** Case endings that Intl does not give: "on Friday". */
const MORE_WEEKDAYS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  pl: { środę: 3, sobotę: 6, niedzielę: 0 },
  ru: { среду: 3, пятницу: 5, субботу: 6 },
  uk: { середу: 3, 'п’ятницю': 5, суботу: 6, неділю: 0 },
}

const NEXT: Readonly<Record<string, string>> = {
  en: 'next|coming|upcoming',
  de: 'nächste[nrsm]?|kommende[nrsm]?',
  fr: 'prochaine?',
  es: 'próximo|próxima',
  it: 'prossim[oa]',
  pt: 'próxim[oa]',
  nl: 'volgende|komende|aankomende|aanstaande',
  pl: 'następn\\p{L}+|najbliższ\\p{L}+|przyszł\\p{L}+',
  ru: 'следующ\\p{L}+|ближайш\\p{L}+',
  uk: 'наступн\\p{L}+|найближч\\p{L}+',
}
const LAST: Readonly<Record<string, string>> = {
  en: 'last|past',
  de: 'letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?',
  fr: 'dernière?|passée?',
  es: 'pasad[oa]',
  it: 'scors[oa]',
  pt: 'passad[oa]',
  nl: 'afgelopen|vorige',
  pl: 'ubiegł\\p{L}+|zeszł\\p{L}+',
  ru: 'прошл\\p{L}+',
  uk: 'минул\\p{L}+',
}

const EAST_ASIAN =
  /(?:(?<year>\d{4})\s*[年년]\s*)?(?<![\d])(?<month>\d{1,2})\s*[月월]\s*(?<day>\d{1,2})\s*[日号號일](?:\s*[（(]?\s*(?:(?:星期|周|週|礼拜|禮拜)?(?<weekday>[一二三四五六日天月火水木金土월화수목금토]|일(?=요일|[)）]))(?:曜日?|요일|(?=[)）])|(?<=(?:星期|周|週|礼拜|禮拜).))))?/gu
/** Each column is a day, Sunday first. */
const EAST_ASIAN_DAYS = ['日天일', '月一월', '火二화', '水三수', '木四목', '金五금', '土六토']

/** As far before a date as a word about it is looked for. */
const REACH = 40

/** Whether the month has as many is the caller's to say. */
const MOST_DAYS = 31

/** Every date in `text`, in order. `lang` is a BCP 47 tag. */
export function findDates(text: string, lang: string): readonly WrittenDate[] {
  const { language } = new Intl.Locale(lang)
  if (UNREAD.has(language)) return []
  const digits = text.replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
  if (['zh', 'ja', 'ko'].includes(language)) return findEastAsian(digits)
  const words = wordsOf(language)
  return [words.dayFirst, words.monthFirst]
    .flatMap((pattern) => [...digits.matchAll(pattern)].flatMap((match) => readMatch(match, words)))
    .sort((a, b) => a.at - b.at)
}

interface CalendarWords {
  readonly weekdays: ReadonlyMap<string, number>
  readonly months: ReadonlyMap<string, number>
  readonly next: RegExp
  readonly last: RegExp
  readonly dayFirst: RegExp
  readonly monthFirst: RegExp
}

const known = new Map<string, CalendarWords>()

function wordsOf(language: string): CalendarWords {
  const words = known.get(language) ?? learnWords(language)
  known.set(language, words)
  return words
}

function learnWords(language: string): CalendarWords {
  const weekdays = new Map(Object.entries(MORE_WEEKDAYS[language] ?? {}))
  const months = new Map<string, number>()
  for (let day = 0; day < 7; day++)
    for (const name of namesOf(
      language,
      'weekday',
      [{ weekday: 'long' }],
      new Date(Date.UTC(2023, 0, 1 + day)),
    ))
      weekdays.set(name, day)
  const shapes: Intl.DateTimeFormatOptions[] = [
    { month: 'long' },
    { month: 'long', day: 'numeric' },
    { month: 'short' },
    { month: 'short', day: 'numeric' },
  ]
  for (let month = 1; month <= 12; month++)
    for (const name of namesOf(language, 'month', shapes, new Date(Date.UTC(2023, month - 1, 1))))
      months.set(name, month)
  const [next, last] = [NEXT[language] ?? '(?!)', LAST[language] ?? '(?!)']
  const beside = `(?:\\s+(?:${next}|${last}))?`
  const weekday = `(?<weekday>${anyOf(weekdays)})${beside}[.,،]?\\s+(?:(?:the|den|dem|de|del|le|el|il|d\\.|di|do|o)\\s+)?`
  const month = `(?<month>${anyOf(months)})\\.?(?![\\p{L}\\p{M}])`
  const year = `(?:[,،]?\\s+(?:(?:de|del|of)\\s+)?(?<year>[12]\\d{3})(?!\\d))?`
  const after =
    language === 'tr'
      ? `(?:\\s+(?<after>${anyOf(weekdays)})(?!\\p{L}))?`
      : `(?:\\s*[(（](?<after>${anyOf(weekdays)})[)）])?`
  const before = `(?<![\\p{L}\\p{M}\\p{N}.,/:-])(?:${weekday})?`
  return {
    weekdays,
    months,
    next: new RegExp(`(?<!\\p{L})(?:${next})(?!\\p{L})`, 'iu'),
    last: new RegExp(`(?<!\\p{L})(?:${last})(?!\\p{L})`, 'iu'),
    dayFirst: new RegExp(
      `${before}(?<day>\\d{1,2})(?:st|nd|rd|th|er|\\.|º|ª|°)?\\s+(?:(?:of|de|di)\\s+|d[’']|ב)?${month}${year}${after}`,
      'giu',
    ),
    monthFirst: new RegExp(
      `${before}${month}\\s+(?<day>\\d{1,2})(?:st|nd|rd|th)?(?![\\d.:]\\d|\\d)${year}${after}`,
      'giu',
    ),
  }
}

/** Without the dot of an abbreviation; numbers are no names. */
function namesOf(
  language: string,
  part: 'weekday' | 'month',
  shapes: readonly Intl.DateTimeFormatOptions[],
  date: Date,
): readonly string[] {
  return shapes.flatMap((shape) => {
    const parts = new Intl.DateTimeFormat(language, { ...shape, timeZone: 'UTC' }).formatToParts(date)
    const name = parts
      .find(({ type }) => type === part)
      ?.value.toLowerCase()
      .replace(/\.$/, '')
      .replaceAll("'", '’')
    return name === undefined || /\d/.test(name) ? [] : [name]
  })
}

/** The longest first, so that "mar" does not stop before "march". */
function anyOf(names: ReadonlyMap<string, number>): string {
  const list = [...names.keys()].sort((a, b) => b.length - a.length)
  return list.length === 0
    ? '(?!)'
    : list.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
}

function readMatch(match: RegExpExecArray, words: CalendarWords): readonly WrittenDate[] {
  const { weekday, after, day, month, year } = match.groups ?? {}
  const number = words.months.get((month ?? '').toLowerCase())
  if (number === undefined || Number(day) < 1 || Number(day) > MOST_DAYS) return []
  const named = words.weekdays.get((weekday ?? after ?? '').toLowerCase()) ?? null
  const start = match.index + match[0].length - match[0].trimStart().length
  // "next" stands before all of it, or between the weekday and the day.
  const beside = `${/\p{L}+\s*$/u.exec(match.input.slice(Math.max(0, start - REACH), start))?.[0] ?? ''} ${match[0]}`
  const says = words.next.test(beside) ? 'next' : words.last.test(beside) ? 'last' : null
  return [
    {
      text: match[0].trim().replace(/[.,]$/, ''),
      at: start,
      weekday: named,
      day: Number(day),
      month: number,
      year: year === undefined ? null : Number(year),
      says,
    },
  ]
}

function findEastAsian(text: string): readonly WrittenDate[] {
  return [...text.matchAll(EAST_ASIAN)].flatMap((match) => {
    const { weekday, day, month, year } = match.groups ?? {}
    if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > MOST_DAYS) return []
    const named = weekday === undefined ? -1 : EAST_ASIAN_DAYS.findIndex((column) => column.includes(weekday))
    return [
      {
        text: match[0].trim(),
        at: match.index,
        weekday: named === -1 ? null : named,
        day: Number(day),
        month: Number(month),
        year: year === undefined ? null : Number(year),
        says: null,
      },
    ]
  })
}
