/** What a link's words promise: something, where it leads, and no other organisation's name than the one it leads to. */

import { domainToASCII } from 'node:url'
import { isRegistrable, organisationOf } from '../../organisation.js'
import type { Fault } from './link-url.js'
import type { WrittenLink } from './reading.js'
import { isVague } from './vague-words.js'

/** Endings of domains that are endings of files as well: `readme.md` names no site. */
const FILE_ENDINGS = /\.(?:md|sh|py|rs|pl|ps|zip|mov|so|cc|ai|app|bz|gz|ms)$/i

/** Longer ones are cut in messages. */
const LONGEST_SHOWN = 60

/** L05: words that say nothing out of their sentence, or a URL instead of words. */
export function findVagueText({ text, url, lang, holdsImage }: WrittenLink): Fault | null {
  if (isVague(text, lang))
    return {
      severity: 'warn',
      message: `"${text}" does not say where the link leads, least of all to those who hear links listed`,
      hint: 'link the words that name it, such as "the harbour report"',
    }
  const isBare = !holdsImage && /^https?:\/\/\S+$/i.test(text) && /^https?:/i.test(url)
  return isBare
    ? {
        severity: 'warn',
        message: `"${shorten(text)}" is a bare address, which a screen reader spells out`,
        hint: `link words instead: [what it is](${shorten(url)})`,
      }
    : null
}

/** L06: nothing to click, or to hear. */
export function findEmptyText({
  text,
  url,
  holdsImage,
}: Pick<WrittenLink, 'text' | 'url' | 'holdsImage'>): Fault | null {
  if (text !== '') return null
  return holdsImage
    ? {
        severity: 'error',
        message: `the image that leads to ${shorten(url)} has no alternative text, so that the link has no name`,
        hint: 'write where it leads: ![The harbour report](…)',
      }
    : {
        severity: 'error',
        message: `the link to ${shorten(url)} has no words`,
        hint: 'write them: [words](https://…)',
      }
}

/** L07: words that are one site's address and lead to another's, as in forged mails. */
export function findDisguisedTarget({ text, url }: Pick<WrittenLink, 'text' | 'url'>): Fault | null {
  const shown = shownDomain(text)
  const target = targetDomain(url)
  if (shown === null || target === null || organisationOf(shown.domain) === organisationOf(target))
    return null
  return {
    severity: shown.isCertain ? 'error' : 'warn',
    message: `the link shows ${shown.domain} and leads to ${target}, which filters take for a forgery`,
    hint: shown.isCertain
      ? 'show where it leads, or link other words'
      : 'link other words than a name that is an address',
  }
}

interface ShownDomain {
  readonly domain: string
  /** `Booking.com` may be a company that is written about. */
  readonly isCertain: boolean
}

/** A URL anywhere in the words, or words that are a domain or a mail address as a whole. */
function shownDomain(text: string): ShownDomain | null {
  const within = /\b(?:https?:\/\/|www\.)([\p{L}\p{N}.-]+)/iu.exec(text)?.[1]
  const whole = /^(?:[^\s@]+@)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/?#]\S*)?$/u.exec(text)?.[1]
  const found = (within ?? whole)?.replace(/\.$/, '')
  if (found === undefined) return null
  const domain = domainToASCII(found.toLowerCase())
  const isDomain = isRegistrable(domain) && !(within === undefined && FILE_ENDINGS.test(found))
  return isDomain ? { domain, isCertain: within !== undefined || found === found.toLowerCase() } : null
}

function targetDomain(url: string): string | null {
  const mailbox = /^mailto:[^?@]+@([^?,\s]+)/i.exec(url)?.[1]
  if (mailbox !== undefined) return domainToASCII(mailbox.toLowerCase())
  return /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).hostname : null
}

function shorten(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1)}…` : text
}
