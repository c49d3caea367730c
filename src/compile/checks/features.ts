/**
 * Which of caniemail's features a page uses: its elements and attributes, its styles' properties, values, selectors
 * and at-rules. Slugs are caniemail's own; a name that is one of them needs no line here.
 */

import { type CssNode, generate, walk } from 'css-tree'
import type { Page, PageElement, StyleBlock } from './check.js'
import { type Declaration, declarationsIn, inlineStylesOf } from './declarations.js'
import {
  ATTRIBUTES,
  COMBINATORS,
  EXTENSIONS,
  FUNCTION,
  OPAQUE,
  PROPERTIES,
  SELECTORS,
  TAGS,
  UNIT,
  VALUES,
  WITH_VALUE,
} from './feature-names.js'
import { readSupport } from './support.js'

/** The first place where a feature is used. */
export interface Use {
  readonly slug: string
  /** As it stands there: `display: flex`, `<video>`. */
  readonly shown: string
  /** Line of the issue; null for what the template wrote. */
  readonly line: number | null
  /** How it would stand in a template, everywhere it is met; none of it does where only MJML wrote it. */
  readonly written: ReadonlySet<string>
}

/** Each feature once, shown as it is met first: in the page's elements, then in its styles. */
export function featuresOf(page: Page, styles: readonly StyleBlock[]): readonly Use[] {
  const support = readSupport()
  const uses = new Map<string, Use & { readonly written: Set<string> }>()
  const note: Note = (slug, { shown, line, written }) => {
    if (!support.has(slug)) return
    const use = uses.get(slug) ?? { slug, shown, line, written: new Set() }
    for (const words of written) use.written.add(words)
    uses.set(slug, use)
  }
  const inline = inlineStylesOf(page)
  const seen = new Set<string>()
  for (const element of page.elements) {
    noteElement(element, note)
    const { style = '' } = element.attributes
    if (seen.has(style)) continue
    seen.add(style)
    for (const declaration of inline.get(style) ?? []) noteDeclaration(declaration, note)
  }
  if (/^\s*<!doctype html>/i.test(page.html)) note('html-doctype', template('<!doctype html>'))
  if (page.html.includes('<!--')) note('html-comments', template('<!--'))
  for (const { css, tree } of styles) {
    if (css.includes('/*')) note('css-comments', template('/*'))
    noteRules(tree, note)
  }
  return [...uses.values()]
}

/** Of one declaration, whoever wrote it. */
export function featuresOfDeclaration(declaration: Declaration): readonly string[] {
  const slugs: string[] = []
  noteDeclaration(declaration, (slug) => slugs.push(slug))
  return slugs
}

/** Of one selector. */
export function featuresOfSelector(selector: Extract<CssNode, { type: 'Selector' }>): readonly string[] {
  const slugs: string[] = []
  noteSelector(selector, (slug) => slugs.push(slug))
  return slugs
}

interface Met {
  readonly shown: string
  readonly line: number | null
  readonly written: readonly string[]
}

type Note = (slug: string, met: Met) => void

/** Styles are the template's, whoever wrote the words. */
function template(shown: string, written: readonly string[] = [shown]): Met {
  return { shown, line: null, written }
}

function noteElement({ tag, attributes, line }: PageElement, note: Note): void {
  const met = { shown: `<${tag}>`, line, written: [`<${tag} `, `<${tag}>`] }
  note(TAGS.get(tag) ?? `html-${tag}`, met)
  for (const [attribute, value] of Object.entries(attributes)) {
    const shown = `${attribute}="${value.slice(0, 40)}"`
    note(ATTRIBUTES.get(attribute) ?? '', {
      shown,
      line,
      written: [` ${attribute}="`, ` ${attribute}=${value}`],
    })
  }
  const { type = 'text', href = '', name = '' } = attributes
  if (tag === 'input') note(`html-input-${type}`, met)
  if (tag === 'button') note(`html-button-${attributes.type ?? 'submit'}`, met)
  if (tag === 'a' && href.startsWith('#')) note('html-anchor-links', { ...met, shown: `href="${href}"` })
  if (tag === 'a' && href.startsWith('mailto:'))
    note('html-mailto-links', { ...met, shown: `href="${href}"` })
  if (tag === 'meta' && name === 'color-scheme') note('html-meta-color-scheme', met)
  if (tag === 'img' || tag === 'source') noteImage(attributes.src ?? '', line, note)
  if (attributes.background !== undefined) noteImage(attributes.background, line, note)
}

function noteImage(url: string, line: number | null, note: Note): void {
  const extension = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(url)?.[1]?.toLowerCase() ?? ''
  const met = { shown: url.slice(-40), line, written: [url] }
  if (/^data:/i.test(url)) note('image-base64', { ...met, shown: 'data:' })
  else note(EXTENSIONS.get(extension) ?? `image-${extension}`, met)
}

function noteDeclaration({ property, value, isImportant }: Declaration, note: Note): void {
  const met = template(`${property}: ${value.slice(0, 40)}`, writtenAs(property))
  const slug = PROPERTIES.find(([pattern]) => pattern.test(property))?.[1]
  if (slug !== undefined) note(slug, met)
  if (!WITH_VALUE.has(`css-${property}`)) note(`css-${property}`, met)
  if (isImportant) note('css-important', template('!important'))
  for (const [, url = ''] of value.matchAll(/url\(\s*["']?([^"')]*)/gi)) noteImage(url, null, note)
  const plain = value.replace(OPAQUE, ' ').toLowerCase()
  // Names of fonts look like keywords; only those of VALUES are meant.
  for (const [properties, values, found] of VALUES)
    if (properties.test(property) && values.test(plain)) note(found, met)
  for (const [, name = ''] of plain.matchAll(FUNCTION)) {
    note(`css-function-${name}`, met)
    note(`css-${name}`, met)
  }
  for (const [, unit = ''] of plain.matchAll(UNIT)) note(`css-unit-${unit === '%' ? 'percent' : unit}`, met)
}

/** In a style or as an attribute of MJML, and not the end of a longer name. */
function writtenAs(property: string): readonly string[] {
  return [...[' ', ';', '"', "'", '{', '\n'].map((before) => `${before}${property}:`), ` ${property}="`]
}

function noteRules(tree: CssNode, note: Note): void {
  walk(tree, (node) => {
    if (node.type === 'Rule') {
      for (const declaration of declarationsIn(node.block)) noteDeclaration(declaration, note)
      if (node.block.children.some(({ type }) => type === 'Rule'))
        note('css-nesting', template('a rule in a rule', ['&']))
    } else if (node.type === 'Atrule') {
      noteAtrule(node.name.toLowerCase(), node.prelude === null ? '' : generate(node.prelude), note)
    } else if (node.type === 'SelectorList') {
      if (node.children.size > 1) note('css-selector-grouping', template(generate(node), firstWords(node)))
    } else if (node.type === 'Selector') {
      noteSelector(node, note)
    }
  })
}

function noteAtrule(name: string, prelude: string, note: Note): void {
  note(`css-at-${name}`, template(`@${name}`))
  if (name !== 'media') return
  for (const [, feature = ''] of prelude.matchAll(/\(\s*([a-z-]+)/gi)) {
    const slug = feature.replace(/^(-webkit-)?(any-|min-|max-)?/, '')
    note(`css-at-media-${slug}`, template(`@media (${feature})`, [`(${feature}`]))
  }
}

/** White space is not kept in what css-tree writes: the first class, id or tag stands for the selector. */
function firstWords(node: CssNode): readonly string[] {
  return [/[.#]?[\w-]+/.exec(generate(node))?.[0] ?? generate(node)]
}

function noteSelector(selector: Extract<CssNode, { type: 'Selector' }>, note: Note): void {
  const met = template(generate(selector), firstWords(selector))
  let chained = 0
  for (const node of selector.children) {
    if (node.type === 'Combinator') {
      note(COMBINATORS.get(node.name) ?? '', met)
      chained = 0
      continue
    }
    chained += 1
    if (chained === 2 && !node.type.startsWith('Pseudo')) note('css-selector-chaining', met)
    if (node.type === 'TypeSelector')
      note(node.name === '*' ? 'css-selector-universal' : 'css-selector-type', met)
    else if (node.type === 'PseudoClassSelector' || node.type === 'PseudoElementSelector') {
      // `:before` is the old way to write `::before`.
      const pseudo = { ...met, written: [`:${node.name}`] }
      note(`css-pseudo-class-${node.name}`, pseudo)
      note(`css-pseudo-element-${node.name}`, pseudo)
    } else note(SELECTORS.get(node.type) ?? '', met)
  }
}
