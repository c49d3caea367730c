/**
 * Pictures in a frame: ours from where they lie here, others never. What is not loaded leaves a box of its size with
 * its alternative text, in the style that the mail gave it, as programs show that have not loaded it.
 */

import { escapeHtml } from '../../../compile/escape.js'
import { type Attributes, changeMarkup, nameOf, readAttributes, writeTag } from './markup.js'

export interface Pictures {
  /** Where a picture lies here; null: elsewhere. */
  readonly find: (url: string) => string | null
  readonly areOff: boolean
}

/** The element that stands for a picture which is not loaded. */
export const NOT_LOADED = 'not-loaded'

/** A box so low has no room above its words. */
const LOW_PX = 36
/** Words of a sentence go into it. */
const ROOMY_PX = 100
/** Bounded, to keep reading linear. */
const CSS_URL = /url\(([^)]{0,4000})\)/gi
const CSS_IMPORT = /@import\b[^;{}]{0,4000};?/gi
/** What only a picture's own element knows. */
const OF_PICTURES = new Set([
  'src',
  'srcset',
  'sizes',
  'alt',
  'width',
  'height',
  'loading',
  'border',
  'usemap',
  'ismap',
])

export function placePictures(html: string, pictures: Pictures): string {
  const place = (css: string) => css.replace(CSS_URL, (_whole, url: string) => placeUrl(url, pictures))
  return changeMarkup(html, {
    tag: (tag) => {
      const name = nameOf(tag)
      if (name === 'img') return placeImage(readAttributes(tag), pictures)
      if (name === 'source' || name === 'link') return ''
      if (!/\sbackground\s*=|url\(/i.test(tag)) return tag
      return writeTag(name, placeBackground(readAttributes(tag), place, pictures))
    },
    raw: (open, content) => ({ open, content: place(content.replace(CSS_IMPORT, '')) }),
  })
}

/** In CSS; `none` keeps the colour that may stand beside it. */
function placeUrl(written: string, { find, areOff }: Pictures): string {
  const url = written.replace(/&(?:quot|#39|#34|apos);|["'\s]/g, '')
  const here = areOff ? null : find(url)
  return here === null ? 'none' : `url(${here})`
}

function placeBackground(
  attributes: Attributes,
  place: (css: string) => string,
  { find, areOff }: Pictures,
): Attributes {
  const { style, background } = { style: attributes.get('style'), background: attributes.get('background') }
  const placed = new Map(attributes)
  if (style !== undefined) placed.set('style', place(style))
  if (background !== undefined) {
    const here = areOff ? null : find(background)
    if (here === null) placed.delete('background')
    else placed.set('background', here)
  }
  return placed
}

function placeImage(attributes: Attributes, { find, areOff }: Pictures): string {
  const url = attributes.get('src') ?? ''
  const here = find(url)
  if (here === null && isPixel(attributes)) return ''
  if (here === null || areOff) return writeBox(attributes, here === null && !areOff ? notLoaded(url) : null)
  const placed = new Map([...attributes].filter(([name]) => name !== 'srcset' && name !== 'sizes'))
  return writeTag('img', placed.set('src', here))
}

/** Nobody sees it; it counts opens. */
function isPixel(attributes: Attributes): boolean {
  return ['width', 'height'].every((side) => Number.parseInt(attributes.get(side) ?? '', 10) <= 1)
}

function notLoaded(url: string): string {
  const host = /^(?:https?:)?\/\/(?:[^/?#@]*@)?([^/?#\s]{1,100})/i.exec(url)?.[1]
  const scheme = /^([a-z]{1,20}):/i.exec(url)?.[1]?.toLowerCase()
  if (host !== undefined) return `Not loaded here: picture at ${host}`
  return scheme === undefined
    ? 'Not loaded here: picture without a full address'
    : `Not loaded here: ${scheme}: picture`
}

/** `sentence` is of the studio's own; else its alternative text speaks. */
function writeBox(attributes: Attributes, sentence: string | null): string {
  const kept = new Map([...attributes].filter(([name]) => !OF_PICTURES.has(name)))
  const alt = attributes.get('alt') ?? ''
  kept.set('style', boxStyle(attributes))
  if (alt !== '' || sentence !== null)
    kept.set('role', 'img').set('aria-label', alt === '' ? (sentence ?? '') : alt)
  if (alt === '') kept.set('data-alt', attributes.has('alt') ? 'empty' : 'none')
  if (sentence !== null) kept.set('data-elsewhere', '').set('title', escapeHtml(sentence))
  const words = sentence === null ? asText(alt) : isRoomy(attributes) ? escapeHtml(sentence) : ''
  return `${writeTag(NOT_LOADED, kept)}${words}</${NOT_LOADED}>`
}

/** For a sentence; a sign as small as a letter has it as its title alone. */
function isRoomy(attributes: Attributes): boolean {
  const [width, height] = [pixelsOf(attributes.get('width')), pixelsOf(attributes.get('height'))]
  return (width === null || width >= ROOMY_PX) && (height === null || height >= LOW_PX)
}

/** In an attribute `<` needs no escaping; in text it does. */
function asText(value: string): string {
  return value.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The size that is declared, where CSS does not give another. */
function boxStyle(attributes: Attributes): string {
  const style = attributes.get('style') ?? ''
  const width = pixelsOf(attributes.get('width'))
  const height = pixelsOf(attributes.get('height'))
  const hasWidth = /(?:^|;)\s*width\s*:/i.test(style)
  const isFluid = /(?:^|;)\s*height\s*:\s*auto/i.test(style)
  const hasHeight = /(?:^|;)\s*height\s*:/i.test(style)
  const size = [
    width !== null && !hasWidth ? `width:${width}px` : '',
    // One that shrinks keeps its shape.
    width !== null && height !== null && isFluid ? `aspect-ratio:${width}/${height}` : '',
    height !== null && !isFluid && !hasHeight ? `height:${height}px` : '',
    height !== null && height < LOW_PX ? 'padding:0 4px' : '',
  ]
  return [style.replace(/;\s*$/, ''), ...size].filter((part) => part !== '').join(';')
}

function pixelsOf(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+(?:px)?\s*$/i.test(text) ? Number.parseInt(text, 10) : null
}
