/** Who gets a test send: addresses that are allowed by name or by domain, a few at once, and never a List. */

import { parseAddress } from '../../address.js'
import { InputError } from '../../errors.js'

export const MAX_TEST_ADDRESSES = 10

/**
 * Addresses separated by commas or blanks, each once. `allowed`: addresses, and domains with an @ before them; null: any, since
 * nothing leaves this machine. Throws one InputError for all that may not have it.
 */
export function readTestAddresses(text: string, allowed: readonly string[] | null): readonly string[] {
  const listed = text.split(/[\s,]+/).filter((one) => one !== '')
  if (listed.length === 0) throw refused(['names nobody; write one or more addresses, separated by commas'])
  const found = new Map<string, string>()
  const problems: string[] = []
  for (const one of listed) {
    const parsed = parseAddress(one)
    if (parsed.kind === 'refused') problems.push(describeUnreadable(one, parsed.reason))
    else if (allowed !== null && !isAllowed(parsed, allowed)) problems.push(describeForeign(one, allowed))
    else if (!found.has(parsed.key)) found.set(parsed.key, parsed.address)
  }
  if (problems.length > 0) throw refused(problems)
  if (found.size > MAX_TEST_ADDRESSES)
    throw refused([
      `names ${found.size} addresses; a test goes to ${MAX_TEST_ADDRESSES} at most, and to more people with pressrun send`,
    ])
  return [...found.values()]
}

function isAllowed(
  { key, domain }: { readonly key: string; readonly domain: string },
  allowed: readonly string[],
): boolean {
  return allowed.some((one) => (one.startsWith('@') ? one.slice(1) === domain : one.toLowerCase() === key))
}

function describeUnreadable(one: string, reason: string): string {
  return one.includes('@')
    ? `"${one}" ${reason}`
    : `"${one}" is no address; a test goes to addresses, never to a list: pressrun send does that`
}

function describeForeign(one: string, allowed: readonly string[]): string {
  return allowed.length === 0
    ? `"${one}" may get no test: TEST_TO names who may, and is empty; set TEST_TO=${one}`
    : `"${one}" may get no test: TEST_TO allows ${allowed.join(', ')}; add it there`
}

function refused(messages: readonly string[]): InputError {
  return new InputError(messages.map((message) => ({ where: '--to', line: null, message })))
}
