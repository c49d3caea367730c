/**
 * What is wrong with a URL that a reader will follow: each function answers null or what is wrong and what would be
 * right. They see one URL and know nothing of the issue.
 */

import { domainToUnicode } from 'node:url'
import { isInner } from '../../address-range.js'
import { isRegistrable, labelsBelow } from '../../organisation.js'

export interface Fault {
  readonly severity: 'error' | 'warn'
  readonly message: string
  readonly hint: string
}

/** RFC 6761, RFC 6762, RFC 8375 and what routers and offices use at home. `.example` is for documents, and reaches nobody it could hurt. */
const HOME_ENDINGS =
  /(?:^|\.)(?:localhost|local|internal|intranet|corp|home|lan|localdomain|test|invalid|home\.arpa)$/

const STAGING = /^(?:.*-)?(?:staging|stage|stg|preprod|preproduction|uat|deploy-preview)(?:-.*)?$/
const PERHAPS_STAGING = /^(?:dev|test|testing|qa|preview|draft|sandbox|demo)$/

/** What programs put around the address that was meant, and where it stands in theirs. */
const WRAPPERS: readonly (readonly [where: RegExp, what: string])[] = [
  [/^[^/]*\.safelinks\.protection\.outlook\.com\//, 'Outlook’s Safe Links'],
  [/^urldefense(?:\.proofpoint)?\.com\//, 'Proofpoint’s URL Defense'],
  [/^(?:www\.)?google\.[a-z.]+\/url\?/, 'a Google results page'],
  [/^l\.facebook\.com\/l\.php/, 'Facebook'],
  [/^[^/]*\.list-manage\.com\/track\//, 'another newsletter, for one of its readers'],
  [/^(?:[^/]*\.)?substack\.com\/redirect\//, 'another newsletter, for one of its readers'],
  [/^(?:mail|outlook)\.(?:google|live|office|office365)\.com\//, 'somebody’s mailbox'],
]

/** Quotes, a space or a sentence's mark that was copied along with the address. "Inc." may well end one. */
const TRAILING = /(?:%[Ee]2%80%9[89C-Ec-e]|%[Cc]2%[Bb][Bb]|[“”‘’„»]|%20|[,;:]|(?<!\p{Lu}\p{Ll}{0,3})\.)$/u
const CUT_OFF = /(?:%E2%80%A6|…|\.\.\.)$/i

const SCRIPTS: readonly (readonly [name: string, letters: RegExp])[] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['Georgian', /\p{Script=Georgian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Hangul', /\p{Script=Hangul}/u],
  ['Bopomofo', /\p{Script=Bopomofo}/u],
  ['Kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['Han', /\p{Script=Han}/u],
  ['other', /(?![\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}])\p{L}/u],
]
/** Scripts that are written together (UTS 39, "highly restrictive"). */
const TOGETHER = [
  ['Latin', 'Han', 'Kana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
]
/** Cyrillic and Greek small letters that look like Latin ones. */
const LOOK_ALIKES = /^[аеорсухіјѕһӏԁԛԝοανρυικ\d-]+$/

/** L01: a place that readers can't or shouldn't reach. `publicUrl`: ours, where readers' own links lead. */
export function findUnreachable(url: string, publicUrl: string): Fault | null {
  // A jump within the mail is another check's.
  if (/^#./.test(url)) return null
  if (!/^(?:https?|mailto|tel):/i.test(url)) {
    const shown = url === '' ? 'a link leads nowhere' : `"${url}" leads nowhere in a mail`
    return error(shown, 'write a whole URL that begins with https://')
  }
  const parsed = parseWeb(url)
  if (parsed === null) return null
  return (
    findOwnToken(parsed, publicUrl) ??
    findCredentials(parsed) ??
    findHome(parsed.hostname) ??
    findStaging(parsed.hostname) ??
    findWrapper(parsed)
  )
}

/** L02: http without the s. */
export function findClearText(url: string): Fault | null {
  return /^http:/i.test(url)
    ? {
        severity: 'warn',
        message: `"${url}" is not encrypted, so that anyone on the way sees who reads it`,
        hint: 'write https:// if the site has it',
      }
    : null
}

/** L03: an address that is broken, or made to look like another. */
export function findMalformed(url: string): Fault | null {
  if (!/^https?:/i.test(url)) return null
  const parsed = parseWeb(url)
  if (parsed === null) return error(`"${url}" is no URL`, 'copy it again from the page it leads to')
  const glued = /^https?:\/\/[^/?#]*https?:|[^/=:%&?]https?:\/\//i.exec(url)
  if (glued) return error(`"${url}" is two addresses in one`, 'take one of them out')
  if (CUT_OFF.test(url)) return error(`"${url}" is cut off`, 'copy the whole address')
  if (TRAILING.test(url) || /%20(?:$|[?#])/.test(url))
    return warn(`"${url}" ends in a mark that hardly belongs to it`, 'take it out, or copy the address again')
  if (/%25[0-9a-f]{2}/i.test(parsed.pathname))
    return warn(
      `"${url}" is encoded twice: it holds "%25"`,
      'copy the address again from the page it leads to',
    )
  return findDisguise(parsed.hostname) ?? findNameless(parsed.hostname)
}

function error(message: string, hint: string): Fault {
  return { severity: 'error', message, hint }
}

function warn(message: string, hint: string): Fault {
  return { severity: 'warn', message, hint }
}

function parseWeb(url: string): URL | null {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return null
  return new URL(url)
}

/** A link out of a mail of ours is one person's: every click on it would count as theirs, or unsubscribe them. */
function findOwnToken({ href }: URL, publicUrl: string): Fault | null {
  const rest = href.startsWith(`${publicUrl}/`) ? href.slice(publicUrl.length) : ''
  return /^\/[cuo]\/[^/]/.test(rest)
    ? error(`"${href}" is one reader's own link, out of a mail`, 'write the address it leads to')
    : null
}

function findCredentials({ username, password, href }: URL): Fault | null {
  if (username === '' && password === '') return null
  const shown = href.replace(/\/\/[^@]*@/, '//…@')
  return error(
    `"${shown}" holds a name or a password, which every reader would get`,
    'take out what stands before the @',
  )
}

/** The URL parser has already made dotted decimals of every way to write an IPv4 address. */
function findHome(hostname: string): Fault | null {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const isHome = isInner(bare) || HOME_ENDINGS.test(bare) || (!bare.includes('.') && !bare.includes(':'))
  return isHome
    ? error(
        `${bare} is a machine of your own network, which readers can't reach`,
        'write the public address of the page',
      )
    : null
}

function findStaging(hostname: string): Fault | null {
  const labels = labelsBelow(hostname)
  const staging = labels.find((label) => STAGING.test(label))
  if (staging !== undefined)
    return error(
      `${hostname} looks like a staging site ("${staging}")`,
      'write the public address of the page',
    )
  const perhaps = labels.find((label) => PERHAPS_STAGING.test(label))
  return perhaps === undefined
    ? null
    : warn(
        `${hostname} may be a site that is being built ("${perhaps}")`,
        'make sure that readers are meant to see it',
      )
}

function findWrapper({ host, pathname, search }: URL): Fault | null {
  const place = `${host}${pathname}${search}`
  const [, what] = WRAPPERS.find(([where]) => where.test(place)) ?? []
  return what === undefined
    ? null
    : warn(`the link to ${host} comes from ${what}`, 'open it, and copy the address of the page it leads to')
}

/** Letters of two alphabets in one name, or a name in look-alikes under an ending in Latin letters. */
function findDisguise(hostname: string): Fault | null {
  const shown = domainToUnicode(hostname)
  const labels = shown.split('.')
  const mixed = labels.find((label) => isMixed(scriptsOf(label)))
  if (mixed !== undefined)
    return error(
      `${shown} mixes the letters of ${scriptsOf(mixed).join(' and ')} in one name, as forged addresses do`,
      'type the address anew',
    )
  const isLatinEnding = /^[a-z]+$/.test(labels.at(-1) ?? '')
  const alike = labels.find((label) => /[^\p{ASCII}]/u.test(label) && LOOK_ALIKES.test(label))
  return alike !== undefined && isLatinEnding
    ? error(
        `"${alike}" in ${shown} only looks like Latin letters, as forged addresses do`,
        'type the address anew',
      )
    : null
}

function scriptsOf(label: string): readonly string[] {
  const known = SCRIPTS.slice(0, -1).filter(([, letters]) => letters.test(label))
  const rest = known.reduce((text, [, letters]) => text.replace(new RegExp(letters, 'gu'), ''), label)
  const isOther = SCRIPTS.at(-1)?.[1].test(rest) ?? false
  return [...known.map(([name]) => name), ...(isOther ? ['another script'] : [])]
}

function isMixed(scripts: readonly string[]): boolean {
  return scripts.length > 1 && !TOGETHER.some((group) => scripts.every((script) => group.includes(script)))
}

/** No name, or one that no registry has given out. */
function findNameless(hostname: string): Fault | null {
  if (findHome(hostname) !== null || hostname.endsWith('.example') || isRegistrable(hostname)) return null
  if (/^[\d.]+$|^\[/.test(hostname))
    return warn(`${hostname} is a bare number, which filters take for a trap`, 'write the name of the site')
  const ending = hostname.slice(hostname.lastIndexOf('.') + 1)
  return warn(
    `no domain ends in ".${domainToUnicode(ending)}", as ${domainToUnicode(hostname)} does`,
    'mend the address',
  )
}
