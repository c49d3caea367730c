/** How far an import has come, on one line of a terminal: rows, their rate, and the time that is left. */

import { formatNumber } from '../report/columns.js'
import type { ImportProgress } from './subscribers-import.js'

/** The part of process.stderr that is used here; `hasColors` honours NO_COLOR. */
interface BarStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  hasColors?(): boolean
}

export interface ImportBar {
  draw(progress: ImportProgress): void
  /** Leaves nothing behind. */
  close(): void
}

const DEFAULT_COLUMNS = 80
const MAX_WIDTH = 30
/** More often is not seen. */
const REDRAW_MS = 100

/** Draws only on a terminal: elsewhere the summary is enough. */
export function openImportBar(stream: BarStream, now: () => number): ImportBar {
  const began = now()
  let drawnAt = Number.NEGATIVE_INFINITY
  return {
    draw(progress) {
      if (stream.isTTY !== true || now() - drawnAt < REDRAW_MS) return
      drawnAt = now()
      const width = Math.max(20, (stream.columns ?? DEFAULT_COLUMNS) - 1)
      const look = { width, hasColour: stream.hasColors?.() === true, elapsedMs: drawnAt - began }
      stream.write(`\r\x1b[K${writeProgress(progress, look)}`)
    },
    close() {
      if (drawnAt > 0) stream.write('\r\x1b[K')
    },
  }
}

/** `████░░░░  40 %  412,000 rows, 61,200/s, 10 s left`; never longer than the width. */
export function writeProgress(
  { rows, bytes, allBytes }: ImportProgress,
  {
    width,
    hasColour,
    elapsedMs,
  }: { readonly width: number; readonly hasColour: boolean; readonly elapsedMs: number },
): string {
  const share = allBytes === 0 ? 1 : Math.min(1, bytes / allBytes)
  const seconds = Math.max(elapsedMs, 1) / 1_000
  const left = share === 0 ? null : Math.ceil((seconds * (1 - share)) / share)
  const words =
    `${Math.floor(share * 100)} %  ${formatNumber(rows)} rows, ${formatNumber(Math.round(rows / seconds))}/s` +
    (left === null ? '' : `, ${writeSeconds(left)} left`)
  const cells = Math.min(MAX_WIDTH, width - words.length - 2)
  if (cells < 5) return words.slice(0, width)
  const full = Math.round(share * cells)
  const [done, open] = hasColour ? ['█', '░'] : ['#', '.']
  const bar = `${done.repeat(full)}${open.repeat(cells - full)}`
  return `${hasColour ? `\x1b[32m${bar}\x1b[0m` : bar}  ${words}`
}

function writeSeconds(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
