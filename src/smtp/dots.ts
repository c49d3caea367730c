/**
 * Line ends and dots on the wire (RFC 5321 sections 2.3.8 and 4.5.2): CRLF alone ends a line, and a line that begins with
 * a dot gets another one, so that nothing in a message can be taken for its end (VU#302671).
 */

const CRLF = '\r\n'

/** The bytes that go before the terminating dot: `message.bytes` itself where it is known to be ready. */
export function wireBytes({
  bytes,
  isWireReady,
}: {
  readonly bytes: Uint8Array
  readonly isWireReady?: true
}): Uint8Array {
  if (isWireReady) return bytes
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/\r\n|\r|\n/g, CRLF)
  const whole = text === '' || text.endsWith(CRLF) ? text : `${text}${CRLF}`
  return Buffer.from(whole.replace(/^\./, '..').replaceAll(`${CRLF}.`, `${CRLF}..`), 'latin1')
}
