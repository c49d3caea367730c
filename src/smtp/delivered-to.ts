/**
 * Whom a mail was addressed to, from what delivery wrote on top of it: a mailbox keeps no envelope. Anybody can write such
 * fields; what they hold counts only once its signature verifies.
 */

/** Beyond that no header is read. */
const MAX_HEADER_BYTES = 65_536
const MAX_FOUND = 10
const FIELDS = /^(?:delivered-to|x-original-to|envelope-to|x-envelope-to|x-rcpt-to|to):(.*)$/i
const ADDRESS = /[^\s<>()[\]:;,"]{1,128}@[^\s<>()[\]:;,"]{1,255}/g

export function readDeliveredTo(bytes: Uint8Array): readonly string[] {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MAX_HEADER_BYTES))
  const [header = ''] = head.toString('latin1').replace(/\r\n/g, '\n').split('\n\n', 1)
  const fields = header.replace(/\n[ \t]+/g, ' ').split('\n')
  const found = fields.flatMap((field) => (FIELDS.exec(field)?.[1] ?? '').match(ADDRESS) ?? [])
  return [...new Set(found)].slice(0, MAX_FOUND)
}
