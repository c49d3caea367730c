/** I02: the preheader, which inboxes show beside the subject, and the filler that keeps other words out of there. */

import { escapeHtml } from '../escape.js'
import { displayWidth } from '../wrap.js'
import type { CheckInput, Found } from './check.js'

/** A phone has room for some 40 columns, a desk for some 140. */
const SHORTEST_COLUMNS = 40
const LONGEST_COLUMNS = 140
/** Columns of words and filler together that keep what follows out of any inbox. */
const WANTED_COLUMNS = 140
/** What no one sees and inboxes count: joiners, figure spaces, zero width marks. */
const FILLER = /\u034f|[\u00ad\u00a0\u2007\u200b-\u200d\u2060\ufeff]/gu
/** As far after the preheader its filler may reach, in characters of HTML. */
const FILLER_REACH = 5_000

/** Judged as a reader of whom nothing is known gets it. */
export function describePreheader(input: CheckInput): readonly Found[] {
  const { issue, lineOf, copies } = input
  const [plain] = copies
  if (plain === undefined) return []
  const line = lineOf('preheader')
  const { preheader, subject } = plain
  const columns = displayWidth(preheader)
  const found: Found[] = []
  const say = (severity: Found['severity'], message: string, hint: string) =>
    found.push({ severity, line, message, hint })
  if (issue.preheader === null)
    say(
      columns < SHORTEST_COLUMNS ? 'warn' : 'info',
      `there is no preheader, so that inboxes show the headings: "${shorten(preheader)}"`,
      'write preheader: and what the subject leaves out, 40 to 140 characters',
    )
  else if (preheader.trim().toLowerCase() === subject.trim().toLowerCase())
    say(
      'warn',
      'the preheader says the same as the subject, right beside it',
      'write what the subject leaves out',
    )
  else if (columns < SHORTEST_COLUMNS)
    say(
      'warn',
      `the preheader is ${columns} columns wide; a phone has room for ${SHORTEST_COLUMNS} and more`,
      'say more',
    )
  else if (columns > LONGEST_COLUMNS)
    say(
      'warn',
      `the preheader is ${columns} columns wide, and no inbox shows more than ${LONGEST_COLUMNS}`,
      'shorten it',
    )
  const filler = fillerAfter(plain.html, preheader)
  if (filler !== null && columns + filler < WANTED_COLUMNS)
    found.push({
      severity: 'warn',
      message: `after the preheader come ${filler} characters of filler, so that inboxes go on with the words of the masthead`,
      hint: 'put {{> filler}} right after {{preheader}}, hidden with it',
      line: null,
      file: `templates/${issue.template}/`,
    })
  return found
}

/** The most after any place where the preheader stands; null when it stands nowhere, which is another matter. */
function fillerAfter(html: string, preheader: string): number | null {
  const [, ...rests] = html.split(escapeHtml(preheader))
  return rests.length === 0 ? null : Math.max(...rests.map(leadingFiller))
}

function leadingFiller(html: string): number {
  const text = html
    .slice(0, FILLER_REACH)
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_all, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&(?:zwnj|zwj|nbsp|shy);/g, '\u200c')
  const hidden = /^(?:\s|\u034f|[\u00ad\u200b-\u200d\u2060])*/u.exec(text)?.[0] ?? ''
  return hidden.match(FILLER)?.length ?? 0
}

function shorten(text: string): string {
  return text.length > LONGEST_COLUMNS ? `${text.slice(0, LONGEST_COLUMNS - 1)}…` : text
}
