/**
 * Selectors as far as mails use them: tags, classes, ids, attributes, combinators, :first-child and the like. What
 * only holds for a moment (:hover) or beside the element (::before) never matches; of what is not known here nobody
 * can say, and the caller stays silent.
 */

import type { CssNode, Selector } from 'css-tree'
import type { PageElement } from './check.js'

/** An element with what selectors ask about. */
export interface Matchable {
  readonly element: PageElement
  readonly classes: ReadonlySet<string>
  readonly parent: Matchable | null
  /** The element before it in the same parent. */
  readonly previous: Matchable | null
  /** Whether none follows in the same parent; known once the page is read whole. */
  readonly isLast: boolean
}

export interface ReadSelector {
  /** From the left to the right; the last is what the element itself must be. */
  readonly compounds: readonly Compound[]
  /** As CSS counts it: ids, classes, tags. */
  readonly specificity: number
  /** Whether a match is certain, or a part of it is not known here. */
  readonly isSure: boolean
}

interface Compound {
  /** How it stands to the one before it: ' ', '>', '+', '~'; '' for the first. */
  readonly combinator: string
  /** Null: any. */
  readonly tag: string | null
  readonly id: string | null
  readonly classes: readonly string[]
  readonly attributes: readonly AttributeTest[]
  readonly places: readonly Place[]
}

interface AttributeTest {
  readonly name: string
  /** Null: it is there. */
  readonly operator: string | null
  readonly value: string
}

const PLACES = ['first-child', 'last-child', 'only-child', 'root'] as const
type Place = (typeof PLACES)[number]

/** True for a moment, or about something beside the element. */
const NEVER = new Set(
  'hover active focus focus-within focus-visible visited target checked disabled before after first-letter first-line marker placeholder selection'.split(
    ' ',
  ),
)
const SPECIFICITY = { id: 1_000_000, class: 1_000, tag: 1 }

/** Null when it can match no element as a reader first sees it. */
export function readSelector(selector: Selector): ReadSelector | null {
  const compounds: Draft[] = [draft('')]
  let specificity = 0
  let isSure = true
  for (const node of selector.children) {
    const compound = compounds.at(-1)
    if (compound === undefined) return null
    if (node.type === 'Combinator') {
      compounds.push(draft(node.name))
    } else if (node.type === 'TypeSelector') {
      if (node.name !== '*') compound.tag = node.name.toLowerCase()
      specificity += node.name === '*' ? 0 : SPECIFICITY.tag
    } else if (node.type === 'IdSelector') {
      compound.id = node.name
      specificity += SPECIFICITY.id
    } else if (node.type === 'ClassSelector') {
      compound.classes.push(node.name)
      specificity += SPECIFICITY.class
    } else if (node.type === 'AttributeSelector') {
      compound.attributes.push(attributeTest(node))
      specificity += SPECIFICITY.class
    } else {
      const name = 'name' in node && typeof node.name === 'string' ? node.name.toLowerCase() : ''
      if (NEVER.has(name) || node.type === 'PseudoElementSelector') return null
      if (isPlace(name)) compound.places.push(name)
      else isSure = false
      specificity += SPECIFICITY.class
    }
  }
  return { compounds, specificity, isSure }
}

/** Whether the element is one that the selector means. */
export function matches({ compounds }: ReadSelector, at: Matchable): boolean {
  return matchesFrom(compounds, compounds.length - 1, at)
}

type Draft = {
  -readonly [Key in keyof Compound]: Compound[Key] extends readonly (infer Item)[] ? Item[] : Compound[Key]
}

function draft(combinator: string): Draft {
  return { combinator, tag: null, id: null, classes: [], attributes: [], places: [] }
}

function attributeTest({ name, matcher, value }: Extract<CssNode, { type: 'AttributeSelector' }>) {
  const wanted = value === null ? '' : value.type === 'String' ? value.value : value.name
  return { name: name.name.toLowerCase(), operator: matcher, value: wanted }
}

function isPlace(name: string): name is Place {
  return PLACES.some((place) => place === name)
}

function matchesFrom(compounds: readonly Compound[], index: number, at: Matchable): boolean {
  const compound = compounds[index]
  if (compound === undefined || !matchesCompound(compound, at)) return false
  if (index === 0) return true
  switch (compound.combinator) {
    case '>':
      return at.parent !== null && matchesFrom(compounds, index - 1, at.parent)
    case '+':
      return at.previous !== null && matchesFrom(compounds, index - 1, at.previous)
    case '~':
      for (let before = at.previous; before !== null; before = before.previous)
        if (matchesFrom(compounds, index - 1, before)) return true
      return false
    default:
      for (let above = at.parent; above !== null; above = above.parent)
        if (matchesFrom(compounds, index - 1, above)) return true
      return false
  }
}

function matchesCompound({ tag, id, classes, attributes, places }: Compound, at: Matchable): boolean {
  const { element } = at
  return (
    (tag === null || tag === element.tag) &&
    (id === null || id === element.attributes.id) &&
    classes.every((name) => at.classes.has(name)) &&
    attributes.every((test) => matchesAttribute(test, element.attributes[test.name])) &&
    places.every((place) => standsIn(place, at))
  )
}

function matchesAttribute({ operator, value }: AttributeTest, actual: string | undefined): boolean {
  if (actual === undefined) return false
  switch (operator) {
    case null:
      return true
    case '=':
      return actual === value
    case '~=':
      return actual.split(/\s+/).includes(value)
    case '|=':
      return actual === value || actual.startsWith(`${value}-`)
    case '^=':
      return value !== '' && actual.startsWith(value)
    case '$=':
      return value !== '' && actual.endsWith(value)
    default:
      return value !== '' && actual.includes(value)
  }
}

function standsIn(place: Place, { element, previous, isLast }: Matchable): boolean {
  switch (place) {
    case 'first-child':
      return previous === null
    case 'last-child':
      return isLast
    case 'only-child':
      return previous === null && isLast
    case 'root':
      return element.tag === 'html'
  }
}
