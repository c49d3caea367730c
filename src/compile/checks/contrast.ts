/** A05 and A06: colours that can be read, by day, by night as the template has it, and where a program darkens by force. */

import type { Check, CheckInput, Found } from './check.js'
import { contrastOf, layOver, writeColor } from './color.js'
import { FORCED_DARK, forceDark, type Ink } from './dark.js'
import { type Look, looksOf } from './looks.js'
import { placeInTemplate } from './place.js'

/** WCAG 2.2, 1.4.3: text, and text that is large or large and bold. */
const MIN_CONTRAST = 4.5
const MIN_CONTRAST_LARGE = 3
const LARGE_PX = 24
const LARGE_BOLD_PX = 18.66
/** WCAG 2.2, technique G183: a link among text that only its colour tells apart. */
const MIN_LINK_CONTRAST = 3

const A05: Check = {
  id: 'A05',
  title: 'text stands out from its ground, in light and in dark',
  isWaivable: true,
  severities: ['error', 'warn'],
  run: (input) => {
    const light = looksOf(input.page, input.styles, 'light')
    const dark = looksOf(input.page, input.styles, 'dark')
    const sees = (
      severity: Found['severity'],
      by: string,
      looks: readonly Look[],
      change?: (ink: Ink) => Ink,
    ) => findFaint(input, looks, { severity, by, change: change ?? ((ink) => ink) })
    const byDay = sees('error', '', light.looks)
    const byNight = dark.hasDark ? sees('error', ' where readers prefer dark', dark.looks) : []
    // What is faint by day is told once.
    const readable = light.looks.filter((look) => !isFaint(look, (ink) => ink))
    const forced = FORCED_DARK.flatMap((kind) =>
      sees(
        'warn',
        ` where a mail program darkens ${kind === 'fully' ? 'all' : 'what is light'}`,
        readable,
        (ink) => forceDark(kind, ink),
      ),
    )
    return [...byDay, ...byNight, ...forced]
  },
}

interface Sight {
  readonly severity: Found['severity']
  readonly by: string
  readonly change: (ink: Ink) => Ink
}

/** Each pair of colours once, with the words where it is met first. */
function findFaint(
  input: CheckInput,
  looks: readonly Look[],
  { severity, by, change }: Sight,
): readonly Found[] {
  const faint = new Map<string, { readonly look: Look; readonly ink: Ink; readonly count: number }>()
  for (const look of looks) {
    const ink = inkOf(look)
    if (ink === null || !isFaint(look, change)) continue
    const key = `${writeColor(ink.text)} ${writeColor(ink.ground)}`
    const before = faint.get(key)
    // Words say more than the dot between them.
    const shown = before !== undefined && /\p{L}/u.test(before.look.text) ? before.look : look
    faint.set(key, { look: shown, ink, count: (before?.count ?? 0) + 1 })
  }
  return [...faint.values()].map(({ look, ink, count }) => {
    const seen = change(ink)
    const shown = `${writeColor(seen.text)} on ${writeColor(seen.ground)}`
    const contrast = contrastOf(seen.text, seen.ground).toFixed(2)
    const more = count > 1 ? ` and ${count - 1} more` : ''
    return {
      severity,
      message: `"${look.text.slice(0, 40)}"${more} is ${shown}${by}, a contrast of ${contrast}`,
      hint: `take colours with ${minimumFor(look)} or more`,
      // Colours are the template's, whoever wrote the words.
      ...placeInTemplate(input, [writeColor(ink.text), writeColor(ink.text).toUpperCase()]),
    }
  })
}

/** Null where there is nothing to read, or nobody can say in what colours. */
function inkOf({ text, isHidden, color, ground, fontSizePx }: Look): Ink | null {
  if (text === '' || isHidden || color === null || ground === null) return null
  if (fontSizePx !== null && fontSizePx <= 1) return null
  return { text: layOver(color, ground), ground }
}

function isFaint(look: Look, change: (ink: Ink) => Ink): boolean {
  const ink = inkOf(look)
  if (ink === null) return false
  const { text, ground } = change(ink)
  return contrastOf(text, ground) < minimumFor(look)
}

function minimumFor({ fontSizePx, isBold }: Look): number {
  const size = fontSizePx ?? 0
  return size >= LARGE_PX || (isBold && size >= LARGE_BOLD_PX) ? MIN_CONTRAST_LARGE : MIN_CONTRAST
}

const A06: Check = {
  id: 'A06',
  title: 'links among text are underlined, or stand out without colour',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const plain = looksOf(input.page, input.styles).looks.filter(isLinkByColourOnly)
    const [first] = plain
    if (first === undefined) return []
    return [
      {
        severity: 'warn',
        message: `the link "${first.text.slice(0, 40)}"${plain.length > 1 ? ` and ${plain.length - 1} more` : ''} can be told from the text by colour only`,
        hint: 'underline it',
        ...placeInTemplate(input, ['text-decoration: none', 'text-decoration:none', first.text]),
      },
    ]
  },
}

/** Among words of the same line of text; a button or a link on its own is told by its place. */
function isLinkByColourOnly({
  element,
  text,
  isHidden,
  isUnderlined,
  isBold,
  color,
  background,
  parent,
}: Look) {
  if (element.tag !== 'a' || element.attributes.href === undefined || text === '' || isHidden) return false
  if (isUnderlined || parent === null || parent.text === '' || isBold !== parent.isBold) return false
  if (background === null || background.alpha > 0) return false
  if (color === null || parent.color === null) return false
  return contrastOf(color, parent.color) < MIN_LINK_CONTRAST
}

export const CONTRAST_CHECKS: readonly Check[] = [A05, A06]
