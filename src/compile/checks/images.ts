/** M: pictures that every mail program shows, and that say what they show where they are not loaded. */

import type { Check, CheckInput, Found, MjmlNode, PageElement } from './check.js'
import { IMAGE_SIZE_CHECKS } from './image-sizes.js'
import { IMAGE_SOURCE_CHECKS } from './image-sources.js'
import { type Look, looksOf } from './looks.js'
import { imagesOf, nameOf, shorten } from './page-images.js'
import { placeInTemplate, placeOfElement } from './place.js'

const MAX_ALT = 150
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

export const IMAGE_CHECKS: readonly Check[] = [M01, M02, ...IMAGE_SOURCE_CHECKS, ...IMAGE_SIZE_CHECKS, M07]
