/**
 * BOUNCES: where mail that came back lies, one mailbox a word. `maildir:/path`, `folder:/path` for .eml files,
 * `imaps://user:password@host/INBOX`, `pop3s://user:password@host`. Without TLS only on this machine.
 */

import path from 'node:path'
import { InputError } from '../errors.js'

export interface FolderSettings {
  readonly kind: 'maildir' | 'folder'
  readonly name: string
  readonly path: string
}

export interface ServerSettings {
  readonly kind: 'imap' | 'pop3'
  readonly name: string
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
  readonly user: string
  readonly password: string
  /** Of IMAP. */
  readonly box: string
  /** File of the authority that signed the server's certificate, beside those that everyone knows. */
  readonly caFile: string | null
}

export type MailboxSettings = FolderSettings | ServerSettings

const PORTS: Readonly<Record<string, number>> = { imap: 143, imaps: 993, pop3: 110, pop3s: 995 }
const RIGHT = 'write one like imaps://user:password@mail.example.org/INBOX, with special signs as %40'

/** Throws one InputError that names every problem, never with the URL itself: it may hold a password. */
export function readMailboxUrls(text: string): readonly MailboxSettings[] {
  const words = text.trim().split(/\s+/)
  const problems: string[] = []
  const settings = words.flatMap((word, at) => {
    const read = readMailboxUrl(word)
    if (typeof read !== 'string') return [read]
    problems.push(words.length === 1 ? read : `mailbox ${at + 1} ${read}`)
    return []
  })
  if (problems.length > 0)
    throw new InputError(problems.map((message) => ({ where: 'BOUNCES', line: null, message })))
  return settings
}

/** A string is what is wrong with it. */
function readMailboxUrl(word: string): MailboxSettings | string {
  const folder = /^(maildir|folder):(.+)$/.exec(word)
  if (folder?.[1] !== undefined && folder[2] !== undefined) return readFolder(folder[1], folder[2])
  const scheme = /^(imaps?|pop3s?):\/\//.exec(word)?.[1]
  if (scheme === undefined)
    return 'does not begin with maildir:, folder:, imaps:// or pop3s://; blanks stand between mailboxes, one within is written %20'
  if (!URL.canParse(word)) return `is no URL that can be read; ${RIGHT}`
  return readServer(scheme, new URL(word))
}

function readFolder(kind: string, given: string): FolderSettings | string {
  const decoded = decode(given)
  if (decoded === null) return 'has a % that begins no sign; a % itself is written %25'
  const folder = decoded.replace(/^\/\/(?=\/)/, '')
  if (!path.isAbsolute(folder)) return `names ${JSON.stringify(folder)}; write the whole path, from / on`
  return { kind: kind === 'maildir' ? 'maildir' : 'folder', name: `${kind}:${folder}`, path: folder }
}

function readServer(scheme: string, url: URL): ServerSettings | string {
  const isSecure = scheme.endsWith('s')
  const kind = scheme.startsWith('imap') ? 'imap' : 'pop3'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const [user, password, box] = [url.username, url.password, url.pathname.slice(1)].map(decode)
  if (host === '') return `names no host; ${RIGHT}`
  if (user === null || password === null || box === null)
    return 'has a % that begins no sign; a % itself is written %25'
  if (!user || !password) return `wants a user name and a password; ${RIGHT}`
  // A line break would begin a command of its own.
  if (/[\p{Cc}]/u.test(`${user}${password}${box}`)) return 'holds a control character'
  if (!isSecure && !isLoopback(host))
    return `would send the password in the clear; write ${kind}s:// (without TLS only to this machine)`
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'ca')
  if (unknown !== undefined) return `has an option "${unknown}" that is not known; known is ca`
  if (kind === 'pop3' && box !== '' && box !== undefined) return 'names a folder; POP3 knows only one'
  const port = url.port === '' ? (PORTS[scheme] ?? 0) : Number(url.port)
  return {
    kind,
    name: `${scheme}://${url.hostname}:${port}${kind === 'imap' ? `/${box || 'INBOX'}` : ''}`,
    host,
    port,
    isSecure,
    user,
    password,
    box: box || 'INBOX',
    caFile: url.searchParams.get('ca'),
  }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    // A % that begins no sign.
    return null
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
