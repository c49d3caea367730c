/**
 * A mail's HTML as a frame may show it. The frame runs nothing and its policy loads nothing from elsewhere; what a policy
 * does not govern is taken out here: hints to connect or to look up names, refreshes, and whatever else is no mark-up of words.
 * Pictures are those of the message, of a Send or of the issues; in the place of others stands where they lie.
 */

import { escapeHtml } from '../../../compile/escape.js'
import { attributeOf, elementsOf, type MailElement } from './mail-tree.js'
import { readOurUrl } from './our-url.js'

/** Gone with all that they hold. */
const WHOLE: ReadonlySet<string> = new Set([
  'script',
  'iframe',
  'object',
  'embed',
  'applet',
  'frame',
  'portal',
])
/** Their own tag goes; they hold nothing. */
const TAGS: ReadonlySet<string> = new Set(['link', 'base'])

export interface FramePictures {
  /** Where a part is served, by its Content-ID; null when the message has none of that. */
  readonly ofPart: (contentId: string) => string | null
  /** Where a picture of ours is served, by `SHA256.EXT`; null when nobody here has it. */
  readonly ofOurs: (file: string) => string | null
}

interface Edit {
  readonly from: number
  readonly to: number
  readonly with: string
}

export function framedHtml(html: string, pictures: FramePictures): string {
  const edits = elementsOf(html).flatMap((element) => editOf(element, { pictures, length: html.length }))
  edits.sort((one, other) => one.from - other.from || other.to - one.to)
  let text = ''
  let at = 0
  // An element that misplaced mark-up makes twice stands in the text once; what lies in one that is gone is gone with it.
  for (const edit of edits) {
    if (edit.from < at) continue
    text += html.slice(at, edit.from) + edit.with
    at = edit.to
  }
  return text + html.slice(at)
}

function editOf(
  element: MailElement,
  { pictures, length }: { readonly pictures: FramePictures; readonly length: number },
): readonly Edit[] {
  const place = element.sourceCodeLocation
  if (!place) return []
  const { tagName } = element
  const tag = place.startTag ?? place
  if (WHOLE.has(tagName)) {
    // What is raw text and has no end holds all that follows; parse5 has no place for that.
    const isOpen = place.endOffset < tag.endOffset
    return [{ from: place.startOffset, to: isOpen ? length : place.endOffset, with: '' }]
  }
  const isOrder = tagName === 'meta' && attributeOf(element, 'http-equiv') !== null
  if (TAGS.has(tagName) || isOrder) return [{ from: tag.startOffset, to: tag.endOffset, with: '' }]
  if (tagName !== 'img') return []
  return [{ from: tag.startOffset, to: tag.endOffset, with: imageOf(element, pictures) }]
}

function imageOf(element: MailElement, { ofPart, ofOurs }: FramePictures): string {
  const source = (attributeOf(element, 'src') ?? '').trim()
  const ours = readOurUrl(source)
  if (ours?.kind === 'pixel') return ''
  if (ours?.kind === 'image') {
    const at = ofOurs(ours.file)
    return at === null ? boxFor(element, `not loaded here: picture at ${hostOf(source)}`) : image(element, at)
  }
  if (/^cid:/i.test(source)) {
    const at = ofPart(decode(source.slice('cid:'.length)))
    return at === null ? boxFor(element, 'the message has no such picture') : image(element, at)
  }
  if (/^data:/i.test(source))
    return boxFor(element, 'a picture within its own address, which many mail programs leave out')
  const host = hostOf(source)
  return boxFor(
    element,
    host === '' ? 'a picture without a whole address' : `not loaded here: picture at ${host}`,
  )
}

function image(element: MailElement, source: string): string {
  const attributes = element.attrs
    .filter(({ name }) => /^[a-z][a-z0-9-]*$/.test(name) && !/^(?:on|src$|srcset$|loading$|ping$)/.test(name))
    .map(({ name, value }) => ` ${name}="${escapeHtml(value)}"`)
  return `<img src="${escapeHtml(source)}"${attributes.join('')}>`
}

/** As large as the picture says that it is; one of a pixel or two is no picture, but a sign of life to someone. */
function boxFor(element: MailElement, sentence: string): string {
  const [width, height] = [sizeOf(element, 'width'), sizeOf(element, 'height')]
  if ((width !== null && width <= 2) || (height !== null && height <= 2)) return ''
  const size = width === null ? '' : `width:${width}px;`
  const alt = attributeOf(element, 'alt')?.trim() ?? ''
  const words = alt === '' ? sentence : `${alt} (${sentence})`
  return `<span style="display:inline-block;box-sizing:border-box;${size}max-width:100%;padding:8px;border:1px solid #8a8a8a;font:13px/1.4 sans-serif;color:inherit;overflow-wrap:anywhere">${escapeHtml(words)}</span>`
}

function sizeOf(element: MailElement, name: string): number | null {
  const given = /^\s*(\d{1,4})(?:px)?\s*$/.exec(attributeOf(element, name) ?? '')?.[1]
  return given === undefined ? null : Number(given)
}

function hostOf(url: string): string {
  return /^(?:https?:)?\/\//i.test(url) && URL.canParse(url, 'http://x') ? new URL(url, 'http://x').host : ''
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
