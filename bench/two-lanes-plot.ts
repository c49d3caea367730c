/** The plot of two-lanes.ts as SVG: messages accepted a second, and when one receiver said 421. */

import type { Second } from './two-receivers.js'

const WIDTH = 860
const HEIGHT = 330
const MARGIN = { top: 48, right: 20, bottom: 44, left: 52 }
const COLOURS = ['#b4431f', '#1f5f99']
/** Running mean, so that a second that was cut in two is no spike. */
const SMOOTH_S = 3

export interface Plot {
  readonly seconds: number
  /** When the first series' receiver refuses. */
  readonly bad: { readonly from: number; readonly until: number }
  readonly series: ReadonlyMap<string, readonly Second[]>
}

export function drawTwoLanes({ seconds, bad, series }: Plot): string {
  const most = Math.max(...[...series.values()].flat().map(({ accepted }) => accepted), 1)
  const top = Math.ceil(most / 20) * 20
  const x = (second: number) => MARGIN.left + (second / seconds) * (WIDTH - MARGIN.left - MARGIN.right)
  const y = (rate: number) => HEIGHT - MARGIN.bottom - (rate / top) * (HEIGHT - MARGIN.top - MARGIN.bottom)
  const grid = steps(top, 20).map(
    (rate) =>
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(rate)}" y2="${y(rate)}" stroke="#ddd"/>` +
      `<text x="${MARGIN.left - 8}" y="${y(rate) + 4}" text-anchor="end">${rate}</text>`,
  )
  const times = steps(seconds, 30).map(
    (second) =>
      `<text x="${x(second)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${second}</text>`,
  )
  const lines = [...series].map(([name, list], index) => {
    const points = smooth(list.slice(0, seconds - 1)).map(
      (rate, second) => `${x(second + 0.5).toFixed(1)},${y(rate).toFixed(1)}`,
    )
    const colour = COLOURS[index % COLOURS.length]
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.join(' ')}"/>` +
      `<text x="${MARGIN.left + 8 + index * 150}" y="20" fill="${colour}" font-weight="bold">${name}</text>`
    )
  })
  const probes = [...series].flatMap(([, list], index) =>
    list.flatMap(({ refused }, second) =>
      refused > 0
        ? `<circle cx="${x(second + 0.5).toFixed(1)}" cy="${y(0)}" r="${Math.min(3 + refused / 2, 8)}" fill="${COLOURS[index % COLOURS.length]}" fill-opacity="0.55"/>`
        : [],
    ),
  )
  const width = x(bad.until) - x(bad.from)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#444">
<title>Messages accepted a second by two receivers, of which one answers 421 for a minute</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<rect x="${x(bad.from)}" y="${MARGIN.top}" width="${width}" height="${HEIGHT - MARGIN.top - MARGIN.bottom}" fill="#b4431f" fill-opacity="0.08"/>
<text x="${x(bad.from) + width / 2}" y="${MARGIN.top - 6}" text-anchor="middle" fill="#b4431f">answers 421 (dots: what it refused)</text>
${grid.join('\n')}
${times.join('\n')}
${lines.join('\n')}
${probes.join('\n')}
<text x="${WIDTH - MARGIN.right}" y="20" text-anchor="end">messages accepted a second</text>
<text x="${(WIDTH + MARGIN.left) / 2}" y="${HEIGHT - 8}" text-anchor="middle">seconds</text>
</svg>
`
}

function steps(until: number, by: number): readonly number[] {
  return Array.from({ length: Math.floor(until / by) + 1 }, (_, index) => index * by)
}

function smooth(list: readonly Second[]): readonly number[] {
  return list.map((_, at) => {
    const near = list.slice(Math.max(at - Math.floor(SMOOTH_S / 2), 0), at + Math.ceil(SMOOTH_S / 2))
    return near.reduce((sum, { accepted }) => sum + accepted, 0) / near.length
  })
}
