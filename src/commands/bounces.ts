/** `pressrun bounces`: what came back, as text. All that strangers have written is shown without what could steer a terminal. */

import { escapeLines, escapeText } from '../compile/escape.js'
import { alignColumns, type Cell, formatNumber } from '../report/columns.js'
import type { ComingBack, ListedFeedback, ListedLetter, ShownFeedback } from '../report/coming-back.js'
import type { ComplaintRate } from '../track/feedback/guard-send.js'
import type { FeedbackVerdict } from '../track/feedback/take.js'

const MAX_SAID = 100
const NOBODY_LISTENS =
  'nothing has come back: set RETURN_PATH and BOUNCES_LISTEN or BOUNCES (.env.example explains them), or a webhook of your provider\n'

const WORDS: Readonly<Record<FeedbackVerdict, string>> = {
  hard: 'hard: there is no such address',
  soft: 'soft: a full mailbox, or not reached',
  policy: 'policy: what we are, or how much we send',
  content: 'content: what the message says',
  another: 'another: an address that is not the one we wrote to; counts as soft',
  complained: 'complaints: a reader called it spam',
  nothing: 'neither: delays, automatic answers',
  unverified: 'of nobody: no token of ours in it',
  unknown: 'not understood',
}

/** `isAwaited`: something is set that takes in what comes back. */
export function printComingBack(
  { verdicts, sends, newest, unknown, ofNobody }: ComingBack,
  { isAwaited }: { readonly isAwaited: boolean },
): string {
  if (verdicts.length === 0) return isAwaited ? 'nothing has come back yet\n' : NOBODY_LISTENS
  const counts = verdicts.map(({ verdict, lastDay, last30Days, all }): Cell[] => [
    WORDS[verdict],
    lastDay,
    last30Days,
    all,
  ])
  const rates = sends.map(({ send, issue, ...rate }): Cell[] => [
    `Send ${send}`,
    issue,
    describeComplaints(rate),
  ])
  return [
    ...alignColumns([['what came back', 'last day', '30 days', 'all'], ...counts]),
    ...(rates.length === 0 ? [] : ['', ...alignColumns(rates)]),
    ...chapter('newest', newest.map(writeRow)),
    ...chapter('of nobody', ofNobody.map(writeRow)),
    ...chapter('not understood (pressrun bounces show NUMBER prints it)', unknown.map(writeLetter)),
    '',
  ].join('\n')
}

function chapter(heading: string, rows: readonly Cell[][]): readonly string[] {
  return rows.length === 0 ? [] : ['', heading, ...alignColumns(rows)]
}

function writeLetter(letter: ListedLetter): Cell[] {
  const cells = writeRow(letter)
  return letter.count === 1 ? cells : [...cells, `the newest of ${formatNumber(letter.count)}`]
}

function writeRow(row: ListedFeedback): Cell[] {
  const { id, at, source, verdict, send, address, said } = row
  const shown = said === '' ? describeEnvelope(row) : escapeText(said)
  return [
    String(id),
    `${at.slice(0, 10)} ${at.slice(11, 16)}`,
    verdict,
    source,
    send === null ? '' : `Send ${send}`,
    address,
    shown.length > MAX_SAID ? `${shown.slice(0, MAX_SAID).toWellFormed()}…` : shown,
  ]
}

/** `from <carol@example.net>, by 192.0.2.7`; '' where nobody knows. */
function describeEnvelope({ from, client }: Pick<ListedFeedback, 'from' | 'client'>): string {
  return from === null || client === null ? '' : `from <${escapeText(from)}>, by ${escapeText(client)}`
}

/** `3 complaints of 2,000 sent (0.15 %)`, and what that means. */
export function describeComplaints({ complaints, sent, rate, level }: ComplaintRate): string {
  const noun = complaints === 1 ? 'complaint' : 'complaints'
  const counted = `${formatNumber(complaints)} ${noun} of ${formatNumber(sent)} sent`
  if (rate === null) return complaints === 0 ? counted : `${counted}: too few to speak of a rate`
  const share = `${counted} (${(rate * 100).toFixed(2)} %)`
  if (level === 'high') return `${share}: from 0.3 % on providers turn away all that we send`
  return level === 'warn' ? `${share}: below 0.1 % is well, from 0.3 % on a send is paused` : share
}

export function printFeedback(shown: ShownFeedback): string {
  const { id, at, source, verdict, send, address, said, text } = shown
  const envelope = describeEnvelope(shown)
  const facts: Cell[][] = [
    ['came', `${at.slice(0, 10)} ${at.slice(11, 19)} UTC by ${source}`],
    ['taken for', WORDS[verdict]],
    ...(envelope === '' ? [] : [['envelope', envelope]]),
    ...(send === null ? [] : [['about', `Send ${send}, ${address || 'someone erased'}`]]),
    ...(said === '' ? [] : [['it said', said]]),
  ]
  const letter = text === null ? [] : ['', escapeLines(text.replace(/\r\n?/g, '\n')).trimEnd()]
  return `${[`${id}`, ...alignColumns(facts).map((line) => `  ${line}`), ...letter].join('\n')}\n`
}
