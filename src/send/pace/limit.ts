/**
 * Limits of lanes: what a receiver is never sent more than. The starting values are those that the large providers give
 * or that others have found to hold; `PACE` replaces them by lane.
 */

import { InputError, type Problem } from '../../errors.js'
import { LANE_NAMES } from '../lane.js'

/** Null: no limit but what the relays have. */
export interface LaneLimit {
  /** Messages a second, all workers together. */
  readonly perSecond: number | null
  /** Messages under way at once, for each worker. */
  readonly connections: number | null
  /** Messages after which a connection is replaced. */
  readonly perConnection: number | null
}

export type LaneLimits = ReadonlyMap<string, LaneLimit>

const NO_LIMIT: LaneLimit = { perSecond: null, connections: null, perConnection: null }

/** Postmaster pages of the providers, and KumoMTA's shaping rules (2024-2026). */
const STARTING: readonly (readonly [lane: string, limit: LaneLimit])[] = [
  ['gmail', { perSecond: null, connections: 5, perConnection: 50 }],
  ['microsoft', { perSecond: null, connections: 5, perConnection: 50 }],
  ['yahoo', { perSecond: null, connections: 5, perConnection: 20 }],
  ['apple', { perSecond: null, connections: 10, perConnection: 5 }],
  ['gmx', { perSecond: null, connections: 10, perConnection: 100 }],
  ['proton', { perSecond: null, connections: 10, perConnection: 100 }],
  ['comcast', { perSecond: null, connections: 25, perConnection: null }],
  ['orange', { perSecond: null, connections: 3, perConnection: 100 }],
  ['telekom', { perSecond: null, connections: 10, perConnection: 100 }],
  ['mailru', { perSecond: null, connections: 10, perConnection: 100 }],
  ['yandex', { perSecond: null, connections: 10, perConnection: 100 }],
  ['qq', { perSecond: null, connections: 5, perConnection: 100 }],
  ['netease', { perSecond: null, connections: 5, perConnection: 100 }],
]

/** A wait of more than an hour between two messages is no pace. */
const MIN_PER_SECOND = 1 / 3_600
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 }
const EXAMPLE = 'write one like gmail=20/s, 10 connections, 50 per connection; yahoo=600/m'

/**
 * Reads PACE: lanes by semicolons or line ends, limits by commas: `20/s` (or `/m`, `/h`), `10 connections`, `50 per
 * connection`, `none`. What a lane is given replaces its starting value, what it is not given stays. Throws InputError
 * naming every problem.
 */
export function readPace(text: string): LaneLimits {
  const limits = new Map(STARTING)
  const problems: Problem[] = []
  const named = new Set<string>()
  const complain = (message: string) => problems.push({ where: 'PACE', line: null, message })
  for (const entry of text.split(/[;\n]/).map((part) => part.trim())) {
    if (entry === '') continue
    const [written = '', said = '', ...more] = entry.split('=').map((part) => part.trim())
    const name = written.toLowerCase()
    if (said === '' || more.length > 0) complain(`"${entry}" is not a lane with its limits; ${EXAMPLE}`)
    else if (!LANE_NAMES.includes(name)) complain(`"${name}" is no lane; there are ${LANE_NAMES.join(', ')}`)
    else if (named.has(name)) complain(`names ${name} twice; put all its limits after one ${name}=`)
    else {
      let limit = limits.get(name) ?? NO_LIMIT
      for (const part of said.split(',').map((each) => each.trim())) {
        const read = readLimit(part)
        if (typeof read === 'string') complain(`${name}: ${read}`)
        else limit = { ...limit, ...read }
      }
      limits.set(name, limit)
    }
    named.add(name)
  }
  if (problems.length > 0) throw new InputError(problems)
  return limits
}

/** A part of a limit, or what is wrong with it. */
function readLimit(text: string): Partial<LaneLimit> | string {
  if (text === 'none') return NO_LIMIT
  const rate = /^(\d+(?:\.\d+)?) ?\/ ?(s|m|h)$/.exec(text)
  if (rate) {
    const perSecond = Number(rate[1]) / (SECONDS[rate[2] ?? ''] ?? 1)
    return perSecond >= MIN_PER_SECOND
      ? { perSecond }
      : `"${text}" lets nothing through in an hour; write at least 1/h`
  }
  const count = /^(\d+) (connections?|per connection)$/.exec(text)
  if (!count) return `"${text}" is not a limit; ${EXAMPLE}`
  const number = Number(count[1])
  if (number < 1) return `"${text}" lets nothing through; write at least 1`
  return count[2] === 'per connection' ? { perConnection: number } : { connections: number }
}

export function limitOf(limits: LaneLimits, lane: string): LaneLimit {
  return limits.get(lane) ?? NO_LIMIT
}

/** `20/s, 10 connections`, for a person; `none` where there is none. */
export function writeLimit({ perSecond, connections }: Pick<LaneLimit, 'perSecond' | 'connections'>): string {
  const parts = [
    ...(perSecond === null ? [] : [writeRate(perSecond)]),
    ...(connections === null ? [] : [connections === 1 ? '1 connection' : `${connections} connections`]),
  ]
  return parts.length === 0 ? 'none' : parts.join(', ')
}

/** In the largest unit in which there is at least one. */
function writeRate(perSecond: number): string {
  const [unit, seconds] = perSecond >= 1 ? ['s', 1] : perSecond >= 1 / 60 ? ['m', 60] : ['h', 3_600]
  return `${Number((perSecond * Number(seconds)).toPrecision(3))}/${unit}`
}
