/** The links of a mail: their words, where each leads, and what a click on it would do. None is ever followed here. */

import type { Link } from '../../../link/link.js'
import { isSampleToken } from '../../../link/sample-keys.js'
import { TOKEN_LENGTH } from '../../../link/token.js'
import type { MailLink } from './api.js'
import { attributeOf, elementsOf, wordsOf } from './mail-tree.js'
import { type OurUrl, readOurUrl } from './our-url.js'

const MAX_LINKS = 500
const MAX_WORDS = 200
const TEXT_URL = /https?:\/\/[^\s<>"]{1,2000}/g

export interface LinkSource {
  readonly html: string | null
  readonly text: string | null
  /** Of the Send that it is a message of; null where that is not known. */
  readonly links: readonly Link[] | null
}

/** Those of the HTML, or of the text where there is none; the same address once, with its first words. */
export function readLinks({ html, text, links }: LinkSource): readonly MailLink[] {
  const found = html === null ? linksInText(text ?? '') : linksInHtml(html)
  const byUrl = new Map<string, string>()
  for (const { url, words } of found) {
    const known = byUrl.get(url)
    if (known === undefined || known === '') byUrl.set(url, words)
  }
  return [...byUrl].slice(0, MAX_LINKS).map(([url, words]) => describe({ url, words }, links))
}

type Found = Pick<MailLink, 'url' | 'words'>

function linksInHtml(html: string): readonly Found[] {
  return elementsOf(html).flatMap((element) => {
    const url = (attributeOf(element, 'href') ?? '').trim()
    if (!['a', 'area'].includes(element.tagName) || url === '' || url.startsWith('#')) return []
    return [{ url, words: wordsOf(element, MAX_WORDS) || (attributeOf(element, 'alt') ?? '') }]
  })
}

function linksInText(text: string): readonly Found[] {
  return [...text.matchAll(TEXT_URL)].map(([url]) => ({ url: url.replace(/[.,;:!?)]+$/, ''), words: '' }))
}

function describe({ url, words }: Found, links: readonly Link[] | null): MailLink {
  const ours = readOurUrl(url)
  const leadsTo =
    ours?.kind === 'click' ? (links?.find(({ index }) => index === ours.index)?.url ?? null) : null
  return { url, words, kind: kindOf(url, ours), leadsTo, what: effectOf(url, ours, leadsTo) }
}

function kindOf(url: string, ours: OurUrl | null): MailLink['kind'] {
  if (ours?.kind === 'click' || ours?.kind === 'trap' || ours?.kind === 'leave' || ours?.kind === 'notice')
    return ours.kind
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return 'web'
  return /^(?:mailto|tel):/i.test(url) ? 'address' : 'odd'
}

/** One sentence: what a click does. */
function effectOf(url: string, ours: OurUrl | null, leadsTo: string | null): string {
  switch (ours?.kind) {
    case 'click':
      return leadsTo === null
        ? 'Goes through our redirect: opening it counts as a Hit while the engine runs. No Send of the store beside this inbox says where it leads.'
        : 'Goes through our redirect: opening it counts as a Hit while the engine runs.'
    case 'trap':
      return 'No person sees this link: whoever opens it is taken for a machine.'
    case 'leave':
      return isSampleToken('leave', new URL(url).pathname.slice(-TOKEN_LENGTH))
        ? 'Opens a page that says that this is a test; nobody is unsubscribed by it.'
        : 'Opens a page with one button that unsubscribes; opening it changes nothing.'
    case 'notice':
      return 'Opens a page with one button for what the notice asks; opening it changes nothing.'
    case 'preferences':
      return 'Opens what this reader gets and how often; opening it changes nothing.'
    case 'comment':
      return 'Opens a form to comment as this reader; opening it changes nothing.'
    case 'testPage':
      return 'Opens a page that says that this is a test; once the issue is sent, the issue’s own page. Nobody counts it.'
    default:
      return outsideOf(url)
  }
}

function outsideOf(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return 'Leads there directly; nobody counts it.'
  if (/^mailto:/i.test(url)) return 'Opens a new message to that address.'
  if (/^tel:/i.test(url)) return 'Dials that number.'
  return 'No address that a mail program would open.'
}
