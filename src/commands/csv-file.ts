/**
 * A CSV file, as opposed to CSV on stdout: it begins with a byte order mark, without which Excel takes UTF-8 for the Windows
 * code page of its country and spoils every name with an umlaut. Programs that read a pipe would take the mark for a part of
 * the first column's name. Our own import passes over it.
 */

import type { Writable } from 'node:stream'
import { writeAll } from './new-file.js'

/** One character, three bytes in UTF-8 (RFC 3629, section 6). */
export const CSV_MARK = '\uFEFF'

/** What `--help` says of it, after the options. */
export const CSV_HELP = `
A CSV file begins with a byte order mark, so that Excel reads its umlauts; what goes
to stdout has none. subscribers import reads both.
`

/** Before the first row. */
export function beginCsvFile(stream: Writable): Promise<void> {
  return writeAll(stream, CSV_MARK)
}
