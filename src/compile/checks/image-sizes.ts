/** M05 and M06: as large as a mail is, with as many pixels as are shown, and with words beside them. */

import type { Check, CheckInput, PageElement } from './check.js'
import { looksOf } from './looks.js'
import { imagesOf, nameOf, sourceOf } from './page-images.js'
import { placeOfElement } from './place.js'

/** The sheet of a mail; wider ones are cut off or shrunk at will. */
const MAX_WIDTH = 600
/** More of its own pixels than that for one shown, and readers wait for what no screen can show. */
const MAX_DENSITY = 3
/** SpamAssassin's HTML_IMAGE_ONLY begins where a mail says less. */
const MIN_TEXT = 200
/** CSS pixels: an icon or a line is no picture. */
const LARGE_AREA = 200 * 100

const M05: Check = {
  id: 'M05',
  title: 'images have a width, and as many pixels as screens show',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const images = imagesOf(input)
    // One file may be shown in several sizes, and is fetched once.
    const widest = new Map<string, number>()
    for (const { src = '', width = '' } of images.map(({ attributes }) => attributes))
      widest.set(src, Math.max(widest.get(src) ?? 0, Number.parseFloat(width) || 0))
    return images.flatMap((image) => {
      const { src = '', width } = image.attributes
      const fault =
        faultOfWidth(width) ??
        faultOfPixels(Number.parseFloat(width ?? ''), ownWidth(input, src), widest.get(src))
      if (fault === null) return []
      const [message, hint] = fault
      return [
        {
          severity: 'warn',
          message: `the image ${nameOf(input, src)} ${message}`,
          hint,
          ...placeOfElement(input, image, [src]),
        },
      ]
    })
  },
}

type Fault = readonly [message: string, hint: string]

function faultOfWidth(width: string | undefined): Fault | null {
  if (width === undefined)
    return ['has no width; Outlook shows it at its full size', 'give it width="…" in pixels']
  if (width.trim().endsWith('%') || Number.parseFloat(width) <= MAX_WIDTH) return null
  return [`is shown ${width} pixels wide`, `at most ${MAX_WIDTH} fit into a mail`]
}

/** `own` is null for a picture that is not ours, `widest` what it is shown at where it is largest. */
function faultOfPixels(shown: number, own: number | null, widest = shown): Fault | null {
  if (own === null || !(shown > 1)) return null
  if (own < shown)
    return [`has ${own} pixels for ${shown}, and will look coarse`, `take one of ${2 * shown} pixels`]
  if (shown === widest && own > MAX_DENSITY * shown)
    return [
      `has ${own} pixels for ${shown}; no screen shows so many`,
      `${2 * shown} are enough, and load sooner`,
    ]
  return null
}

/** Its own width in pixels; null for one that is not ours. */
function ownWidth(input: CheckInput, src: string): number | null {
  return sourceOf(input, src)?.[1].width ?? null
}

const M06: Check = {
  id: 'M06',
  title: 'beside large images there is text',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const { looks } = looksOf(input.page, input.styles)
    const large = imagesOf(input).filter(({ attributes }) => areaOf(input, attributes) >= LARGE_AREA)
    const characters = looks
      .filter(({ element, isHidden }) => element.line !== null && !isHidden)
      .reduce((sum, { text }) => sum + text.length, 0)
    const [first] = large
    if (first === undefined || characters >= MIN_TEXT) return []
    return [
      {
        severity: 'warn',
        message: `the issue is ${large.length === 1 ? 'an image' : `${large.length} images`} and ${characters} characters of text; filters take it for spam`,
        hint: `say it in words too, in ${MIN_TEXT} characters or more`,
        line: first.line,
      },
    ]
  },
}

/** In CSS pixels; the height of one that is not ours may be `auto`: pictures are about half as high as wide. */
function areaOf(
  input: CheckInput,
  { src = '', width = '0', height = '' }: PageElement['attributes'],
): number {
  const shown = Number.parseFloat(width)
  const own = sourceOf(input, src)?.[1]
  const ratio = own === undefined ? Number.parseFloat(height) / shown : own.height / own.width
  return shown * shown * (Number.isFinite(ratio) ? ratio : 0.5)
}

export const IMAGE_SIZE_CHECKS: readonly Check[] = [M05, M06]
