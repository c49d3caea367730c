/**
 * Return path: an address pattern whose `*` stands for a Token, so that each Message has one of its own and what comes
 * back says by its address alone whom it is about (VERP). `bounces+*@example.com`, `*@bounces.example.com`.
 */

import { parseAddress } from './address.js'

/** Characters of the Token that stands there. */
const TOKEN_WIDTH = 26
const TOKEN = /^[a-z2-7]{26}$/

export interface ReturnPath {
  /** Of the local part, before and behind the Token. */
  readonly before: string
  readonly after: string
  /** In A-labels, lower-case. */
  readonly domain: string
}

export interface RefusedReturnPath {
  /** A clause that goes after the pattern, with what would be right. */
  readonly refused: string
}

/** Reads a pattern. */
export function parseReturnPath(pattern: string): ReturnPath | RefusedReturnPath {
  const at = pattern.indexOf('@')
  const local = pattern.slice(0, at === -1 ? pattern.length : at)
  const [before, after, third] = local.split('*')
  if (
    before === undefined ||
    after === undefined ||
    third !== undefined ||
    pattern.slice(local.length).includes('*')
  )
    return {
      refused: 'wants one * before the @, where the token stands, as in bounces+*@example.com',
    }
  const parsed = parseAddress(`${before}${'a'.repeat(TOKEN_WIDTH)}${after}${pattern.slice(local.length)}`)
  if (parsed.kind === 'refused')
    return { refused: `${parsed.reason}; write a pattern like bounces+*@example.com` }
  // A relay without SMTPUTF8 would carry none of the messages.
  if (!/^[\x21-\x7e]+$/.test(parsed.local))
    return { refused: 'has letters before the @ that not every server carries; write a pattern in ASCII' }
  return { before, after, domain: parsed.domain }
}

/** The address that stands for a `return` Token. */
export function returnAddress({ before, after, domain }: ReturnPath, token: string): string {
  return `${before}${token}${after}@${domain}`
}

/**
 * What stands for the Token in an address of this pattern, lower-case, not verified; null when it is not of this pattern.
 * Servers on the way may change the case of all of it.
 */
export function tokenInAddress({ before, after, domain }: ReturnPath, address: string): string | null {
  const given = address.toLowerCase()
  const start = before.toLowerCase()
  const end = `${after.toLowerCase()}@${domain}`
  if (given.length !== start.length + TOKEN_WIDTH + end.length) return null
  if (!given.startsWith(start) || !given.endsWith(end)) return null
  const token = given.slice(start.length, start.length + TOKEN_WIDTH)
  return TOKEN.test(token) ? token : null
}

const POSTMASTER = /^postmaster(?:@|$)/i

/**
 * `postmaster`, in any case, alone or of any domain: the one mailbox that a server which takes mail has whatever else it refuses
 * (RFC 5321 section 4.5.1). Whether the domain is ours, the caller knows.
 */
export function isPostmaster(address: string): boolean {
  return POSTMASTER.test(address)
}
