/**
 * CSS colours as numbers: reading them, laying one over another, contrast as WCAG 2.2 counts it, and lightness as
 * people see it (CIE L*a*b*). What is not a plain colour (`var()`, `currentcolor`, oklch) reads as null: nobody can say.
 */

import { parse } from 'css-tree'
import { NAMED_COLORS } from './color-names.js'

/** sRGB, each 0 to 255; alpha 0 to 1. */
export interface Color {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly alpha: number
}

export interface Lab {
  /** 0 is black, 100 white. */
  readonly lightness: number
  readonly a: number
  readonly b: number
}

export const WHITE: Color = { red: 255, green: 255, blue: 255, alpha: 1 }
export const BLACK: Color = { red: 0, green: 0, blue: 0, alpha: 1 }
const CLEAR: Color = { red: 0, green: 0, blue: 0, alpha: 0 }
/** The white that monitors and browsers assume, D65. */
const WHITE_POINT = { x: 0.95047, y: 1, z: 1.08883 }

/** A colour as CSS writes it, or null. */
export function readColor(text: string): Color | null {
  const written = text.trim().toLowerCase()
  if (written === 'transparent') return CLEAR
  if (written.startsWith('#')) return readHex(written.slice(1))
  const named = NAMED_COLORS.get(written)
  if (named !== undefined) return readHex(named)
  return /^(rgb|hsl)a?\(/.test(written) ? readFunction(written) : null
}

/** `#9b2226`, for messages. */
export function writeColor({ red, green, blue }: Color): string {
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

/** What is seen where `color` lies on a ground that lets nothing through. */
export function layOver(color: Color, ground: Color): Color {
  const mix = (above: number, below: number) => above * color.alpha + below * (1 - color.alpha)
  return {
    red: mix(color.red, ground.red),
    green: mix(color.green, ground.green),
    blue: mix(color.blue, ground.blue),
    alpha: 1,
  }
}

/** 1 to 21; WCAG 2.2, "contrast ratio". */
export function contrastOf(one: Color, other: Color): number {
  const [lighter, darker] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a)
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05)
}

export function toLab(color: Color): Lab {
  const [red, green, blue] = [toLinear(color.red), toLinear(color.green), toLinear(color.blue)]
  const x = root((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / WHITE_POINT.x)
  const y = root((0.2126729 * red + 0.7151522 * green + 0.072175 * blue) / WHITE_POINT.y)
  const z = root((0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / WHITE_POINT.z)
  return { lightness: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z) }
}

/** What sRGB cannot show is cut to what it can. */
export function fromLab({ lightness, a, b }: Lab, alpha: number): Color {
  const y = (lightness + 16) / 116
  const x = cube(y + a / 500) * WHITE_POINT.x
  const z = cube(y - b / 200) * WHITE_POINT.z
  const yy = cube(y)
  return {
    red: fromLinear(3.2404542 * x - 1.5371385 * yy - 0.4985314 * z),
    green: fromLinear(-0.969266 * x + 1.8760108 * yy + 0.041556 * z),
    blue: fromLinear(0.0556434 * x - 0.2040259 * yy + 1.0572252 * z),
    alpha,
  }
}

function readHex(digits: string): Color | null {
  if (!/^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(digits)) return null
  const long = digits.length > 4 ? digits : digits.replace(/./g, '$&$&')
  const [red = 0, green = 0, blue = 0, alpha = 255] = (long.match(/../g) ?? []).map((pair) =>
    Number.parseInt(pair, 16),
  )
  return { red, green, blue, alpha: alpha / 255 }
}

/** `rgb(1, 2, 3)`, `rgb(1 2 3 / 50%)`, `hsl(120deg 50% 50%)`. */
function readFunction(written: string): Color | null {
  const call = parse(written, { context: 'value' })
  const node = call.type === 'Value' ? call.children.first : null
  if (node?.type !== 'Function') return null
  const parts: number[] = []
  for (const part of node.children) {
    if (part.type === 'Operator') continue
    if (part.type === 'Number') parts.push(Number(part.value))
    // A share of 255 in rgb's first three; of one everywhere else.
    else if (part.type === 'Percentage')
      parts.push((Number(part.value) / 100) * (node.name.startsWith('rgb') && parts.length < 3 ? 255 : 1))
    else if (part.type === 'Dimension' && part.unit === 'deg') parts.push(Number(part.value))
    else return null
  }
  const [first, second, third, alpha = 1] = parts
  if (first === undefined || second === undefined || third === undefined || parts.length > 4) return null
  if (node.name.startsWith('rgb')) return { red: first, green: second, blue: third, alpha }
  return fromHsl(first, second, third, alpha)
}

/** CSS Color 4, "HSL to RGB". */
function fromHsl(hue: number, saturation: number, lightness: number, alpha: number): Color {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const part = (offset: number) => {
    const at = (((offset + hue / 30) % 12) + 12) % 12
    return 255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1)))
  }
  return { red: part(0), green: part(8), blue: part(4), alpha }
}

function luminanceOf(color: Color): number {
  return 0.2126 * toLinear(color.red) + 0.7152 * toLinear(color.green) + 0.0722 * toLinear(color.blue)
}

function toLinear(part: number): number {
  const share = part / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

function fromLinear(part: number): number {
  const share = part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055
  return Math.max(0, Math.min(255, share * 255))
}

function root(share: number): number {
  return share > 216 / 24389 ? Math.cbrt(share) : ((24389 / 27) * share + 16) / 116
}

function cube(share: number): number {
  return share ** 3 > 216 / 24389 ? share ** 3 : (116 * share - 16) / (24389 / 27)
}
