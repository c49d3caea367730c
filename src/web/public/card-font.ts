/**
 * The font of the cards: which characters it has, and how wide they are. Reads three tables of an OpenType file (head,
 * hhea with hmtx, and a cmap of format 4); drawing is resvg's.
 */

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Font {
  readonly file: string
  /** Whether it can write all of it. */
  readonly has: (text: string) => boolean
  /** Width of a line in ems, without kerning. */
  readonly width: (line: string) => number
}

export type Weight = 'Regular' | 'Bold'

export function openFont(weight: Weight): Font {
  const file = fontFile(`NotoSerif-${weight}.ttf`)
  const bytes = readFileSync(file)
  const tables = readTables(bytes)
  const glyphs = readGlyphs(bytes, tables.cmap)
  const unitsPerEm = bytes.readUInt16BE(tables.head + 18)
  const advances = bytes.readUInt16BE(tables.hhea + 34)
  const widthOf = (character: string) => {
    const glyph = glyphs.get(character.codePointAt(0) ?? 0) ?? 0
    // Those beyond the last have its width.
    return bytes.readUInt16BE(tables.hmtx + 4 * Math.min(glyph, advances - 1)) / unitsPerEm
  }
  return {
    file,
    has: (text) => [...text].every((character) => glyphs.has(character.codePointAt(0) ?? 0)),
    width: (line) => [...line].reduce((sum, character) => sum + widthOf(character), 0),
  }
}

/** Lies beside the sources, also for what runs from the build. */
function fontFile(name: string): string {
  for (const folder of ['./font/', '../../../../src/web/public/font/']) {
    const file = fileURLToPath(new URL(folder + name, import.meta.url))
    if (existsSync(file)) return file
  }
  throw new Error(`src/web/public/font/${name} is missing`)
}

interface Tables {
  readonly head: number
  readonly hhea: number
  readonly hmtx: number
  readonly cmap: number
}

/** Where each begins. */
function readTables(bytes: Buffer): Tables {
  const offsets = new Map<string, number>()
  const count = bytes.readUInt16BE(4)
  for (let at = 12; at < 12 + 16 * count; at += 16)
    offsets.set(bytes.toString('latin1', at, at + 4), bytes.readUInt32BE(at + 8))
  const of = (name: string) => {
    const offset = offsets.get(name)
    if (offset === undefined) throw new Error(`the font has no table ${name}`)
    return offset
  }
  return { head: of('head'), hhea: of('hhea'), hmtx: of('hmtx'), cmap: of('cmap') }
}

/** Code point → glyph. */
function readGlyphs(bytes: Buffer, cmap: number): ReadonlyMap<number, number> {
  const start = cmap + bytes.readUInt32BE(cmap + 8)
  if (bytes.readUInt16BE(start) !== 4) throw new Error('the font’s cmap is of another format than 4')
  const size = bytes.readUInt16BE(start + 6)
  const [ends, starts, deltas, ranges] = [14, 16 + size, 16 + 2 * size, 16 + 3 * size]
  const glyphs = new Map<number, number>()
  for (let at = 0; at < size; at += 2) {
    const first = bytes.readUInt16BE(start + starts + at)
    const last = bytes.readUInt16BE(start + ends + at)
    const delta = bytes.readUInt16BE(start + deltas + at)
    const rangeAt = start + ranges + at
    const range = bytes.readUInt16BE(rangeAt)
    for (let code = first; code <= last && code < 0xffff; code++) {
      const listed = range === 0 ? code : bytes.readUInt16BE(rangeAt + range + 2 * (code - first))
      const glyph = listed === 0 ? 0 : (listed + delta) & 0xffff
      if (glyph !== 0) glyphs.set(code, glyph)
    }
  }
  return glyphs
}
