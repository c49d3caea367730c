/**
 * The progress of a Send as one bar whose parts add up to the audience, with the numbers under it. On a terminal it is
 * drawn over itself; elsewhere a line is written when something has changed.
 */

import type { DeliveryState } from '../db/schema.js'
import { STATE_ORDER, writeIdentity } from './print.js'
import type { Status } from './status.js'

/** The part of process.stderr that is used here; `hasColors` honours NO_COLOR. */
export interface BarStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  hasColors?(): boolean
}

export interface Bar {
  draw(status: Status): void
  /** Leaves the last drawing and ends its line. */
  close(): void
}

/** SGR colour (ECMA-48; 38;5 is xterm's 256) and, so that colour never stands alone, a mark of its own. */
const LOOKS: Readonly<Record<DeliveryState, { readonly colour: string; readonly mark: string }>> = {
  sent: { colour: '32', mark: '#' },
  sending: { colour: '34', mark: '>' },
  queued: { colour: '90', mark: '.' },
  deferred: { colour: '33', mark: '~' },
  bounced: { colour: '31', mark: 'x' },
  failed: { colour: '38;5;88', mark: '!' },
  uncertain: { colour: '35', mark: '?' },
  excluded: { colour: '37', mark: '-' },
}

const MAX_WIDTH = 60
const DEFAULT_COLUMNS = 80

export function openBar(stream: BarStream): Bar {
  const isTerminal = stream.isTTY === true
  const hasColour = isTerminal && stream.hasColors?.() === true
  let last = ''
  return {
    draw(status) {
      const columns = Math.max(20, (stream.columns ?? DEFAULT_COLUMNS) - 1)
      const numbers = `Send ${status.send} ${status.state}: ${writeIdentity(status)}`
      if (numbers === last) return
      const isFirst = last === ''
      last = numbers
      if (!isTerminal) {
        stream.write(`${numbers}\n`)
        return
      }
      // Up one line and over the old drawing; cut, since a line that wraps could not be drawn over.
      const lines = [
        writeBar(status, { width: Math.min(MAX_WIDTH, columns), hasColour }),
        numbers.slice(0, columns),
      ]
      stream.write(`${isFirst ? '' : '\x1b[1A'}\r\x1b[J${lines.join('\n')}`)
    },
    close() {
      if (isTerminal && last !== '') stream.write('\n')
    },
  }
}

/** Exactly `width` marks: a state with anyone in it has one at least, the others are in proportion. */
export function writeBar(
  status: Status,
  { width, hasColour }: { readonly width: number; readonly hasColour: boolean },
): string {
  const cells = shareWidth(status, width)
  return STATE_ORDER.map((state, at) => {
    const { colour, mark } = LOOKS[state]
    const marks = (hasColour ? '█' : mark).repeat(cells[at] ?? 0)
    return hasColour && marks !== '' ? `\x1b[${colour}m${marks}\x1b[0m` : marks
  }).join('')
}

/** Cells per state, in STATE_ORDER. The largest part pays for what rounding and the smallest ones cost. */
function shareWidth(status: Status, width: number): readonly number[] {
  const total = STATE_ORDER.reduce((sum, state) => sum + status[state], 0)
  if (total === 0) return []
  const cells = STATE_ORDER.map((state) =>
    status[state] === 0 ? 0 : Math.max(1, Math.floor((status[state] / total) * width)),
  )
  const largest = cells.indexOf(Math.max(...cells))
  const spare = width - cells.reduce((sum, cell) => sum + cell, 0)
  return cells.map((cell, at) => (at === largest ? Math.max(0, cell + spare) : cell))
}
