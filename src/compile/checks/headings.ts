/** A04: headings, which people who hear a page jump along. */

import type { Check, CheckInput, Found, PageElement } from './check.js'
import { looksOf } from './looks.js'
import { placeInTemplate, placeOfElement } from './place.js'

/** The level of the headings within a Section. */
const EDITORS_FIRST = 3

const A04: Check = {
  id: 'A04',
  title: 'headings make an outline: one h1, no level left out, none empty',
  isWaivable: true,
  severities: ['warn', 'info'],
  run: (input) => {
    const { looks } = looksOf(input.page, input.styles)
    const headings = looks.filter(({ element, isHidden }) => /^h[1-6]$/.test(element.tag) && !isHidden)
    const empty = headings.filter(({ element }) => !hasContent(element.node))
    const tops = headings.filter(({ element }) => element.tag === 'h1')
    return [
      ...empty.map(({ element }): Found => {
        const place = placeOfElement(input, element, [`<${element.tag}`])
        return { severity: 'warn', message: `an <${element.tag}> is empty`, hint: 'leave it out', ...place }
      }),
      ...(tops.length === 1 ? [] : [countFault(input, tops.length)]),
      ...headings.flatMap(({ element }, index): Found[] => {
        const [level, before] = [levelOf(element), levelOf(headings[index - 1]?.element)]
        // An editor's headings begin with ###; what stands above them is the template's.
        const wanted = element.line === null ? before + 1 : Math.max(EDITORS_FIRST, before + 1)
        if (level <= wanted || before === 0) return []
        return [
          {
            severity: 'info',
            message: `an <h${level}> follows an <h${before}>`,
            hint: `a heading there is <h${wanted}>: ${'#'.repeat(wanted)} in an issue`,
            ...placeOfElement(input, element, [`<h${level}`]),
          },
        ]
      }),
    ]
  },
}

function countFault(input: CheckInput, count: number): Found {
  const message = count === 0 ? 'there is no <h1>' : `there are ${count} <h1>`
  return {
    severity: 'warn',
    message,
    hint: 'have one: the name of the publication, or the title of the issue',
    ...placeInTemplate(input, ['<h1']),
  }
}

function levelOf(element: PageElement | undefined): number {
  return Number(element?.tag.slice(1) ?? 0)
}

function hasContent(node: PageElement['node']): boolean {
  return node.childNodes.some((child) => {
    if ('value' in child) return child.value.trim() !== ''
    if (!('tagName' in child)) return false
    const isImage =
      child.tagName === 'img' && child.attrs.some(({ name, value }) => name === 'alt' && value !== '')
    return isImage || hasContent(child)
  })
}

export const HEADING_CHECKS: readonly Check[] = [A04]
