/**
 * SMTP_URL: one URL for each relay, separated by blanks or line ends. What is wrong is said by position and host; the
 * text itself, which may hold passwords, is never repeated.
 */

import { InputError, type Problem } from '../errors.js'
import { DEFAULT_REPLY_TIMEOUT_MS, type RelaySettings, readRelayUrl } from './relay-url.js'
import { readSendmailUrl, type SendmailSettings } from './sendmail-url.js'
import { readSesUrl, type SesSettings } from './ses-url.js'

export type TransportSettings = RelaySettings | SendmailSettings | SesSettings

/** In the order given. Throws one InputError for all of them. */
export function readSmtpUrls(text: string): readonly TransportSettings[] {
  const urls = text.split(/\s+/).filter((url) => url !== '')
  const problems: Problem[] = []
  const relays: TransportSettings[] = []
  for (const [at, url] of urls.entries()) {
    try {
      relays.push(readUrl(url))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      const place = urls.length === 1 ? '' : `${placeOf(url, at)}: `
      problems.push(...error.problems.map((problem) => ({ ...problem, message: place + problem.message })))
    }
  }
  problems.push(...(problems.length > 0 ? [] : judge(relays).map(said)))
  if (problems.length > 0) throw new InputError(problems)
  return relays
}

function readUrl(url: string): TransportSettings {
  if (url.startsWith('sendmail:')) return readSendmailUrl(url)
  if (url.startsWith('ses://')) return readSesUrl(url)
  return readRelayUrl(url)
}

/** How long a reply of any of them may be waited for, ms; null: with the inbox of this machine. */
export function readReplyTimeout(text: string | null): number {
  if (text === null) return DEFAULT_REPLY_TIMEOUT_MS
  return Math.max(...readSmtpUrls(text).map(({ replyTimeoutMs }) => replyTimeoutMs))
}

/** What is wrong with them together. */
function judge(relays: readonly TransportSettings[]): readonly string[] {
  if (relays.length === 0) return ['is empty; write one like smtp://relay.example.org:587']
  const names = relays.map(({ name }) => name)
  const twice = names.filter((name, at) => names.indexOf(name) !== at)
  return [
    ...twice.map((name) => `names ${name} twice; give each a label of its own, like label=second`),
    ...(relays.every(({ takes }) => takes.length > 0)
      ? ['says of every relay what it is for; leave for= out of one, which then takes the rest']
      : []),
  ]
}

function said(message: string): Problem {
  return { where: 'SMTP_URL', line: null, message }
}

/** `relay 2 (relay.example.org)`. */
function placeOf(url: string, at: number): string {
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  return `relay ${at + 1}${/^[\w.:[\]-]+$/.test(host) ? ` (${host})` : ''}`
}
