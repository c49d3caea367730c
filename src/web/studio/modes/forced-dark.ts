/**
 * A mail that its program has darkened by force: every colour in `style`, in old attributes and in style sheets, by the
 * one rule of `compile/checks/dark.ts`, so that what is shown is what check A05 measures. Pictures stay as they are.
 */

import { generate, parse as parseCss, walk } from 'css-tree'
import { serialize } from 'parse5'
import type { PageElement } from '../../../compile/checks/check.js'
import { BLACK, type Color, layOver, readColor, WHITE, writeColor } from '../../../compile/checks/color.js'
import { type ForcedDark, forceDark, forceLine } from '../../../compile/checks/dark.js'
import { type Declaration, inlineStylesOf } from '../../../compile/checks/declarations.js'
import { LINK_BLUE, type Look, looksOf } from '../../../compile/checks/looks.js'
import { parsePage, parseStyles } from '../../../compile/checks/page.js'
import { type Coloured, changeColors, colouredBy, cssColor } from './css-colors.js'
import type { Ground } from './frame-head.js'

/** What its own dark styles ask for must have been answered before (`scheme.ts`). */
export function darkenByForce(html: string, kind: ForcedDark): string {
  const page = parsePage({ text: html, turns: [] })
  const { looks } = looksOf(page, parseStyles(page))
  const inline = inlineStylesOf(page)
  const inDark = new Set<Look>()
  for (const look of looks) {
    const { element, parent } = look
    if (isDark(look.ground) || (parent !== null && inDark.has(parent))) inDark.add(look)
    if (element.tag === 'style') darkenSheet(element, kind)
    else
      darkenElement(look, kind, {
        declared: inline.get(element.attributes.style ?? '') ?? [],
        isInDark: inDark.has(look),
      })
  }
  return serialize(page.document)
}

/** What browsers give a page that says nothing, darkened. */
export function darkenedGround(kind: ForcedDark): Ground {
  const { text, ground } = forceDark(kind, { text: BLACK, ground: WHITE })
  const link = forceDark(kind, { text: LINK_BLUE, ground: WHITE }).text
  return { scheme: 'light', ground: cssColor(ground), text: cssColor(text), link: cssColor(link) }
}

function isDark(ground: Color | null): boolean {
  return ground !== null && forceDark('partly', { text: BLACK, ground }).ground === ground
}

function darkenElement(
  look: Look,
  kind: ForcedDark,
  { declared, isInDark }: { readonly declared: readonly Declaration[]; readonly isInDark: boolean },
): void {
  const { element, color, ground } = look
  const behind = ground ?? WHITE
  const changed = declared.map((declaration) => darken(declaration, kind, behind))
  // A rule of a sheet does not know the ground that its text will stand on, and what is inherited came from another.
  if (
    color !== null &&
    ground !== null &&
    color.alpha > 0 &&
    (color.alpha < 1 || (kind === 'partly' && isInDark))
  ) {
    const { text } = forceDark(kind, { text: layOver(color, ground), ground })
    changed.push({ property: 'color', value: cssColor(text), isImportant: true })
  }
  if (changed.some((declaration, index) => declaration !== declared[index]))
    writeAttribute(element, 'style', changed.map(writeDeclaration).join(';'))
  for (const [name, coloured] of OLD_ATTRIBUTES) {
    const written = readColor(element.attributes[name] ?? '')
    if (written !== null) writeAttribute(element, name, writeColor(change(coloured, kind, behind)(written)))
  }
}

const OLD_ATTRIBUTES: readonly (readonly [string, Coloured])[] = [
  ['bgcolor', 'ground'],
  ['bordercolor', 'line'],
  ['color', 'text'],
  ['text', 'text'],
  ['link', 'text'],
  ['vlink', 'text'],
]

/** The same declaration where nothing changes. */
function darken(declaration: Declaration, kind: ForcedDark, ground: Color): Declaration {
  const coloured = colouredBy(declaration.property)
  if (coloured === null) return declaration
  const value = changeColors(declaration.value, change(coloured, kind, ground))
  return value === declaration.value ? declaration : { ...declaration, value }
}

function change(coloured: Coloured, kind: ForcedDark, ground: Color): (color: Color) => Color {
  switch (coloured) {
    case 'text':
      return (text) => forceDark(kind, { text, ground }).text
    case 'ground':
      return (own) => forceDark(kind, { text: BLACK, ground: own }).ground
    case 'line':
      return (line) => forceLine(kind, line, ground)
  }
}

/** Of a rule nobody knows the ground: most text stands on a light one, and `darkenElement` mends the rest. */
function darkenSheet({ node }: PageElement, kind: ForcedDark): void {
  for (const child of node.childNodes) {
    if (!('value' in child)) continue
    const tree = parseCss(child.value, { parseValue: false })
    walk(tree, {
      visit: 'Declaration',
      enter({ property, value }) {
        const coloured = colouredBy(property.toLowerCase())
        if (coloured !== null && value.type === 'Raw')
          value.value = changeColors(value.value, change(coloured, kind, WHITE))
      },
    })
    child.value = generate(tree)
  }
}

function writeDeclaration({ property, value, isImportant }: Declaration): string {
  return `${property}:${value}${isImportant ? ' !important' : ''}`
}

function writeAttribute({ node }: PageElement, name: string, value: string): void {
  const attribute = node.attrs.find((one) => one.name === name)
  if (attribute === undefined) node.attrs.push({ name, value })
  else attribute.value = value
}
