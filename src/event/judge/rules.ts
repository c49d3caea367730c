/**
 * The rules by name. Words: what a request says of itself. Signs: conduct that no person shows, one is enough. Doubts:
 * conduct that is odd; one makes `unknown`, two a machine.
 */

import type { Verdict } from '../../db/schema.js'
import { readAgent } from './agent.js'
import type { JudgedHit } from './judge.js'
import { isPrefetch } from './prefetch.js'
import type { Scene } from './scene.js'

interface WordRule {
  readonly name: string
  readonly verdict: Verdict
  readonly speaks: (hit: JudgedHit) => boolean
}

interface ConductRule {
  readonly name: string
  readonly speaks: (hit: JudgedHit, scene: Scene) => boolean
}

/** The first that speaks counts. */
export const WORDS: readonly WordRule[] = [
  { name: 'method', verdict: 'machine', speaks: ({ method }) => method !== 'GET' },
  { name: 'prefetch', verdict: 'machine', speaks: isPrefetch },
  // Google and Yahoo fetch a picture when the message is opened, on the reader's behalf.
  { name: 'image-proxy', verdict: 'person', speaks: (hit) => isOpen(hit) && isAgent(hit, 'image-proxy') },
  // Apple's Mail Privacy Protection loads every picture, whether or not anyone reads the message.
  {
    name: 'privacy-proxy',
    verdict: 'unknown',
    speaks: (hit) => isOpen(hit) && isAgent(hit, 'privacy-proxy'),
  },
  { name: 'mail-app', verdict: 'person', speaks: (hit) => isAgent(hit, 'mail-app') },
  { name: 'known-bot', verdict: 'machine', speaks: isBot },
]

export const SIGNS: readonly ConductRule[] = [
  { name: 'honeypot', speaks: ({ id }, { nearTrap }) => nearTrap.has(id) },
  { name: 'burst', speaks: ({ id }, { bursts }) => bursts.has(id) },
  { name: 'sweep', speaks: ({ id }, { sweeps }) => sweeps.has(id) },
  { name: 'beside-burst', speaks: ({ id }, { besideBurst }) => besideBurst.has(id) },
]

export const DOUBTS: readonly ConductRule[] = [
  { name: 'crowd', speaks: (hit, { isCrowded }) => isCrowded(hit) },
  { name: 'soon', speaks: isSoon },
  { name: 'scattered-burst', speaks: ({ id }, { scattered }) => scattered.has(id) },
  { name: 'all-few-links', speaks: ({ id }, { allFewLinks }) => allFewLinks.has(id) },
  { name: 'every-link', speaks: ({ id }, { everyLink }) => everyLink.has(id) },
  { name: 'no-agent', speaks: (hit) => isAgent(hit, 'none') },
  { name: 'odd-agent', speaks: (hit) => isAgent(hit, 'odd') },
  { name: 'no-language', speaks: isWithoutLanguage },
  { name: 'no-page', speaks: asksForNoPage },
]

/** Nobody reads within five seconds; a filter looks then, or just before it accepts the message. */
const SOON_MS = 5_000
const BEFORE_MS = 60_000

function isSoon({ at }: JudgedHit, { sentAt }: Scene): boolean {
  return sentAt !== null && at >= sentAt - BEFORE_MS && at <= sentAt + SOON_MS
}

/** Every browser that follows a link names a language; programs that load a picture need not. */
function isWithoutLanguage(hit: JudgedHit): boolean {
  return hit.kind === 'click' && isAgent(hit, 'browser') && hit.headers['accept-language'] === undefined
}

/** A browser that follows a link asks for a page. */
function asksForNoPage(hit: JudgedHit): boolean {
  const { accept } = hit.headers
  return hit.kind === 'click' && isAgent(hit, 'browser') && accept !== undefined && !/html/i.test(accept)
}

/** The proxies load pictures and follow no link: what says their name on a click is something else. */
function isBot(hit: JudgedHit): boolean {
  const isPosing = !isOpen(hit) && (isAgent(hit, 'image-proxy') || isAgent(hit, 'privacy-proxy'))
  return isPosing || isAgent(hit, 'bot')
}

function isOpen({ kind }: JudgedHit): boolean {
  return kind === 'open'
}

function isAgent({ userAgent }: JudgedHit, agent: ReturnType<typeof readAgent>): boolean {
  return readAgent(userAgent) === agent
}
