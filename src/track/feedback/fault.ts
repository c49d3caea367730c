/**
 * Whose fault a reported refusal is. The same table as for replies on the wire (`send/reply-rules.ts`); what differs is that
 * nobody will try again, so what would have been deferred is a soft bounce.
 */

import {
  CONTENT_REFUSED,
  type Meaning,
  POLICY_FOR_NOW,
  REFUSED_BY_POLICY,
  readRefusal,
  SLOWED_DOWN,
  saysWhy,
} from '../../send/reply-rules.js'
import { type Claim, type Fault, MAX_CLAIM_TEXT } from './feedback.js'

type Command = 'MAIL' | 'RCPT' | 'DATA'

export type Bounced = Extract<Claim, { kind: 'bounced' }>

/** Of what a server said, in characters. */
const MAX_SAID = 1_000

/** Basic codes of RFC 5321 and the extensions that are seen; a year or a port is none. */
const CODE =
  '(?:42[12]|43[12]|44[0-9]|45[0-9]|47[1-3]|50[0-9]|51[0-9]|52[0-5]|53[0-9]|54[0-9]|55[0-9]|56[0-9]|57[0-9])'
const STATUS = '[245]\\.\\d{1,3}\\.\\d{1,3}'
const CODE_AND_STATUS = new RegExp(`(?<![\\w.-])(${CODE})[ -]+[('"#]{0,2}(${STATUS})(?![\\d.]*\\d)`)
const CODE_ALONE = new RegExp(
  `(?:^|[:;>('"<\\]]\\s*|-\\s|\\b(?:said|error|code|reply|response|was|with)\\s)(${CODE})(?![\\w.]|:\\d)`,
  'i',
)
const STATUS_ALONE = /(?<![\d.])#?([45]\.\d{1,3}\.\d{1,3})(?!\.?\d)/

export interface Reported {
  /** Of the report's own `Status` field, when it has one. */
  readonly status: string | null
  /** What the server, or the software that gave up, said. */
  readonly said: string
  /** What else stands there about it: which command was refused may be said nowhere else. */
  readonly around?: string
  readonly recipient: string | null
}

export function readBounced({ status, said, around = '', recipient }: Reported): Bounced {
  const words = oneLine(said).slice(0, MAX_SAID)
  const found = findReply(words)
  const own = status !== null && /^[45]\./.test(status) ? status : null
  const enhanced = found.status ?? own
  const code = found.code ?? (enhanced?.startsWith('4') ? 450 : 550)
  const rest = words.slice(found.at)
  const meaning = readRefusal({
    code,
    text: `${code} ${enhanced ?? ''} ${rest}`.replace(/ {2,}/g, ' '),
    // Words without a reply's code are the reporting server's own, which knows its users.
    command: commandIn(words) ?? commandIn(around) ?? (found.code === null ? 'RCPT' : null),
  })
  return {
    kind: 'bounced',
    fault: faultOf(meaning, enhanced),
    status: enhanced,
    code: found.code,
    text: words.slice(0, MAX_CLAIM_TEXT),
    recipient,
  }
}

/** Whether the text holds a reply, or words that the table knows: else a better text may stand elsewhere. */
export function isTelling(said: string): boolean {
  const words = oneLine(said).slice(0, MAX_SAID)
  const { code, status } = findReply(words)
  return code !== null || status !== null || saysWhy(words)
}

function faultOf(meaning: Meaning | null, enhanced: string | null): Fault {
  if (meaning === null) return 'soft'
  if (meaning.kind === 'bounced') return 'hard'
  switch (meaning.reason) {
    case REFUSED_BY_POLICY:
    case POLICY_FOR_NOW:
      return 'policy'
    case CONTENT_REFUSED:
      return 'content'
    // x.1.x and x.2.x: one mailbox that gets too much, not we who send it.
    case SLOWED_DOWN:
      return enhanced !== null && /^\d\.[12]\./.test(enhanced) ? 'soft' : 'policy'
    default:
      return 'soft'
  }
}

/** Best is a code with its enhanced one; then either alone. `at`: where the words begin that belong to it. */
function findReply(words: string): { code: number | null; status: string | null; at: number } {
  const both = CODE_AND_STATUS.exec(words)
  if (both !== null)
    return { code: Number(both[1]), status: both[2] ?? null, at: both.index + both[0].length }
  const status = STATUS_ALONE.exec(words)?.[1] ?? null
  const alone = CODE_ALONE.exec(words)
  if (alone === null) return { code: null, status, at: 0 }
  return { code: Number(alone[1]), status, at: alone.index + alone[0].length }
}

/** Which command was refused, when the report says so. */
function commandIn(text: string): Command | null {
  const [, quoted = '', data, rcpt, mail] = COMMAND.exec(text) ?? []
  // A client that pipelines has sent DATA when the answer to RCPT comes; what follows then is this.
  if (quoted !== '' && /need rcpt|no valid recipients|valid rcpt/i.test(text)) return 'RCPT'
  if (data !== undefined || /^(data|bdat)/i.test(quoted)) return 'DATA'
  if (rcpt !== undefined || /^rcpt/i.test(quoted)) return 'RCPT'
  return mail !== undefined || /^mail/i.test(quoted) ? 'MAIL' : null
}

/** As Sendmail quotes the session; as Postfix, Exim, qmail and others name the command. */
const COMMAND =
  />>> ?((?:DATA|BDAT|RCPT TO|MAIL FROM)\b)|(end of data|DATA command|command DATA|final DATA|after I sent the message)|((?:after|reply to|command|following|our) RCPT|RCPT command|does not like recipient|rejected (recipient|address)|recipient address rejected)|((?:after|reply to|our) MAIL FROM)/i

/** Single blanks, no control characters; the code of a reply over several lines stands once. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 4 * MAX_SAID)
    .replace(/[\p{Cc}\p{Zs}\u2028\u2029]+/gu, ' ')
    .trim()
  const [, code, status] = CODE_AND_STATUS.exec(line) ?? CODE_ALONE.exec(line) ?? []
  if (code === undefined) return line
  const again = new RegExp(
    ` ${code}[ -]${status === undefined ? '' : `#?${status.replaceAll('.', '\\.')} `}`,
    'g',
  )
  let isFirst = !line.startsWith(code)
  return line.replace(again, (whole) => {
    if (!isFirst) return ' '
    isFirst = false
    return whole
  })
}
