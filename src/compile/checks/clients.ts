/** K: what some mail programs do not know, drop or break. */

import { ACTIVE_CHECK } from './active.js'
import type { Check, Found } from './check.js'
import { STYLE_CHECKS } from './client-styles.js'
import { SUPPORT_CHECKS } from './client-support.js'
import { readConditional } from './conditional.js'
import { type Look, looksOf } from './looks.js'
import { placeInTemplate } from './place.js'

const K04: Check = {
  id: 'K04',
  title: 'Outlook’s conditional comments are balanced, their tags unbroken',
  isWaivable: false,
  severities: ['error'],
  run: (input) => {
    const { pieces, faults } = readConditional(input.page.html)
    const broken = pieces.filter(
      ({ kind, isHidden, text }) => kind === 'tag' && isHidden && text.includes('\n'),
    )
    return [
      ...faults.map(
        ({ message }): Found => ({
          severity: 'error',
          message,
          hint: 'write <!--[if mso]> … <![endif]--> in pairs, none within another',
          ...placeInTemplate(input, ['[if mso', '[endif]']),
        }),
      ),
      ...broken.map(
        ({ text }): Found => ({
          severity: 'error',
          message: `the tag ${text.split(/\s/)[0] ?? ''}> for Outlook goes over several lines, which hides it there`,
          hint: 'write it on one line',
          ...placeInTemplate(input, [text.split('\n')[0] ?? '']),
        }),
      ),
    ]
  },
}

const K06: Check = {
  id: 'K06',
  title: 'what reads from right to left stands at the right',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const { looks } = looksOf(input.page, input.styles)
    // What the template says by itself may stand at the other edge on purpose.
    const wrong = looks.filter(
      (look) =>
        look.element.line !== null &&
        look.text !== '' &&
        !look.isHidden &&
        look.align === 'left' &&
        directionOf(look) === 'rtl' &&
        !isColumn(look),
    )
    const [first] = wrong
    if (first === undefined) return []
    return [
      {
        severity: 'warn',
        message: `text that reads from right to left stands at the left: "${first.text.slice(0, 40)}"${wrong.length > 1 ? ` and ${wrong.length - 1} more` : ''}`,
        hint: 'write align="{{start}}" and text-align: {{start}} in the template',
        ...placeInTemplate(input, [first.text, 'align="left"', 'text-align:left', 'text-align: left']),
      },
    ]
  },
}

/** A word of another direction within a line does not move the line. */
const INLINE = new Set('a abbr b bdi bdo cite code em font i mark s small span strong sub sup u'.split(' '))

function directionOf(look: Look): string | undefined {
  for (let at: Look | null = look; at !== null; at = at.parent) {
    const { dir } = at.element.attributes
    if (dir !== undefined && !INLINE.has(at.element.tag)) return dir.toLowerCase()
  }
  return undefined
}

/** Of a table, which its editor set so. */
function isColumn({ element }: Look): boolean {
  return (element.tag === 'td' || element.tag === 'th') && 'align' in element.attributes
}

const K07: Check = {
  id: 'K07',
  title: 'the mail says that it knows light and dark',
  isWaivable: true,
  severities: ['info'],
  run: (input) => {
    const names = new Set(
      input.page.elements.filter(({ tag }) => tag === 'meta').map(({ attributes }) => attributes.name),
    )
    const missing = ['color-scheme', 'supported-color-schemes'].filter((name) => !names.has(name))
    if (missing.length === 0) return []
    return [
      {
        severity: 'info',
        message: `there is no <meta name="${missing.join('"> and no <meta name="')}">`,
        hint: 'write both with content="light dark" into mj-head, or Apple Mail darkens the mail by itself',
        ...placeInTemplate(input, ['<mj-head>']),
      },
    ]
  },
}

export const CLIENT_CHECKS: readonly Check[] = [
  ...SUPPORT_CHECKS,
  ACTIVE_CHECK,
  ...STYLE_CHECKS,
  K04,
  K06,
  K07,
]
