/** The images of a page, and which file of the editor's each of them is. */

import type { CheckInput, PageElement } from './check.js'

/** All but the pixel that counts opens. */
export function imagesOf({ page }: CheckInput): readonly PageElement[] {
  return page.elements.filter(
    ({ tag, attributes }) => tag === 'img' && !(attributes.width === '1' && attributes.height === '1'),
  )
}

/** As the editor wrote it. */
export function nameOf(input: CheckInput, src: string): string {
  return sourceOf(input, src)?.[0] ?? shorten(src)
}

/** Its path and what was read there; undefined for one that is not ours. */
export function sourceOf({ images }: CheckInput, src: string) {
  return [...images].find(([, { sha256 }]) => src.includes(sha256))
}

export function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 28)} … ${text.slice(-28)}`
}
