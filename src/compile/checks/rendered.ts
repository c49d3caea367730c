/** Elements of a parsed mail as readers meet them: their words, and whether they are to be seen. */

import type { DefaultTreeAdapterTypes } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

const HIDDEN =
  /(?:^|;)\s*(?:display:\s*none|visibility:\s*hidden|max-height:\s*0|opacity:\s*0(?:\.0+)?\s*(?:;|$))/i
const FONT_SIZE = /(?:^|;)\s*font-size:\s*([\d.]+)/i

/** The words in it, with the alternative texts of images, white space collapsed. */
export function innerText(element: Element): { readonly text: string; readonly holdsImage: boolean } {
  let text = ''
  let holdsImage = false
  const visit = (node: Node) => {
    if ('value' in node) text += node.value
    if ('tagName' in node && node.tagName === 'img') {
      holdsImage = true
      text += ` ${attributeOf(node, 'alt')} `
    }
    if ('childNodes' in node) node.childNodes.forEach(visit)
  }
  visit(element)
  const name = text.replace(/\s+/g, ' ').trim() || attributeOf(element, 'aria-label').trim()
  return { text: name, holdsImage }
}

/** Whether no style of its own or of what it stands in hides it. The nearest font size holds. */
export function isShown(element: Element): boolean {
  const styles = [element, ...ancestorsOf(element)].map((one) => attributeOf(one, 'style'))
  const sizes = styles.flatMap((style) => FONT_SIZE.exec(style)?.[1] ?? [])
  return !styles.some((style) => HIDDEN.test(style)) && Number(sizes[0] ?? 1) > 0
}

function ancestorsOf({ parentNode }: Element): readonly Element[] {
  return parentNode !== null && 'tagName' in parentNode ? [parentNode, ...ancestorsOf(parentNode)] : []
}

function attributeOf({ attrs }: Element, name: string): string {
  return attrs.find((attribute) => attribute.name === name)?.value ?? ''
}
