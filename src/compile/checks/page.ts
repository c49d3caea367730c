/** A copy's HTML, parsed once for every check: elements with their lines in the issue, and style sheets as trees. */

import { parse as parseCss } from 'css-tree'
import { type DefaultTreeAdapterTypes, type ParserError, parse as parseHtml } from 'parse5'
import { firstIssueLine, issueLineAt, type LinedText } from '../issue-lines.js'
import type { Page, PageElement, StyleBlock } from './check.js'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

export function parsePage(lined: LinedText): Page {
  const parseErrors: { code: string; line: number | null }[] = []
  const onParseError = ({ code, startOffset }: ParserError) =>
    parseErrors.push({ code, line: issueLineAt(lined, startOffset) })
  const document = parseHtml(lined.text, { sourceCodeLocationInfo: true, onParseError })
  return {
    html: lined.text,
    document,
    elements: listElements(document, lined),
    lineAt: (offset) => issueLineAt(lined, offset),
    parseErrors,
  }
}

/** In document order. */
function listElements(document: Node, lined: LinedText): readonly PageElement[] {
  const elements: PageElement[] = []
  const visit = (node: Node) => {
    if ('tagName' in node) elements.push(describeElement(node, lined))
    // What stands in a <template> is not shown; nothing of ours holds one.
    if ('childNodes' in node) for (const child of node.childNodes) visit(child)
  }
  visit(document)
  return elements
}

function describeElement(node: Element, lined: LinedText): PageElement {
  return {
    node,
    tag: node.tagName,
    attributes: Object.fromEntries(node.attrs.map(({ name, value }) => [name, value])),
    line: lineOf(node, lined),
  }
}

/** The issue's own elements stand on a line; one of the template that holds the issue's words is on theirs. */
function lineOf({ sourceCodeLocation, childNodes }: Element, lined: LinedText): number | null {
  if (!sourceCodeLocation) return null
  const own = issueLineAt(lined, sourceCodeLocation.startOffset)
  if (own !== null) return own
  for (const child of childNodes) {
    if (!('value' in child) || child.value.trim() === '' || !child.sourceCodeLocation) continue
    const { startOffset, endOffset } = child.sourceCodeLocation
    const line = issueLineAt(lined, startOffset) ?? firstIssueLine(lined, startOffset, endOffset)
    if (line !== null) return line
  }
  return null
}

/** Every <style> that a mail program reads, in order; those in comments for Outlook are none. */
export function parseStyles({ elements }: Page): readonly StyleBlock[] {
  return elements.filter(({ tag }) => tag === 'style').map(({ node }) => parseStyle(textOf(node)))
}

function textOf({ childNodes }: Element): string {
  return childNodes.map((child) => ('value' in child ? child.value : '')).join('')
}

function parseStyle(css: string): StyleBlock {
  const errors: string[] = []
  const tree = parseCss(css, { positions: true, onParseError: ({ message }) => errors.push(message) })
  return { css, tree, errors }
}
