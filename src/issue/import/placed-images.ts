/**
 * Images on their way into an issue: a file that was copied stays an image; one from elsewhere becomes a link to it, so
 * that nothing is lost and no mail shows what is not there.
 */

import { isWebUrl } from '../links.js'
import { type Block, type ImageRun, type Note, PLAIN, type Run, runsOf, type TextRun } from './flow.js'
import { quoted } from './flow-context.js'

/** What became of an image: a path such as `images/quay.jpg`, or why it could not be taken. */
export type PlacedImage =
  | { readonly kind: 'copied'; readonly path: string }
  /** Not beside the post, but on its site. */
  | { readonly kind: 'elsewhere'; readonly url: string }
  | { readonly kind: 'refused'; readonly reason: string }

/** By the source as it stands in the blocks. */
export type PlacedImages = ReadonlyMap<string, PlacedImage>

/** Sources of all images that are no URLs, once each: paths below the source's folder, and `data:` URLs. */
export function localImages(blocks: readonly Block[]): readonly string[] {
  const sources = [...runsOf(blocks)].flatMap((run) => (run.kind === 'image' ? [run.source] : []))
  return [...new Set(sources)].filter((source) => !isWebUrl(source))
}

/** URLs of all images that an editor would have to download, once each. */
export function remoteImages(blocks: readonly Block[], images: PlacedImages): readonly string[] {
  const urls = [...runsOf(blocks)].flatMap((run) => {
    if (run.kind !== 'image') return []
    const placed = images.get(run.source)
    return placed?.kind === 'elsewhere' ? [placed.url] : isWebUrl(run.source) ? [run.source] : []
  })
  return [...new Set(urls)]
}

/** The blocks with every image as an issue may hold it. */
export function placeImages(
  blocks: readonly Block[],
  { images, note }: { readonly images: PlacedImages; readonly note: (note: Note) => void },
): readonly Block[] {
  const placeRuns = (runs: readonly Run[]) =>
    runs.flatMap((run) => (run.kind === 'image' ? placeImage(run, images, note) : [run]))
  const placeAll = (within: readonly Block[]): readonly Block[] =>
    within.map((block): Block => {
      switch (block.kind) {
        case 'paragraph':
        case 'heading':
        case 'button':
          return { ...block, runs: placeRuns(block.runs) }
        case 'list':
          return { ...block, items: block.items.map(placeAll) }
        case 'quote':
        case 'note':
          return { ...block, blocks: placeAll(block.blocks) }
        case 'table':
          return { ...block, rows: block.rows.map((row) => row.map(placeRuns)) }
        default:
          return block
      }
    })
  return placeAll(blocks.flatMap((block) => (block.kind === 'figure' ? placeFigure(block, images) : [block])))
}

/** A figure whose image is elsewhere is two paragraphs. */
function placeFigure(block: Extract<Block, { kind: 'figure' }>, images: PlacedImages): readonly Block[] {
  const [image] = block.image
  const placed = images.get(image.source)
  if (placed?.kind === 'copied' && image.link === null)
    return [{ ...block, image: [{ ...image, source: placed.path }] }]
  const { line } = image
  const caption: readonly Block[] =
    block.caption.length > 0 ? [{ kind: 'paragraph', runs: block.caption, line }] : []
  return [{ kind: 'paragraph', runs: [image], line }, ...caption]
}

function placeImage(image: ImageRun, images: PlacedImages, note: (note: Note) => void): readonly Run[] {
  const placed = images.get(image.source)
  if (placed?.kind === 'copied') return [{ ...image, source: placed.path }]
  if (isWebUrl(image.source)) return linkTo(image, image.source)
  if (placed?.kind === 'elsewhere') return linkTo(image, placed.url)
  const { line } = image
  const name = image.source.startsWith('data:')
    ? 'an image within the page'
    : `the image ${quoted(image.source)}`
  note({ line, message: `${name} ${placed?.reason ?? 'was not found'}; its words stand in its place` })
  return image.link === null ? [words(image, null)] : [words(image, image.link)]
}

/** A link to the image, and behind it where the image itself led, when that is elsewhere. */
function linkTo(image: ImageRun, url: string): readonly Run[] {
  const isElsewhere = image.link !== null && fileOf(image.link) !== fileOf(url)
  const shown = words(image, url)
  if (!isElsewhere) return [shown]
  const plain = (text: string, link: string | null): TextRun => ({ kind: 'text', text, marks: PLAIN, link })
  return [shown, plain(' (', null), plain('its link', image.link), plain(')', null)]
}

function words({ alt, source }: ImageRun, link: string | null): TextRun {
  const name = source.startsWith('data:') ? '' : fileOf(source)
  return { kind: 'text', text: `Image: ${alt || name || 'without words'}`, marks: PLAIN, link }
}

/** The last part of a path or URL, however often it is wrapped: image servers take one URL within another. */
function fileOf(source: string): string {
  const path = source.replace(/[?#].*$/s, '').replace(/%2F/gi, '/')
  return path.split('/').findLast((part) => part !== '') ?? ''
}
