/** Frame: what stands around the two parts of a Message (RFC 2046 section 5.1.4), the MIME fields of its header first. */

import type { PreparedPart } from './part.js'
import { plainRun, type Run } from './splice.js'

export interface Frame {
  readonly before: Run
  readonly between: Run
  readonly after: Run
}

/** `hash`, hex, of what the parts are made of: the boundary is made of it, so that the same parts give the same bytes. */
export function makeFrame(text: PreparedPart, html: PreparedPart, hash: string): Frame {
  const boundary = `=_${hash.slice(0, 32)}`
  return {
    before: plainRun(
      `MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="${boundary}"\r\n` +
        `\r\n--${boundary}\r\n${partHead('plain', text)}`,
    ),
    between: plainRun(`\r\n--${boundary}\r\n${partHead('html', html)}`),
    after: plainRun(`\r\n--${boundary}--\r\n`),
  }
}

function partHead(subtype: 'plain' | 'html', { encoding }: PreparedPart): string {
  return `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`
}
