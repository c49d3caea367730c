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
  const words: string[] = []
  for (const one of listed) {
    const parsed = parseAddress(one)
    if (parsed.kind === 'refused' && !one.includes('@')) words.push(one)
    else if (parsed.kind === 'refused') problems.push(`"${one}" ${parsed.reason}`)
    else if (allowed !== null && !isAllowed(parsed, allowed)) problems.push(describeForeign(one, allowed))
    else if (!found.has(parsed.key)) found.set(parsed.key, parsed.address)
  }
  if (words.length > 0) problems.unshift(describeWords(words))
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

/** The words of a sentence, or the name of a List. */
function describeWords(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`).join(', ')
  const are = words.length === 1 ? 'is no address' : 'are no addresses'
  return `${quoted} ${are}; a test goes to addresses, never to a list: pressrun send does that`
}

function describeForeign(one: string, allowed: readonly string[]): string {
  return allowed.length === 0
    ? `"${one}" may get no test: TEST_TO names who may, and is empty; set TEST_TO=${one}`
    : `"${one}" may get no test: TEST_TO allows ${allowed.join(', ')}; add it there`
}

function refused(messages: readonly string[]): InputError {
  return new InputError(messages.map((message) => ({ where: '--to', line: null, message })))
}
