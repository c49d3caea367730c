/** An address as it goes between the angle brackets, or to a program. */

/**
 * It was validated long before; a sign that would make two recipients or a command of it is a bug of ours, never to be
 * repaired here: it throws.
 */
export function plainAddress(address: string): string {
  if (
    !/^[^\s\p{Cc}<>,;"]+@[^\s\p{Cc}<>,;"@]+$/u.test(address) ||
    address.indexOf('@') !== address.lastIndexOf('@')
  )
    throw new Error(`not one plain address: ${JSON.stringify(address)}`)
  return address
}

export function isPlainAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is meant.
  return /^[\x00-\x7f]*$/.test(text)
}
