/** HTML as a tree, whatever it looks like; what is nested without end is refused, so that it can be walked. */

import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5'
import { InputError } from '../../errors.js'

export type Element = DefaultTreeAdapterTypes.Element
export type Node = DefaultTreeAdapterTypes.ChildNode

/** Tables within tables within tables make some 100; nobody wrote what lies deeper. */
const MAX_DEPTH = 1000

/** The `<html>` element of a document or a fragment. Throws InputError when it nests too deeply. */
export function parseHtml(source: string, where: string): Element {
  let depth = 0
  const document = parse(source, {
    sourceCodeLocationInfo: true,
    treeAdapter: {
      ...defaultTreeAdapter,
      onItemPush(element) {
        depth++
        if (depth > MAX_DEPTH) throw tooDeep(element, where)
      },
      onItemPop() {
        depth--
      },
    },
  })
  const root = document.childNodes.find(isElement)
  // The parser makes an `<html>` of anything, also of nothing.
  if (root === undefined) throw new Error('an HTML document without a root')
  return root
}

/** Where the words of a document stand. */
export function bodyOf(root: Element): Element {
  return root.childNodes.filter(isElement).find(({ tagName }) => tagName === 'body') ?? root
}

function tooDeep(element: Element, where: string): InputError {
  const message = `tags are nested more than ${MAX_DEPTH} deep here; close them, or save the page again`
  return new InputError([{ where, line: element.sourceCodeLocation?.startLine ?? null, message }])
}

export function isElement(node: Node): node is Element {
  return 'tagName' in node
}

export function isText(node: Node): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === '#text'
}

export function isComment(node: Node): node is DefaultTreeAdapterTypes.CommentNode {
  return node.nodeName === '#comment'
}

/** '' when the element does not have it. */
export function attributeOf(element: Element, name: string): string {
  return element.attrs.find((attribute) => attribute.name === name)?.value ?? ''
}

export function hasAttribute(element: Element, name: string): boolean {
  return element.attrs.some((attribute) => attribute.name === name)
}

export function hasClass(element: Element, name: string): boolean {
  return attributeOf(element, 'class').split(/\s+/).includes(name)
}

/** Every element below `root` in document order, without recursion. */
export function* elementsOf(root: Element): Generator<Element> {
  for (const node of nodesOf(root, () => true)) if (isElement(node)) yield node
}

/** All text below, white space as one blank each; what no reader sees is left out. */
export function textOf(root: Element): string {
  const texts: string[] = []
  for (const node of nodesOf(root, ({ tagName }) => !SILENT.has(tagName))) {
    if (isText(node)) texts.push(node.value)
    else if (isElement(node) && !WITHIN_WORDS.test(node.tagName)) texts.push(' ')
  }
  return texts.join('').replace(/\s+/g, ' ').trim()
}

/** Elements that may begin in the middle of a word. */
const WITHIN_WORDS = /^(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|u|wbr)$/

/** Every node below `root` in document order; not what lies in elements that `isEntered` refuses. */
function* nodesOf(root: Element, isEntered: (element: Element) => boolean): Generator<Node> {
  const open: { readonly nodes: readonly Node[]; at: number }[] = [{ nodes: root.childNodes, at: 0 }]
  for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
    const node = last.nodes[last.at++]
    if (node === undefined) {
      open.pop()
      continue
    }
    yield node
    if (isElement(node) && isEntered(node)) open.push({ nodes: node.childNodes, at: 0 })
  }
}

const SILENT: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript'])

/** 1-based line of the tag in the source; null when it was not written. */
export function lineOf(node: Node): number | null {
  return node.sourceCodeLocation?.startLine ?? null
}
