/**
 * Holed text: static runs and the holes between them. While a part is being written a hole is a marker of
 * private-use characters around base64url, which escaping, sanitising, Handlebars and MJML all pass unchanged;
 * `parseHoled` turns the finished string into pieces. No marker survives it.
 */

import type { PersonHole } from '../issue/hole.js'
import type { ChoiceHole, Hole, Holed, TokenHole } from './compiled.js'

const OPEN = '\ue000'
const CLOSE = '\ue001'
export const CHOICE = '\ue002'
const THEN = '\ue003'
export const ELSE = '\ue004'
export const END = '\ue005'
const ANY_MARK = /[\ue000-\ue00f]/
/** All but the marks of the lines. */
const MARK_BUT_LINE = /[\ue000-\ue007\ue00a-\ue00f]/
const PIECE = /\ue000([rl]|p[\w-]*)\ue001|\ue002([a-z][a-z0-9_]*)\ue003|([\ue004\ue005])/g

/** What is reserved for markers; input that holds one of these is refused. */
export function hasMarks(text: string): boolean {
  return ANY_MARK.test(text)
}

export function markPerson({ name, fallback }: PersonHole): string {
  return `${OPEN}p${Buffer.from(JSON.stringify([name, fallback])).toString('base64url')}${CLOSE}`
}

/** What a person's marker shows to those of whom nothing is known. */
export function fallbackOf(marker: string): string {
  const hole = readSimple(marker.slice(OPEN.length, -CLOSE.length))
  return hole.kind === 'person' ? hole.fallback : ''
}

export function markToken(purpose: TokenHole['purpose']): string {
  return `${OPEN}${purpose === 'read' ? 'r' : 'l'}${CLOSE}`
}

/** A conditional passage; both branches are finished, with their own markers in them. */
export function markChoice(name: string, present: string, absent: string): string {
  return `${CHOICE}${name}${THEN}${present}${ELSE}${absent}${END}`
}

/** What opens, turns and ends passages at the start of a line. */
export const LEADING_MARKS = /^(?:\ue002\w*\ue003|[\ue004\ue005])*/
/** The passage that text ends with: name, present, absent. */
export const LAST_PASSAGE = /\ue002(\w+)\ue003([^\ue004]*)\ue004([^\ue005]*)\ue005\s*$/
/** Text that is one conditional passage and nothing else. */
export const ONE_PASSAGE = /^\ue002[^\ue002]*\ue005$/

interface OpenChoice {
  readonly name: string
  readonly present: (string | Hole)[]
  absent: (string | Hole)[] | null
}

/** Splits a finished part at its markers. A marker that cannot be read is a bug, and thrown. */
export function parseHoled(marked: string): Holed {
  return splitMarked(marked, ANY_MARK)
}

/** The same, where the marks of the lines stay in the runs: for checks, never for what is sent. */
export function parseLined(marked: string): Holed {
  return splitMarked(marked, MARK_BUT_LINE)
}

function splitMarked(marked: string, forbidden: RegExp): Holed {
  const top: (string | Hole)[] = []
  let choice: OpenChoice | null = null
  let at = 0
  const into = () => (choice === null ? top : (choice.absent ?? choice.present))
  for (const match of marked.matchAll(PIECE)) {
    pushRun(into(), marked.slice(at, match.index), forbidden)
    at = match.index + match[0].length
    const [, simple, choiceName, turn] = match
    if (simple !== undefined) {
      into().push(readSimple(simple))
    } else if (choiceName !== undefined) {
      if (choice !== null) throw new Error(`a conditional passage stands in that on ${choice.name}`)
      choice = { name: choiceName, present: [], absent: null }
    } else if (turn === ELSE) {
      if (choice === null || choice.absent !== null) throw new Error('an else without its passage')
      choice.absent = []
    } else {
      if (choice === null) throw new Error('a conditional passage ends that never began')
      const done: OpenChoice = choice
      choice = null
      top.push(closeChoice(done))
    }
  }
  if (choice !== null) throw new Error('a conditional passage has no end')
  pushRun(top, marked.slice(at), forbidden)
  return top
}

/** A run joins the run before it: what stands between two pieces is one string. */
function pushRun(pieces: (string | Hole)[], run: string, forbidden: RegExp): void {
  if (run === '') return
  if (forbidden.test(run)) throw new Error(`a broken marker in ${JSON.stringify(run.slice(0, 80))}`)
  const last = pieces.at(-1)
  if (typeof last === 'string') pieces[pieces.length - 1] = last + run
  else pieces.push(run)
}

function readSimple(body: string): PersonHole | TokenHole {
  if (body === 'r') return { kind: 'token', purpose: 'read' }
  if (body === 'l') return { kind: 'token', purpose: 'leave' }
  const pair: unknown = JSON.parse(Buffer.from(body.slice(1), 'base64url').toString())
  if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') {
    throw new Error('a person marker that markPerson did not write')
  }
  return { kind: 'person', name: pair[0], fallback: pair[1] }
}

function closeChoice({ name, present, absent }: OpenChoice): ChoiceHole {
  const flat = (pieces: readonly (string | Hole)[]) => pieces.filter(isFlat)
  return { kind: 'choice', name, present: flat(present), absent: flat(absent ?? []) }
}

/** Nothing nests in a choice; `parseHoled` has refused it already. */
function isFlat(piece: string | Hole): piece is string | PersonHole | TokenHole {
  return typeof piece === 'string' || piece.kind !== 'choice'
}

export interface Filling {
  /** The person's value, '' when there is none; not escaped. */
  readonly value: (name: string) => string
  readonly token: (purpose: TokenHole['purpose']) => string
  /** For the part: escapeHtml or escapeText. */
  readonly escape: (text: string) => string
}

/** One person's copy of a part. For previews and checks; a Send encodes static runs once instead. */
export function fillHoled(holed: Holed, filling: Filling): string {
  return holed.map((piece) => fillPiece(piece, filling)).join('')
}

function fillPiece(piece: string | Hole, filling: Filling): string {
  if (typeof piece === 'string') return piece
  if (piece.kind === 'token') return filling.token(piece.purpose)
  if (piece.kind === 'person') return filling.escape(filling.value(piece.name).trim() || piece.fallback)
  const branch = filling.value(piece.name).trim() === '' ? piece.absent : piece.present
  return fillHoled(branch, filling)
}
