/** The bytes of a text as a string: UTF-8, UTF-16 with its mark, what a page says of itself, or what Windows wrote. */

/** Windows-1252 from 0x80 to 0x9f. Node 20's own decoder leaves these as control characters. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** Bytes in which a page has to name its encoding. */
const HEAD_BYTES = 2048

export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return decodeAsNamed(bytes) ?? decodeWindows(bytes)
  }
}

/** By `<meta charset>` or `encoding=`; null when there is none, or one that nobody knows. */
function decodeAsNamed(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1')
  const label = /(?:charset|encoding)\s*=\s*["']?([\w-]+)/i.exec(head)?.[1] ?? ''
  if (label === '' || /^(?:utf-?8|iso-8859-1|latin1|windows-1252|us-ascii)$/i.test(label)) return null
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    return null
  }
}

function decodeWindows(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes).toString('latin1')
  return latin1.replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80] ?? byte)
}
