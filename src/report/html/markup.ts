/** HTML as a value: only the tag `html` makes it, and it escapes whatever it is given. */

import { escapeHtml } from '../../compile/escape.js'

export interface Html {
  readonly html: string
}

export type HtmlValue = string | number | Html | readonly Html[] | null | undefined

export const NOTHING: Html = { html: '' }

/** Template tag: every value is escaped, but for Html and lists of it. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const text = strings.map((string, index) => (index === 0 ? string : write(values[index - 1]) + string))
  return { html: text.join('') }
}

function write(value: HtmlValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  return 'html' in value ? value.html : value.map(write).join('')
}
