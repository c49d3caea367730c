/** A09: ids that stand twice, small text and justified text. */

import type { Check, CheckInput, Found } from './check.js'
import { looksOf } from './looks.js'
import { placeInTemplate, placeOfElement } from './place.js'

const MIN_FONT_SIZE = 12

const A09: Check = {
  id: 'A09',
  title: 'no id stands twice, no text is small or justified',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => [...findRepeatedIds(input), ...findSmallText(input), ...findJustified(input)],
}

function findRepeatedIds(input: CheckInput): readonly Found[] {
  const seen = new Set<string>()
  const told = new Set<string>()
  return input.page.elements.flatMap((element): Found[] => {
    const { id } = element.attributes
    if (id === undefined || id === '' || !seen.has(id) || told.has(id)) {
      if (id !== undefined) seen.add(id)
      return []
    }
    told.add(id)
    return [
      {
        severity: 'warn',
        message: `the id "${id}" stands twice`,
        hint: 'give each its own',
        ...placeOfElement(input, element, [`id="${id}"`]),
      },
    ]
  })
}

function findSmallText(input: CheckInput): readonly Found[] {
  const small = looksOf(input.page, input.styles).looks.filter(
    ({ text, isHidden, fontSizePx, element }) =>
      text !== '' &&
      !isHidden &&
      fontSizePx !== null &&
      fontSizePx < MIN_FONT_SIZE &&
      // Nothing is shown of those; and figures set high or low are small by custom.
      fontSizePx > 1 &&
      element.tag !== 'sup' &&
      element.tag !== 'sub',
  )
  const [first] = small
  if (first === undefined) return []
  const size = Number((first.fontSizePx ?? 0).toFixed(1))
  return [
    {
      severity: 'warn',
      message: `"${first.text.slice(0, 40)}" is ${size} pixels high${small.length > 1 ? `, and ${small.length - 1} more are small` : ''}`,
      hint: `set nothing below ${MIN_FONT_SIZE} pixels`,
      ...placeInTemplate(input, [`font-size="${size}px"`, `font-size: ${size}px`, first.text]),
    },
  ]
}

function findJustified(input: CheckInput): readonly Found[] {
  const { looks } = looksOf(input.page, input.styles)
  const first = looks.find(({ text, isHidden, align }) => text !== '' && !isHidden && align === 'justify')
  if (first === undefined) return []
  return [
    {
      severity: 'warn',
      message: `the text "${first.text.slice(0, 40)}" is justified, and its gaps make it hard to read`,
      hint: 'let it begin at one edge',
      ...placeInTemplate(input, ['align="justify"', 'text-align: justify', 'text-align:justify']),
    },
  ]
}

export const LEGIBILITY_CHECKS: readonly Check[] = [A09]
