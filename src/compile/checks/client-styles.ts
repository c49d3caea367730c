/** K03 and K05: fonts and ways of writing CSS that mail programs drop. */

import { walk } from 'css-tree'
import type { Check, CheckInput, Found } from './check.js'
import { type Declaration, declarationsIn, inlineStylesOf } from './declarations.js'
import { type Place, placeInTemplate } from './place.js'

const GENERIC =
  /\b(serif|sans-serif|monospace|cursive|fantasy|system-ui|ui-(serif|sans-serif|monospace|rounded)|inherit|initial|unset)\s*$/i
const FONT_HOSTS = /^(https?:)?\/\/(fonts\.(googleapis|gstatic|bunny)\.|use\.typekit\.)/i

const K03: Check = {
  id: 'K03',
  title: 'fonts are those that readers have',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const stacks = declarationsOf(input).flatMap(({ property, value }) => {
      const isStack = property === 'font-family' || (property === 'font' && value.includes(' '))
      if (!isStack || GENERIC.test(value) || /var\(/.test(value)) return []
      return [
        {
          severity: 'warn' as const,
          message: `the font "${value.slice(0, 60)}" names nothing that every machine has`,
          hint: 'end the list with serif, sans-serif or monospace',
          ...placeInTemplate(input, [value]),
        },
      ]
    })
    return [...findRemoteFonts(input), ...once(stacks)]
  },
}

function findRemoteFonts(input: CheckInput): readonly Found[] {
  const loads = (what: string, written: readonly string[]): Found => ({
    severity: 'warn',
    message: `${what} loads a font from elsewhere; Gmail, Outlook and Yahoo do not`,
    hint: 'use fonts that readers have: Georgia, Arial, Helvetica',
    ...placeInTemplate(input, written),
  })
  const linked = input.page.elements
    .filter(({ tag, attributes }) => tag === 'link' && FONT_HOSTS.test(attributes.href ?? ''))
    .map(({ attributes }) => loads('<link>', [attributes.href ?? '']))
  const faces = input.styles
    .filter(({ css }) => /@font-face\b[^}]*url\(/i.test(css))
    .map(() => loads('@font-face', ['@font-face']))
  const imported = input.styles.flatMap(({ css }) => {
    const url = /@import\s+(?:url\()?\s*["']?([^"');]+)/i.exec(css)?.[1]
    return url !== undefined && FONT_HOSTS.test(url) ? [loads('@import', [url])] : []
  })
  return [...linked, ...faces, ...imported]
}

/** What is written, and who drops it. */
const MODERN: readonly (readonly [(declaration: Declaration) => string | null, string])[] = [
  [({ property }) => (property.startsWith('--') ? property : null), 'Gmail and Outlook drop it'],
  [({ value }) => /\bvar\(/.exec(value)?.[0] ?? null, 'Gmail and Outlook drop it'],
  [({ value }) => /\bhsla?\(/.exec(value)?.[0] ?? null, 'Outlook on Windows drops it'],
  [
    ({ value }) => /\b(ok(lch|lab)|lch|lab|color-mix|color|hwb|light-dark)\(/.exec(value)?.[0] ?? null,
    'Gmail and Outlook drop it',
  ],
  [
    ({ property }) =>
      /^((margin|padding|border)-(inline|block)\b.*|inset(-.*)?|((min|max)-)?(inline|block)-size|border-(start|end)-.*)$/.exec(
        property,
      )?.[0] ?? null,
    'Gmail, Outlook and Yahoo drop it',
  ],
]

const K05: Check = {
  id: 'K05',
  title: 'CSS is written in ways that mail programs have known for long',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const declared = declarationsOf(input).flatMap((declaration) =>
      MODERN.flatMap(([find, reason]) => {
        const found = find({ ...declaration, value: declaration.value.replace(/"[^"]*"|'[^']*'/g, '') })
        if (found === null) return []
        return [
          modern(
            found.endsWith('(') ? `${found})` : found,
            reason,
            placeInTemplate(input, writtenAs(declaration)),
          ),
        ]
      }),
    )
    const nested = input.styles.flatMap(({ tree }) => {
      let isNested = false
      walk(tree, {
        visit: 'Rule',
        enter({ block }) {
          isNested ||= block.children.some(({ type }) => type === 'Rule' || type === 'Atrule')
        },
      })
      return isNested
        ? [modern('a rule within a rule', 'most mail programs drop it', placeInTemplate(input, ['&']))]
        : []
    })
    return once([...declared, ...nested])
  },
}

function writtenAs({ property, value }: Declaration): readonly string[] {
  return [`${property}: ${value}`, `${property}:${value}`, `${property}="${value}"`]
}

function modern(what: string, reason: string, place: Place): Found {
  return {
    severity: 'warn',
    message: `the styles hold ${what}: ${reason}`,
    hint: 'write colours as #9b2226, and left, right, top, bottom',
    ...place,
  }
}

export const STYLE_CHECKS: readonly Check[] = [K03, K05]

/** Of `style` attributes, each different one once, and of rules. */
function declarationsOf({ page, styles }: CheckInput): readonly Declaration[] {
  const declared = [...inlineStylesOf(page).values()].flat()
  for (const { tree } of styles)
    walk(tree, { visit: 'Block', enter: (block) => declared.push(...declarationsIn(block)) })
  return declared
}

/** The same words are said once. */
function once(found: readonly Found[]): readonly Found[] {
  return [...new Map(found.toReversed().map((one) => [one.message, one])).values()].toReversed()
}
