/**
 * The part `brand:` of newsletter.yaml: colours, logo, fonts and footer, which templates take from here. A colour that
 * could not be read on paper is refused, with the nearest shade that can.
 */

import { z } from 'zod'
import { contrastOf, MIN_CONTRAST, readableShade } from './contrast.js'
import { line, lines, optional } from './fields.js'
import { FONTS_FORM, readFonts, SERIF } from './fonts.js'
import { describeBadFooter } from './footer.js'
import { describeBadImage, isWebUrl } from './links.js'
import type { Brand } from './publication.js'

const DEFAULT_ACCENT = '#9b2226'
const DEFAULT_ACCENT_DARK = '#e5737a'
/** What templates print on, by day and by night. */
const PAPER = '#ffffff'
const PAPER_DARK = '#161616'
/** Contrast of an accent for dark ground that is made of the other one: as light as the default's. */
const DERIVED_CONTRAST = 6
/** CSS pixels between the gutters of a mail's sheet. */
const MAX_LOGO_WIDTH = 560
const MAX_FOOTER_LINES = 10

/** The brand of a publication that says nothing about it. */
export const PLAIN_BRAND: Brand = {
  accent: DEFAULT_ACCENT,
  accentDark: DEFAULT_ACCENT_DARK,
  logo: null,
  fontHeading: SERIF,
  fontText: SERIF,
  footer: [],
}

function accent(key: string, { example, ground }: { example: string; ground: string }) {
  return line(key, `"${example}"`)
    .refine((text) => /^#[0-9a-f]{6}$/i.test(text), {
      error: `"${key}" wants a colour of six hexadecimal digits in quotes, as in ${key}: "${example}"`,
      abort: true,
    })
    .transform((text, context) => {
      const color = text.toLowerCase()
      const contrast = contrastOf(color, ground)
      if (contrast < MIN_CONTRAST) {
        const right = `${MIN_CONTRAST} is the least that can be read, as "${readableShade(color, ground)}" has`
        const message = `"${key}": ${color} has a contrast of ${contrast.toFixed(1)} on ${ground}; ${right}`
        context.addIssue({ code: 'custom', message })
      }
      return color
    })
}

function fonts(key: string) {
  return optional(
    line(key, 'serif').transform((text, context) => {
      const list = readFonts(text)
      if (list !== null) return list
      const message = `"${key}" wants ${FONTS_FORM}, as in ${key}: Charter, Georgia, serif`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }),
  )
}

function picture(key: string) {
  return optional(
    line(key, 'images/logo.png').refine((file) => !isWebUrl(file) && describeBadImage(file) === null, {
      error: `"${key}" wants a file below issues/, as in ${key}: images/logo.png`,
    }),
  )
}

const fields = z.strictObject(
  {
    // Not optional(): `accent: #9b2226` without quotes is a comment to YAML, and must not pass as "no accent".
    accent: accent('accent', { example: DEFAULT_ACCENT, ground: PAPER }).optional(),
    'accent-dark': accent('accent-dark', { example: DEFAULT_ACCENT_DARK, ground: PAPER_DARK }).optional(),
    logo: picture('logo'),
    'logo-dark': picture('logo-dark'),
    'logo-width': optional(
      line('logo-width', '160').transform((text, context) => {
        const width = /^\d{1,3}$/.test(text) ? Number(text) : 0
        if (width >= 16 && width <= MAX_LOGO_WIDTH) return width
        const message = `"logo-width" wants pixels from 16 to ${MAX_LOGO_WIDTH}, as in logo-width: 160`
        context.addIssue({ code: 'custom', message })
        return z.NEVER
      }),
    ),
    'logo-is-name': optional(
      line('logo-is-name', 'yes')
        .refine((text) => text === 'yes' || text === 'no', {
          error: '"logo-is-name" wants yes or no: whether the logo shows the publication’s name',
        })
        .transform((text) => text === 'yes'),
    ),
    'font-heading': fonts('font-heading'),
    'font-text': fonts('font-text'),
    footer: lines('footer', {
      most: MAX_FOOTER_LINES,
      example: 'Published by [Harbour Trust](https://example.com)',
      describeBad: describeBadFooter,
    }),
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? '"brand" wants keys below it, such as accent and logo' : undefined,
  },
)

export const BRAND_KEYS: readonly string[] = Object.keys(fields.shape)

export const brandSchema = fields.transform((given, context): Brand => {
  if (given.logo === null) {
    for (const key of ['logo-dark', 'logo-width', 'logo-is-name'] as const) {
      const message = `"${key}" is about a "logo"; write that too, as in logo: images/logo.png`
      if (given[key] !== null) context.addIssue({ code: 'custom', message, path: [key] })
    }
  }
  return {
    accent: given.accent ?? PLAIN_BRAND.accent,
    accentDark: given['accent-dark'] ?? partnerOf(given.accent),
    logo:
      given.logo === null
        ? null
        : {
            file: given.logo,
            darkFile: given['logo-dark'],
            width: given['logo-width'],
            isName: given['logo-is-name'] ?? false,
          },
    fontHeading: given['font-heading'] ?? PLAIN_BRAND.fontHeading,
    fontText: given['font-text'] ?? PLAIN_BRAND.fontText,
    footer: given.footer,
  }
})

/** The accent for dark ground where only the other one is given: a lighter shade of it. */
function partnerOf(given: string | undefined): string {
  if (given === undefined || given === DEFAULT_ACCENT) return DEFAULT_ACCENT_DARK
  return readableShade(given, PAPER_DARK, DERIVED_CONTRAST)
}
