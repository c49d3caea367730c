/** K02: what runs, asks, plays or loads. Mail programs take it out; the web page's policy lets none of it run. */

import type { Check, CheckInput, Found, PageElement } from './check.js'
import { parsePage } from './page.js'
import { placeInTemplate, placeOfElement } from './place.js'

const ACTIVE = new Set(
  'script form iframe frame object embed applet video audio input button select textarea base dialog'.split(
    ' ',
  ),
)
const RUNS = /^\s*(?:javascript|vbscript|data):/i

export const ACTIVE_CHECK: Check = {
  id: 'K02',
  title: 'nothing in the mail or on the web page runs, asks, plays or loads',
  isWaivable: false,
  severities: ['error'],
  run: (input) => [...findInMail(input), ...findOnWeb(input)],
}

function findInMail(input: CheckInput): readonly Found[] {
  const elements = input.page.elements.flatMap((element) =>
    activeParts(element).map(([what, written]) => ({
      ...forbid(`the mail holds ${what}, which mail programs take out`),
      ...placeOfElement(input, element, [written]),
    })),
  )
  const imports = input.styles
    .filter(({ css }) => /@import\b/i.test(css))
    .map(() => ({
      ...forbid('the mail holds @import, which mail programs take out'),
      ...placeInTemplate(input, ['@import']),
    }))
  return [...elements, ...imports]
}

/** The template's own: what an issue may hold is the same in both, and is found in the mail. */
function findOnWeb({ compiled, issue }: CheckInput): readonly Found[] {
  const { elements } = parsePage({ text: compiled.web, turns: [] })
  return elements.filter(isNoData).flatMap((element) =>
    [...activeParts(element), ...runningUrls(element)].map(([what]) => ({
      ...forbid(`the web page holds ${what}, which is not let run there`),
      file: `templates/${issue.template}/web.hbs`,
      line: null,
    })),
  )
}

/** Structured data in a script is read by search engines and run by nobody. */
function isNoData({ tag, attributes }: PageElement): boolean {
  return !(tag === 'script' && attributes.type === 'application/ld+json')
}

/** What it is, and how it is written. */
type Part = readonly [what: string, written: string]

function activeParts({ tag, attributes }: PageElement): readonly Part[] {
  const handlers = Object.keys(attributes).filter((name) => /^on[a-z]+$/.test(name))
  return [
    ...(ACTIVE.has(tag) ? [[`<${tag}>`, `<${tag}`] as const] : []),
    ...(tag === 'link' && /\bstylesheet\b/i.test(attributes.rel ?? '')
      ? [['<link rel="stylesheet">', '<link'] as const]
      : []),
    ...handlers.map((name) => [`${name}="…"`, `${name}=`] as const),
  ]
}

function runningUrls({ attributes }: PageElement): readonly Part[] {
  return ['href', 'src', 'action', 'formaction']
    .filter((name) => RUNS.test(attributes[name] ?? ''))
    .map((name) => {
      const scheme = (attributes[name] ?? '').trim().split(':')[0] ?? ''
      return [`${name}="${scheme}:…"`, `${scheme}:`] as const
    })
}

function forbid(message: string): Pick<Found, 'severity' | 'message' | 'hint'> {
  return { severity: 'error', message, hint: 'take it out, or link to a page of your own site that has it' }
}
