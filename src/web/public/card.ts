/**
 * The picture that other sites show beside a link to an Issue: 1200 × 630 with the publication's name, the title and the
 * date; without a title that the font can't write, with the name in its place. Drawn in libuv's threads, so that no request waits for it.
 */

import { renderAsync } from '@resvg/resvg-js'
import { escapeHtml } from '../../compile/escape.js'
import { type Font, openFont, type Weight } from './card-font.js'
import { type Field, type SetTitle, setTitle } from './card-lines.js'

export interface CardText {
  readonly publication: string
  readonly title: string
  /** Number and date, as one line. */
  readonly edition: string
  /** `#rrggbb` */
  readonly accent: string
}

export const CARD_WIDTH = 1200
export const CARD_HEIGHT = 630

const MARGIN = 80
const INNER = CARD_WIDTH - 2 * MARGIN
const NAME: Field = { width: INNER, height: 60, sizes: [38, 32, 27], leading: 1.2, maxLines: 1 }
const TITLE: Field = {
  width: INNER,
  height: 330,
  sizes: [96, 88, 80, 72, 64, 58, 52, 48],
  leading: 1.18,
  maxLines: 5,
}
const EDITION: Field = { width: INNER, height: 40, sizes: [28], leading: 1.2, maxLines: 1 }
const NAME_BASELINE = 112
const RULE_TOP = 142
const TITLE_BOTTOM = 502
const EDITION_BASELINE = 562
const [INK, QUIET, PAPER] = ['#1a1a1a', '#5c5850', '#ffffff']
const COLOR = /^#[0-9a-f]{6}$/i

/** PNG bytes. */
export async function drawCard(text: CardText): Promise<Uint8Array<ArrayBuffer>> {
  const [regular, bold] = [fontOf('Regular'), fontOf('Bold')]
  const font = {
    loadSystemFonts: false,
    fontFiles: [regular.file, bold.file],
    defaultFontFamily: 'Noto Serif',
  }
  const image = await renderAsync(writeCard(text, { regular, bold }), { font })
  return new Uint8Array(image.asPng())
}

/** Each is read once. */
const fonts = new Map<Weight, Font>()

function fontOf(weight: Weight): Font {
  const font = fonts.get(weight) ?? openFont(weight)
  fonts.set(weight, font)
  return font
}

/** The picture as SVG. */
export function writeCard(
  { publication, title, edition, accent }: CardText,
  { regular, bold }: { readonly regular: Font; readonly bold: Font },
): string {
  const color = COLOR.test(accent) ? accent : INK
  const titled = layOut(title, bold, TITLE)
  const name = titled && layOut(publication, bold, NAME)
  const headline = titled ?? layOut(publication, bold, TITLE)
  const date = layOut(edition, regular, EDITION)
  const [first = ''] = name?.lines ?? []
  const [day = ''] = date?.lines ?? []
  // Low lines reach below their baseline by a fifth of their size.
  const lastBaseline = TITLE_BOTTOM - (headline?.size ?? 0) * 0.22
  const lines = headline?.lines ?? []
  const texts = lines.map((line, index) => {
    const y = lastBaseline - (lines.length - 1 - index) * (headline?.size ?? 0) * TITLE.leading
    return write(line, { y, size: headline?.size ?? 0, weight: 700, fill: INK })
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${CARD_HEIGHT}">
<rect width="${CARD_WIDTH}" height="${CARD_HEIGHT}" fill="${PAPER}"/>
${write(first, { y: NAME_BASELINE, size: name?.size ?? 0, weight: 700, fill: INK })}
<rect x="${MARGIN}" y="${RULE_TOP}" width="${INNER}" height="4" fill="${color}"/>
${texts.join('\n')}
${write(day, { y: EDITION_BASELINE, size: date?.size ?? 0, weight: 400, fill: QUIET })}
</svg>`
}

/** Null when the font lacks a letter of it, and for nothing; a sign that it lacks, an emoji say, is left out. */
function layOut(text: string, font: Font, field: Field): SetTitle | null {
  const known = [...text.normalize('NFC')].filter((sign) => font.has(sign) || LETTER.test(sign)).join('')
  const plain = known.replace(/\s+/g, ' ').trim()
  return plain !== '' && font.has(plain) ? setTitle(plain, font, field) : null
}

const LETTER = /[\p{L}\p{N}]|(?!\p{Variation_Selector})\p{M}/u

function write(
  text: string,
  { y, size, weight, fill }: { y: number; size: number; weight: 400 | 700; fill: string },
): string {
  if (text === '') return ''
  return `<text x="${MARGIN}" y="${y.toFixed(1)}" font-family="Noto Serif" font-weight="${weight}" font-size="${size}" fill="${fill}">${escapeHtml(text)}</text>`
}
