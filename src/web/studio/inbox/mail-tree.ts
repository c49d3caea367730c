/**
 * A mail's HTML as the elements that a browser without scripts would make of it, with their places in the text. What
 * stands in <noscript> and in <template> counts: such a browser shows the one, and may show the other.
 */

import { type DefaultTreeAdapterTypes, parse } from 'parse5'

export type MailElement = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

/** In document order. Without recursion: a mail may nest its elements as deep as it likes. */
export function elementsOf(html: string): readonly MailElement[] {
  const elements: MailElement[] = []
  const left: Node[] = [parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false })]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if ('tagName' in node) elements.push(node)
    const children = 'content' in node ? [...node.childNodes, node.content] : childrenOf(node)
    for (let at = children.length - 1; at >= 0; at -= 1) left.push(children[at] as Node)
  }
  return elements
}

export function attributeOf({ attrs }: MailElement, name: string): string | null {
  return attrs.find((one) => one.name === name)?.value ?? null
}

/** Without recursion, and no longer than a sentence. */
export function wordsOf(element: MailElement, maxLength: number): string {
  let words = ''
  const left: Node[] = [element]
  for (let node = left.pop(); node !== undefined && words.length < 4 * maxLength; node = left.pop()) {
    if ('value' in node) words += node.value
    else if ('tagName' in node && node.tagName === 'img') words += ` ${attributeOf(node, 'alt') ?? ''} `
    const children = childrenOf(node)
    for (let at = children.length - 1; at >= 0; at -= 1) left.push(children[at] as Node)
  }
  return words.replace(/\s+/g, ' ').trim().slice(0, maxLength)
}

function childrenOf(node: Node): readonly Node[] {
  return 'childNodes' in node ? node.childNodes : []
}
