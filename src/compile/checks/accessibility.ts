/** A: that people who hear, enlarge or darken a mail get all of it. */

import type { Check, Found, PageElement } from './check.js'
import { readConditional } from './conditional.js'
import { CONTRAST_CHECKS } from './contrast.js'
import { HEADING_CHECKS } from './headings.js'
import { LEGIBILITY_CHECKS } from './legibility.js'
import { placeInTemplate, placeOfElement } from './place.js'

/** Below that a reader cannot enlarge what is too small for them; WCAG 1.4.4 wants twice the size. */
const MIN_SCALE = 2

const A01: Check = {
  id: 'A01',
  title: 'the page says in which language and direction it is',
  isWaivable: false,
  severities: ['error'],
  run: (input) => {
    const { lang, dir } = input.issue
    // Programs drop <html>: what counts there is the first element of the body that is shown.
    const outer = input.page.elements.find(({ tag }) => tag === 'html')
    const inner = input.page.elements.find(
      ({ node, attributes }) => isInBody(node) && !isInvisible(attributes),
    )
    const faults = [
      ...faultsOfLanguage('<html>', outer, { lang, dir }),
      ...faultsOfLanguage('the first element of the body', inner, { lang, dir }),
    ]
    if (faults.length === 0) return []
    const place = placeInTemplate(input, ['<mjml'])
    return [
      {
        severity: 'error',
        message: `the issue is in "${lang}" and ${dir}; ${faults.join(', ')}`,
        hint: 'write <mjml lang="{{lang}}" dir="{{dir}}">',
        ...place,
      },
    ]
  },
}

function isInBody({ parentNode }: PageElement['node']): boolean {
  return parentNode !== null && 'tagName' in parentNode && parentNode.tagName === 'body'
}

function isInvisible({ style = '' }: PageElement['attributes']): boolean {
  return /display:\s*none/i.test(style)
}

function faultsOfLanguage(
  where: string,
  element: PageElement | undefined,
  wanted: Readonly<Record<'lang' | 'dir', string>>,
): readonly string[] {
  return (['lang', 'dir'] as const).flatMap((name) => {
    const value = element?.attributes[name] ?? ''
    if (value.toLowerCase() === wanted[name].toLowerCase()) return []
    return [value === '' ? `${where} has no ${name}` : `${where} has ${name}="${value}"`]
  })
}

const A02: Check = {
  id: 'A02',
  title: 'the page has a title',
  isWaivable: false,
  severities: ['error'],
  run: (input) => {
    const title = /<title>([\s\S]*?)<\/title>/i.exec(input.page.html)?.[1] ?? ''
    const message =
      title.trim() === ''
        ? 'the page has no title'
        : /<[a-z/]/i.test(title)
          ? 'the title of the page holds markup'
          : null
    if (message === null) return []
    const place = placeInTemplate(input, ['<mj-title', '<mj-head'])
    return [{ severity: 'error', message, hint: 'write <mj-title>{{title}}</mj-title>', ...place }]
  },
}

const A03: Check = {
  id: 'A03',
  title: 'tables for layout say so, and tables of data do not',
  isWaivable: true,
  severities: ['error'],
  run: (input) => {
    const headed = new Set(
      input.page.elements.filter(({ tag }) => tag === 'th').map(({ node }) => closestTable(node)),
    )
    return input.page.elements.flatMap((table): Found[] => {
      if (table.tag !== 'table') return []
      const role = table.attributes.role?.toLowerCase()
      const isData = headed.has(table.node)
      const isLayout = role === 'presentation' || role === 'none'
      if (isData !== isLayout && (isData || isLayout)) return []
      if (!isData && role !== undefined && !isLayout) return []
      return [
        {
          severity: 'error',
          message: isData
            ? `a table with headings has role="${role}", so that its headings are not read`
            : 'a table has no headings and no role, and is read cell by cell',
          hint: isData ? 'take the role away' : 'give it role="presentation", or <th> for its headings',
          ...placeOfElement(input, table, ['<table']),
        },
      ]
    })
  },
}

function closestTable(node: PageElement['node']): unknown {
  for (let at = node.parentNode; at !== null && 'tagName' in at; at = at.parentNode)
    if (at.tagName === 'table') return at
  return null
}

const A07: Check = {
  id: 'A07',
  title: 'Outlook’s drawings have a text, and no link or heading stands in one',
  isWaivable: true,
  severities: ['error'],
  run: (input) => {
    const found = new Map<string, Found>()
    const tell = (message: string, hint: string, written: readonly string[]) => {
      const place = placeInTemplate(input, written)
      found.set(`${message} ${place.file} ${place.line}`, { severity: 'error', message, hint, ...place })
    }
    let depth = 0
    for (const { text, isHidden } of readConditional(input.page.html).pieces) {
      const [, closing = '', tag = ''] = /^<(\/?)([a-z0-9:]+)/i.exec(text) ?? []
      const name = tag.toLowerCase()
      if (isHidden && name.startsWith('v:') && !text.endsWith('/>')) depth += closing === '/' ? -1 : 1
      if (isHidden && name === 'v:image' && closing === '' && !/\salt=/.test(text))
        tell('<v:image> has no alt', 'write alt="what it shows"; <mj-hero> cannot', ['<v:image', '<mj-hero'])
      if (depth > 0 && closing === '' && /^(a|h[1-6])$/.test(name))
        tell(
          `<${name}> stands in a drawing for Outlook, where screen readers do not find it`,
          'put it before or after the section with a background image',
          [text, `<${tag}`],
        )
    }
    return [...found.values()]
  },
}

const A08: Check = {
  id: 'A08',
  title: 'readers can enlarge the mail',
  isWaivable: false,
  severities: ['error'],
  run: (input) =>
    input.page.elements.flatMap(({ tag, attributes }) => {
      if (tag !== 'meta' || attributes.name?.toLowerCase() !== 'viewport') return []
      const content = attributes.content ?? ''
      const scale = /maximum-scale\s*=\s*([\d.]+)/i.exec(content)?.[1]
      const isFixed = /user-scalable\s*=\s*(no|0)/i.test(content)
      if (!isFixed && (scale === undefined || Number(scale) >= MIN_SCALE)) return []
      return [
        {
          severity: 'error' as const,
          message: `the viewport "${content}" keeps readers from enlarging`,
          hint: 'write content="width=device-width, initial-scale=1"',
          ...placeInTemplate(input, ['user-scalable', 'maximum-scale']),
        },
      ]
    }),
}

export const ACCESSIBILITY_CHECKS: readonly Check[] = [
  A01,
  A02,
  A03,
  ...HEADING_CHECKS,
  ...CONTRAST_CHECKS,
  A07,
  A08,
  ...LEGIBILITY_CHECKS,
]
