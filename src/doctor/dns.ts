/**
 * DNS as the checks see it: found, missing, or could not be asked, which is never the same as missing. Everything that
 * comes back was written by strangers. Each question is asked once, and its time is bounded.
 */

import { messageOf } from '../errors.js'

/** What is used of node:dns/promises; another one in tests. */
export interface Resolver {
  resolveTxt(name: string): Promise<string[][]>
  resolveMx(name: string): Promise<{ exchange: string; priority: number }[]>
  resolve4(name: string): Promise<string[]>
  resolve6(name: string): Promise<string[]>
  reverse(ip: string): Promise<string[]>
}

export type Answer<T> =
  | { readonly kind: 'found'; readonly records: readonly T[] }
  /** The name or the type is not there. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unasked'; readonly cause: string }

export interface MailExchange {
  /** Lower-case; '' is the null MX of RFC 7505. */
  readonly exchange: string
  readonly priority: number
}

export interface Dns {
  /** Each record as one text, its strings put together without blanks (RFC 7208 section 3.3). */
  txt(name: string): Promise<Answer<string>>
  /** The most preferred first. */
  mx(name: string): Promise<Answer<MailExchange>>
  /** IPv4 and IPv6. */
  addresses(name: string): Promise<Answer<string>>
  /** The names of an address, lower-case. */
  names(ip: string): Promise<Answer<string>>
}

const TIMEOUT_MS = 10_000
/** More are read by nobody. */
const MAX_RECORDS = 200
const MAX_NAME = 253
/** The resolver's words for "there is none": no such name, no such type, no name at all. */
const MISSING = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])

export function openDns(resolver: Resolver, { timeoutMs = TIMEOUT_MS } = {}): Dns {
  const asked = new Map<string, Promise<Answer<unknown>>>()

  /** The same question has one answer for the whole examination. */
  function ask<T>(type: string, name: string, question: () => Promise<readonly T[]>): Promise<Answer<T>> {
    const key = `${type} ${name.toLowerCase()}`
    const known = asked.get(key)
    // The type is a part of the key.
    if (known !== undefined) return known as Promise<Answer<T>>
    const answer = isName(name) ? answerOf(question, timeoutMs) : Promise.resolve(MISSING_ANSWER)
    asked.set(key, answer)
    return answer
  }

  return {
    txt: (name) =>
      ask('TXT', name, async () => (await resolver.resolveTxt(name)).map((strings) => strings.join(''))),
    mx: (name) =>
      ask('MX', name, async () =>
        (await resolver.resolveMx(name))
          .map(({ exchange, priority }) => ({ exchange: trimDot(exchange), priority }))
          .sort((a, b) => a.priority - b.priority),
      ),
    async addresses(name) {
      const answers = await Promise.all([
        ask('A', name, () => resolver.resolve4(name)),
        ask('AAAA', name, () => resolver.resolve6(name)),
      ])
      return together(answers)
    },
    names: (ip) => ask('PTR', ip, async () => (await resolver.reverse(ip)).map(trimDot)),
  }
}

const MISSING_ANSWER = { kind: 'missing' } as const

/** A name that can be asked for: what a record of strangers names may be anything. */
function isName(name: string): boolean {
  const labels = name.replace(/\.$/, '').split('.')
  return (
    name.length <= MAX_NAME &&
    /^[\x21-\x7e]+$/.test(name) &&
    labels.every(({ length }) => length > 0 && length <= 63)
  )
}

function trimDot(name: string): string {
  return name.replace(/\.$/, '').toLowerCase()
}

async function answerOf<T>(question: () => Promise<readonly T[]>, timeoutMs: number): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs)
  })
  try {
    const records = (await Promise.race([question(), late])).slice(0, MAX_RECORDS)
    return records.length === 0 ? MISSING_ANSWER : { kind: 'found', records }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (MISSING.has(code)) return MISSING_ANSWER
    return { kind: 'unasked', cause: code || messageOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

/** One of two is enough; none of either is missing only when both could be asked. */
function together<T>(answers: readonly Answer<T>[]): Answer<T> {
  const records = answers.flatMap((answer) => (answer.kind === 'found' ? answer.records : []))
  if (records.length > 0) return { kind: 'found', records }
  return answers.find(({ kind }) => kind === 'unasked') ?? MISSING_ANSWER
}
