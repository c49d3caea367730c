/**
 * What MJML mends or drops in silence though it is a mistake: words outside of the one <mjml>, a comment without end, HTML
 * that is not closed where it was opened. Reads tags with regular expressions; what a tag means is MJML's business.
 */

import { VOID_ELEMENTS } from './void-elements.js'

export interface Fault {
  /** Of the check that lists it. */
  readonly id: 'C01' | 'C02' | 'C03' | 'C04'
  /** 1-based, in the poured MJML. */
  readonly line: number
  readonly message: string
}

const COMMENT = /<!--[\s\S]*?-->/g
/** What holds whole HTML; what stands in mj-raw may be half of a table that goes round a section. */
const HTML_HOLDER = /<(mj-text|mj-button)\b(?:"[^"]*"|'[^']*'|[^>"'])*?(?<!\/)>([\s\S]*?)<\/\1>/g
const HTML_TAG = /<(\/?)([a-z][a-z0-9]*)\b(?:"[^"]*"|'[^']*'|[^>"'])*>/gi

/** Empty when there is nothing to say. */
export function checkStructure(mjml: string): readonly Fault[] {
  const faults: Fault[] = []
  // Blanks of the same length keep the places of what follows.
  const text = mjml.replace(COMMENT, blank)
  const lineAt = (index: number) => text.slice(0, index).split('\n').length
  const open = text.indexOf('<!--')
  if (open !== -1)
    return [{ id: 'C02', line: lineAt(open), message: 'a comment is never closed; end it with -->' }]
  faults.push(...checkRoot(text, lineAt))
  for (const { 0: whole, 2: inner = '', index } of text.matchAll(HTML_HOLDER)) {
    const start = index + whole.lastIndexOf(inner)
    faults.push(...checkHtml(inner).map(({ at, message }) => fault(lineAt(start + at), message)))
  }
  return faults
}

function fault(line: number, message: string): Fault {
  return { id: 'C02', line, message }
}

function blank(comment: string): string {
  return comment.replace(/[^\n]/g, ' ')
}

/** One <mjml> with one <mj-body>, and nothing beside it. */
function checkRoot(text: string, lineAt: (index: number) => number): readonly Fault[] {
  const begin = text.search(/<mjml[\s>]/)
  if (begin === -1) return [fault(1, 'there is no <mjml>; a mail begins with <mjml> and ends with </mjml>')]
  const end = text.indexOf('</mjml>')
  const after = end === -1 ? text.length : end + '</mjml>'.length
  const bodies = text.match(/<mj-body[\s>]/g)?.length ?? 0
  const [before, behind] = [text.slice(0, begin), text.slice(after)]
  return [
    ...(bodies === 1 ? [] : [fault(lineAt(begin), `<mjml> holds ${bodies} <mj-body>; a mail has one`)]),
    ...(before.trim() === '' ? [] : [fault(1, describeLost(before))]),
    ...(behind.trim() === '' ? [] : [fault(lineAt(after + behind.search(/\S/)), describeLost(behind))]),
  ]
}

function describeLost(text: string): string {
  return `"${text.trim().slice(0, 40)}" stands outside of <mjml> and would be lost; move it in`
}

interface Place {
  readonly at: number
  readonly message: string
}

/** Every tag is closed, in order: a browser and a mail program mend it differently. */
function checkHtml(html: string): readonly Place[] {
  const open: { readonly tag: string; readonly at: number }[] = []
  for (const { 0: whole, 1: closing, 2: name = '', index } of html.matchAll(HTML_TAG)) {
    const tag = name.toLowerCase()
    if (VOID_ELEMENTS.has(tag) || whole.endsWith('/>')) continue
    if (closing === '') open.push({ tag, at: index })
    else if (open.at(-1)?.tag === tag) open.pop()
    else {
      const last = open.at(-1)
      const what = last ? `<${last.tag}>, which is still open` : 'nothing'
      return [{ at: index, message: `</${tag}> closes ${what}` }]
    }
  }
  return open.map(({ tag, at }) => ({ at, message: `<${tag}> is never closed` }))
}
