/**
 * Asks a site whether a page is there, as a reader's browser would, and no more: the head of the answer is read. A link
 * was written by anyone, so no address of this network is connected to, wherever a name or a redirect leads. That is decided
 * where the connection is made, from the address it is made to: between two look-ups a name may change.
 */

import { lookup } from 'node:dns/promises'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isInner } from '../address-range.js'
import type { LinkLook } from '../compile/checks/link-answer.js'
import { VERSION } from '../version.js'
import { guardedLookup, InnerAddress, type NetworkGuard, refuseInner } from './network-guard.js'

const TIMEOUT_MS = 10_000
const MAX_REDIRECTS = 5
/** Answers to HEAD that say little: servers that do not know it answer what they like. */
const NO_ANSWER_TO_HEAD = 400

export interface LinkLookContext extends NetworkGuard {
  /** Whether this URL may be asked at all: a redirect may lead to an unsubscribe of ours. */
  readonly mayAsk: (url: string) => boolean
  /** For the whole of one try, redirects and all. */
  readonly timeoutMs: number
}

/** What is right outside of tests. */
export function worldContext(mayAsk: (url: string) => boolean): LinkLookContext {
  return {
    mayConnect: (ip) => !isInner(ip),
    mayAsk,
    resolve: (host) => lookup(host, { all: true }),
    timeoutMs: TIMEOUT_MS,
  }
}

/** `url` is http or https. HEAD first, GET where that is not answered well. Throws nothing. */
export async function lookAtLink(url: string, context: LinkLookContext): Promise<LinkLook> {
  const head = await follow(url, 'HEAD', context)
  return head.kind === 'answered' && head.status < NO_ANSWER_TO_HEAD ? head : follow(url, 'GET', context)
}

async function follow(url: string, method: string, context: LinkLookContext): Promise<LinkLook> {
  const signal = AbortSignal.timeout(context.timeoutMs)
  let next = url
  try {
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const why = refuse(next, context)
      if (why !== null) return { kind: 'refused', why }
      const { status, location } = await ask(next, { method, signal, context })
      if (location === null) return { kind: 'answered', status }
      next = location
    }
    return { kind: 'refused', why: `it redirects more than ${MAX_REDIRECTS} times` }
  } catch (error) {
    return failureOf(error, context.timeoutMs)
  }
}

/** What can be said before anything is connected; null: it may be asked. */
function refuse(url: string, { mayAsk, ...guard }: LinkLookContext): string | null {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return `it redirects to ${url.slice(0, 200)}`
  const inner = refuseInner(url, guard)
  if (inner !== null) return inner
  return mayAsk(url) ? null : `it leads to ${url.slice(0, 200)}, which is one reader's own`
}

interface Head {
  readonly status: number
  /** Absolute; null where it is no redirect. */
  readonly location: string | null
}

interface Question {
  readonly method: string
  readonly signal: AbortSignal
  readonly context: LinkLookContext
}

function ask(url: string, { method, signal, context }: Question): Promise<Head> {
  const { request } = url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method,
      signal,
      // A connection of its own: none that was made for another name is used again.
      agent: false,
      lookup: guardedLookup(context),
      headers: { 'user-agent': `pressrun/${VERSION} (link check)`, accept: '*/*' },
    })
    asked.on('response', (response) => {
      resolve(readHead(response, url))
      // Whatever comes after the head is not waited for.
      asked.destroy()
    })
    asked.on('error', reject)
    asked.end()
  })
}

function readHead({ statusCode = 0, headers }: IncomingMessage, url: string): Head {
  const isRedirect = statusCode >= 300 && statusCode < 400 && headers.location !== undefined
  const location = headers.location ?? ''
  const absolute = URL.canParse(location, url) ? new URL(location, url).href : location
  return { status: statusCode, location: isRedirect ? absolute : null }
}

function failureOf(error: unknown, timeoutMs: number): LinkLook {
  if (error instanceof InnerAddress) return { kind: 'refused', why: error.message }
  const name = error instanceof Error ? error.name : ''
  if (name === 'AbortError' || name === 'TimeoutError')
    return { kind: 'silent', why: `no answer within ${timeoutMs / 1_000} s` }
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return code === 'ENOTFOUND' ? { kind: 'nowhere' } : { kind: 'silent', why: code }
}
