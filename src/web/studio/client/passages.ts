/** What a person reads in a picture, passage by passage: each block with its own words, and pictures by their files. */

export interface Passage {
  readonly element: Element
  readonly words: string
  /** Together `words`; none of a picture. */
  readonly texts: readonly Text[]
}

const BLOCKS = 'p, li, h1, h2, h3, h4, h5, h6, td, th, dt, dd, div, blockquote, figcaption, pre'

/** In their order, what nobody sees left out. */
export function passagesOf(picture: Document): readonly Passage[] {
  const found = new Map<Element, Text[]>()
  const walker = picture.createTreeWalker(picture.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (isImage(node)) {
      if (node.width > 1) found.set(node, [])
    } else if (isText(node)) {
      const block = node.parentElement?.closest(BLOCKS) ?? null
      if (block === null || block.getClientRects().length === 0) continue
      const texts = found.get(block)
      if (texts === undefined) found.set(block, [node])
      else texts.push(node)
    }
  }
  return [...found]
    .map(([element, texts]) => ({ element, texts, words: wordsOf(element, texts) }))
    .filter(({ words }) => words.trim() !== '')
}

/** A frame has classes of its own, so `instanceof` says no. */
function isText(node: Node): node is Text {
  return node.nodeType === Node.TEXT_NODE
}

function isImage(node: Node): node is HTMLImageElement {
  return node.nodeName === 'IMG'
}

function wordsOf(element: Element, texts: readonly Text[]): string {
  if (isImage(element)) return `picture ${new URL(element.src, element.ownerDocument.URL).pathname}`
  return texts.map(({ data }) => data).join('')
}
