/** Mask: as much of an address as tells its owner which one it is, and nobody else more than that. */

/** `a…e@example.com`; of one or two characters only the first is shown. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const local = Array.from(address.slice(0, at))
  const last = local.length > 2 ? local.at(-1) : ''
  return `${local[0] ?? ''}…${last}${address.slice(at)}`
}
