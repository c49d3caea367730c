/** M: pictures that every mail program shows, and that say what they show where they are not loaded. */

import type { Check, CheckInput, Found, MjmlNode, PageElement } from './check.js'
import { IMAGE_SOURCE_CHECKS } from './image-sources.js'
import { type Look, looksOf } from './looks.js'
import { placeInTemplate, placeOfElement } from './place.js'

const MAX_ALT = 150
/** The sheet of a mail; wider ones are cut off or shrunk at will. */
const MAX_WIDTH = 600
/** More of its own pixels than that for one shown, and readers wait for what no screen can show. */
const MAX_DENSITY = 3
/** SpamAssassin's HTML_IMAGE_ONLY begins where a mail says less. */
const MIN_TEXT = 200
/** CSS pixels: an icon or a line is no picture. */
const LARGE_AREA = 200 * 100
/** Tags of MJML that show a picture and get an empty `alt` when they give none. */
const MJML_IMAGES = new Set(['mj-image', 'mj-carousel-image'])

const M01: Check = {
  id: 'M01',
  title: 'every image has a text that stands for it',
  isWaivable: true,
  severities: ['error'],
  run: (input) => [
    ...findInTree(input.mjml),
    ...imagesOf(input).flatMap((image) => findMissingAlt(input, image)),
  ],
}

/** On the tree: MJML's HTML has `alt=""` wherever the template forgot it. */
function findInTree({ tag, attributes, where, line, children }: MjmlNode): readonly Found[] {
  if (tag === 'mj-head') return []
  const here: Found[] =
    MJML_IMAGES.has(tag) && attributes.alt === undefined
      ? [
          {
            severity: 'error',
            message: `<${tag}> of ${shorten(attributes.src ?? 'no src')} has no alt`,
            hint: 'write alt="what it shows", or alt="" where it only decorates',
            line,
            file: where,
          },
        ]
      : []
  return [...here, ...children.flatMap(findInTree)]
}

function findMissingAlt(input: CheckInput, image: PageElement): readonly Found[] {
  const { alt, src = '' } = image.attributes
  const isEditors = image.line !== null
  if (alt !== undefined && (alt.trim() !== '' || !isEditors)) return []
  return [
    {
      severity: 'error',
      message: `the image ${nameOf(input, src)} has no text that stands for it`,
      hint: isEditors
        ? 'write what it shows: ![A gate, seen from the quay](images/gate.png)'
        : 'give it an alt',
      ...placeOfElement(input, image, [src]),
    },
  ]
}

const M02: Check = {
  id: 'M02',
  title: 'the text that stands for an image says what it shows',
  isWaivable: true,
  severities: ['warn'],
  run: (input) =>
    imagesOf(input).flatMap((image) => {
      const { alt = '', src = '' } = image.attributes
      const fault = faultOfAlt(alt.trim(), image, captionOf(input, image))
      if (fault === null) return []
      return [{ severity: 'warn', ...fault, ...placeOfElement(input, image, [alt, src]) }]
    }),
}

function faultOfAlt(alt: string, { attributes }: PageElement, caption: string) {
  if (alt === '') return null
  const file = /([^/]*)$/.exec(attributes.src ?? '')?.[1] ?? ''
  if (
    /^\S+\.(png|jpe?g|gif|webp|svg|heic|tiff?|bmp|avif)$/i.test(alt) ||
    alt === file ||
    /^(img|dsc|image)[_-]?\d+$/i.test(alt)
  )
    return { message: `"${shorten(alt)}" is the name of a file`, hint: 'say what the image shows' }
  if (alt.length > MAX_ALT)
    return {
      message: `the text of the image has ${alt.length} characters; screen readers read it in one breath`,
      hint: `say it in ${MAX_ALT}, and the rest in the text`,
    }
  if (caption !== '' && sameWords(alt, caption))
    return {
      message: 'the text of the image repeats its caption',
      hint: 'say what can be seen, not what it is about',
    }
  return null
}

/** Of the figure that the image stands in. */
function captionOf({ page }: CheckInput, { node }: PageElement): string {
  for (let at = node.parentNode; at !== null && 'tagName' in at; at = at.parentNode) {
    if (at.tagName !== 'figure') continue
    const caption = at.childNodes.find((child) => 'tagName' in child && child.tagName === 'figcaption')
    return page.elements
      .filter((element) => element.node === caption)
      .map((element) => wordsOf(element.node))
      .join(' ')
  }
  return ''
}

function wordsOf(node: PageElement['node']): string {
  return node.childNodes
    .map((child) => ('value' in child ? child.value : 'tagName' in child ? wordsOf(child) : ''))
    .join('')
}

function sameWords(one: string, other: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  return plain(one) === plain(other)
}

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

const M07: Check = {
  id: 'M07',
  title: 'where a background image is not loaded, a colour stands for it',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const bare = looksOf(input.page, input.styles).looks.filter(
      ({ background, isHidden }) => !isHidden && background?.alpha === 0,
    )
    // MJML writes one twice.
    const urls = new Set(bare.map(backgroundUrl).filter((url) => url !== ''))
    return [...urls].map((url) => ({
      severity: 'warn',
      message: `the background image ${shorten(url)} has no colour beneath it`,
      hint: 'give it a background-color that its text can be read on',
      ...placeInTemplate(input, [url]),
    }))
  },
}

function backgroundUrl({ backgroundImage }: Look): string {
  return /url\(\s*["']?([^"')]+)/.exec(backgroundImage)?.[1] ?? ''
}

export const IMAGE_CHECKS: readonly Check[] = [M01, M02, ...IMAGE_SOURCE_CHECKS, M05, M06, M07]

/** All but the pixel that counts opens. */
function imagesOf({ page }: CheckInput): readonly PageElement[] {
  return page.elements.filter(
    ({ tag, attributes }) => tag === 'img' && !(attributes.width === '1' && attributes.height === '1'),
  )
}

/** Its own width in pixels; null for one that is not ours. */
function ownWidth(input: CheckInput, src: string): number | null {
  return sourceOf(input, src)?.[1].width ?? null
}

/** As the editor wrote it. */
function nameOf(input: CheckInput, src: string): string {
  return sourceOf(input, src)?.[0] ?? shorten(src)
}

function sourceOf({ images }: CheckInput, src: string) {
  return [...images].find(([, { sha256 }]) => src.includes(sha256))
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 28)} … ${text.slice(-28)}`
}
