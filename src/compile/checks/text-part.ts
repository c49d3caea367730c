/** T: the text part says what the HTML says, in plain lines. */

import type { CompiledIssue } from '../compiled.js'
import { displayWidth, TEXT_WIDTH } from '../wrap.js'
import type { Check, Found } from './check.js'
import { visibleText, wordsOf } from './visible.js'

/** The text part has at least this share of the HTML's words; below it, filters take it for a sham. */
const LEAST_SHARE = 0.3
/** And this share of its different words. */
const LEAST_OVERLAP = 0.7
const TAG = /<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>/gi
const ENTITY = /&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,6});/gi
/** What fills a preheader: figure space, combining grapheme joiner, zero-width characters in a row. */
const FILLER = /(?:(?:\u2007|\u034f|\u200b|\u200c|\ufeff)\s*){3}/u

const T01: Check = {
  id: 'T01',
  title: 'the text part says what the HTML says',
  isWaivable: true,
  severities: ['error', 'warn'],
  run: ({ worst, page }) => {
    const text = wordsOf(worst.text)
    const html = wordsOf(visibleText(page))
    if (text.length === 0) return [found('error', 'the text part is empty')]
    if (text.length < html.length * LEAST_SHARE)
      return [found('error', `the text part has ${text.length} words, the HTML ${html.length}`)]
    const [said, wanted] = [new Set(text), new Set(html)]
    const missing = [...wanted].filter((word) => !said.has(word))
    if (missing.length <= wanted.size * (1 - LEAST_OVERLAP)) return []
    const some = missing.slice(0, 5).join(', ')
    return [
      found('warn', `the text part lacks ${missing.length} of the HTML's ${wanted.size} words (${some} …)`),
    ]
  },
}

function found(severity: Found['severity'], message: string): Found {
  return { severity, message, hint: 'both must say the same', line: null }
}

const T02: Check = {
  id: 'T02',
  title: 'the text part has no tags, entities, filler or picture URLs, and every link of the HTML',
  isWaivable: true,
  severities: ['error'],
  run: ({ worst, page, compiled }) => {
    const shown = visibleText(page)
    const { text } = worst
    // What the HTML shows as words, an issue about HTML wrote itself.
    const strange = (pattern: RegExp) => text.match(pattern)?.find((one) => !shown.includes(one))
    const [tag, entity] = [strange(TAG), strange(ENTITY)]
    const hrefs = page.elements.flatMap(({ tag: name, attributes }) =>
      name === 'a' ? [attributes.href] : [],
    )
    const sources = page.elements.flatMap(({ tag: name, attributes }) =>
      name === 'img' ? [attributes.src] : [],
    )
    const picture = sources.find((src) => src && !hrefs.includes(src) && text.includes(src))
    const links = page.elements.filter(({ attributes }) => isLink(attributes.href ?? '', compiled))
    const told = urlsIn(text, compiled)
    const lost = links.filter(({ attributes }) => !told.has(attributes.href ?? ''))
    return [
      ...(tag === undefined ? [] : [fault(`the text part holds the tag ${tag}`)]),
      ...(entity === undefined ? [] : [fault(`the text part holds the entity ${entity}`)]),
      ...(FILLER.test(text) ? [fault("the text part holds the preheader's filler")] : []),
      ...(picture === undefined ? [] : [fault(`the text part holds the URL of a picture, ${picture}`)]),
      ...lost.map(({ attributes, line }) => ({
        ...fault(`the text part lacks a link that the HTML has, ${attributes.href}`),
        line,
      })),
    ]
  },
}

const CLICK = /^[^\s/]+\/\d+/

/** Whether it leads to a Link of the issue, through the click redirect or straight. */
function isLink(href: string, { publication, links }: CompiledIssue): boolean {
  const tracked = `${publication.publicUrl}/c/`
  if (publication.tracking?.clicks === false) return links.some(({ url }) => url === href)
  return href.startsWith(tracked) && CLICK.test(href.slice(tracked.length))
}

/** Whole: `/c/TOKEN/1` does not stand in `/c/TOKEN/12`. */
function urlsIn(text: string, { publication }: CompiledIssue): ReadonlySet<string> {
  if (publication.tracking?.clicks === false) return new Set(text.split(/\s+/))
  const tracked = `${publication.publicUrl}/c/`
  const ends = text.split(tracked).slice(1)
  return new Set(ends.map((end) => tracked + (CLICK.exec(end)?.[0] ?? '')))
}

function fault(message: string): Found {
  return { severity: 'error', message, hint: 'it must be plain, and whole', line: null }
}

const T03: Check = {
  id: 'T03',
  title: `the text part's lines fit ${TEXT_WIDTH} columns`,
  isWaivable: false,
  severities: ['info'],
  // A name longer than its fallback makes a longer line, which nobody can help.
  run: ({ copies }) => {
    const wide = (copies[0]?.text ?? '')
      .split('\n')
      .filter((line) => displayWidth(line) > TEXT_WIDTH && isBreakable(line))
    const [first] = wide
    if (first === undefined) return []
    return [
      {
        severity: 'info',
        message: `${wide.length === 1 ? 'a line of the text part is' : `${wide.length} lines of the text part are`} wider than ${TEXT_WIDTH} columns: "${first.trim().slice(0, 40)}…"`,
        hint: 'shorten what cannot be wrapped, such as code and tables',
        line: null,
      },
    ]
  },
}

/** A URL cannot be broken, and nobody can help it. */
function isBreakable(line: string): boolean {
  return !line.split(/\s+/).some((word) => /^\W*https?:\/\//.test(word))
}

export const TEXT_CHECKS: readonly Check[] = [T01, T02, T03]
