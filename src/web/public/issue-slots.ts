/**
 * What we add to the web page that a Send has pinned: links in its head, a line above it, words before and after the
 * article. The page's own bytes stay as they are; only what its head says of itself for other sites gives way to ours.
 */

import type { DefaultTreeAdapterTypes } from 'parse5'
import { attributeOf } from '../../issue/import/html-tree.js'
import type { Html } from '../page.js'

type Element = DefaultTreeAdapterTypes.Element

export interface IssueSlots {
  /** At the end of `<head>`. */
  readonly head: Html | null
  /** First in `<body>`, but for a link that skips to the article. */
  readonly top: Html | null
  /** Before and after all else in `<main>`. */
  readonly before: Html | null
  readonly after: Html | null
}

/** A page in pieces, with its places between them. */
export interface CutPage {
  readonly toHead: string
  readonly toTop: string
  readonly toBefore: string
  readonly toAfter: string
  readonly rest: string
}

export function fillSlots(page: CutPage, { head, top, before, after }: IssueSlots): string {
  const { toHead, toTop, toBefore, toAfter, rest } = page
  const write = (slot: Html | null) => slot?.html ?? ''
  return toHead + write(head) + toTop + write(top) + toBefore + write(before) + toAfter + write(after) + rest
}

/** Finds the places among the elements of the page, which are in document order; a page without head, body or main has them where those would begin and end. */
export function cutPage(web: string, elements: readonly Element[]): CutPage {
  const named = (name: string) =>
    elements.find(({ tagName, sourceCodeLocation }) => tagName === name && sourceCodeLocation)
  const [head, body] = [named('head'), named('body')]
  const sheet = named('main') ?? named('article')
  const bodyStart = skipLinkEnd(body) ?? startTagEnd(body)
  const headEnd = endTagStart(head) ?? startOf(body) ?? startOfContent(elements) ?? 0
  const topAt = Math.max(headEnd, bodyStart ?? headEnd)
  const beforeAt = Math.max(topAt, startTagEnd(sheet) ?? topAt)
  const afterAt = Math.max(beforeAt, endTagStart(sheet) ?? endTagStart(body) ?? web.length)
  return {
    toHead: withoutOwn(web.slice(0, headEnd), elements),
    toTop: web.slice(headEnd, topAt),
    toBefore: web.slice(topAt, beforeAt),
    toAfter: web.slice(beforeAt, afterAt),
    rest: web.slice(afterAt),
  }
}

/** The first thing of a page that was written without a head and a body. */
function startOfContent(elements: readonly Element[]): number | undefined {
  const body = elements.find(({ tagName }) => tagName === 'body')
  return body?.childNodes[0]?.sourceCodeLocation?.startOffset
}

/** What our head says in its place. */
const REPLACED = /^(?:canonical|robots|og:url|og:image(?::\w+)?|twitter:\w+)$/

function withoutOwn(head: string, elements: readonly Element[]): string {
  const ranges = elements
    .filter(({ tagName }) => tagName === 'meta' || tagName === 'link')
    .filter((element) =>
      ['rel', 'name', 'property'].some((name) => REPLACED.test(attributeOf(element, name).toLowerCase())),
    )
    .flatMap(({ sourceCodeLocation }) => sourceCodeLocation ?? [])
    .filter(({ endOffset }) => endOffset <= head.length)
  let kept = ''
  let at = 0
  for (const { startOffset, endOffset } of ranges) {
    kept += head.slice(at, startOffset)
    at = endOffset
    // With the line that it stood on.
    if (head[at] === '\n' && (kept === '' || kept.endsWith('\n'))) at += 1
  }
  return kept + head.slice(at)
}

/** A link that skips to the article is of use only where it is the first of all. */
function skipLinkEnd(body: Element | undefined): number | undefined {
  const first = body?.childNodes.find((node): node is Element => 'tagName' in node)
  const isSkip = first?.tagName === 'a' && attributeOf(first, 'href').startsWith('#')
  return isSkip ? first.sourceCodeLocation?.endOffset : undefined
}

function startOf(element: Element | undefined): number | undefined {
  return element?.sourceCodeLocation?.startOffset
}

function startTagEnd(element: Element | undefined): number | undefined {
  return element?.sourceCodeLocation?.startTag?.endOffset
}

function endTagStart(element: Element | undefined): number | undefined {
  return element?.sourceCodeLocation?.endTag?.startOffset
}
