/**
 * Footnotes of a page, however they are built: a small link leads to a place further down, and from there one leads
 * back. Both together make a footnote; a link alone is one to a place in the page.
 */

import { attributeOf, type Element, elementsOf, hasClass, textOf } from './html-tree.js'

export interface FootnoteMarks {
  /** The label of the note that a link refers to. */
  readonly references: ReadonlyMap<Element, string>
  /** The label of the note that an element is. */
  readonly notes: ReadonlyMap<Element, string>
  /** Links back, the notes' own numbers, the line above them: nothing of the text. */
  readonly left: ReadonlySet<Element>
}

/** A number, a letter or a sign, perhaps in brackets. */
const REFERENCE = /^[[(]?(?:\d{1,3}|[a-z]|[*†‡§¶]{1,3})[\])]?$/iu

const NOTE_ELEMENTS: ReadonlySet<string> = new Set(['li', 'p', 'div', 'dd', 'aside', 'section', 'td'])

export function findFootnotes(root: Element): FootnoteMarks {
  const elements = [...elementsOf(root)]
  const places = new Map<string, Element>()
  for (const element of elements) {
    for (const id of [
      attributeOf(element, 'id'),
      element.tagName === 'a' ? attributeOf(element, 'name') : '',
    ])
      if (id !== '' && !places.has(id)) places.set(id, element)
  }
  const order = new Map(elements.map((element, index) => [element, index]))
  const references = new Map<Element, string>()
  const notes = new Map<Element, string>()
  const left = new Set<Element>()
  for (const link of elements) {
    const target = REFERENCE.test(textOf(link)) ? targetOf(link, places) : null
    const note = target === null ? null : noteAround(target)
    if (target === null || note === null || (order.get(note) ?? 0) < (order.get(link) ?? 0)) continue
    const back = backLinks(note, link, places)
    if (back.length === 0 || textOf(note).replace(/[^\p{L}]/gu, '') === '') continue
    const label = notes.get(note) ?? String(notes.size + 1)
    notes.set(note, label)
    references.set(link, label)
    for (const each of back) left.add(each)
  }
  if (notes.size > 0) for (const element of elements) if (isSeparator(element)) left.add(element)
  return { references, notes, left }
}

function targetOf(link: Element, places: ReadonlyMap<string, Element>): Element | null {
  const href = link.tagName === 'a' ? attributeOf(link, 'href') : ''
  return href.startsWith('#')
    ? (places.get(decode(href.slice(1))) ?? places.get(href.slice(1)) ?? null)
    : null
}

/** The block that holds the place: a whole note, not only its number. */
function noteAround(place: Element): Element | null {
  for (let at: Element['parentNode'] = place; at !== null && 'tagName' in at; at = at.parentNode)
    if (NOTE_ELEMENTS.has(at.tagName)) return at
  return null
}

/** Links in the note that lead to where it is referred to: to the link itself, or to what stands around it. */
function backLinks(
  note: Element,
  reference: Element,
  places: ReadonlyMap<string, Element>,
): readonly Element[] {
  return [...elementsOf(note)].filter((link) => {
    const target = targetOf(link, places)
    return target !== null && (target === reference || isAround(target, reference))
  })
}

function isAround(outer: Element, inner: Element): boolean {
  for (let at = inner.parentNode; at !== null && 'parentNode' in at; at = at.parentNode)
    if (at === outer) return true
  return false
}

function isSeparator(element: Element): boolean {
  if (element.tagName !== 'hr') return false
  const around = element.parentNode
  return (
    hasClass(element, 'footnotes-sep') ||
    (around !== null && 'tagName' in around && hasClass(around, 'footnotes'))
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
