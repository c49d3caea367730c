/** The text of `<pre>` as it stands, blank by blank, and the language it says it is in. */

import { attributeOf, type Element, isElement, isText } from './html-tree.js'
import { readRaised } from './inline-elements.js'
import { cleanText } from './runs.js'
import { roleOf } from './visible.js'

/** Without empty lines at its ends; `language` is '' when none is named. */
export function readCodeText(element: Element): { readonly text: string; readonly language: string } {
  const { text } = cleanText(rawText(element).replace(/\r\n?/g, '\n'))
  const code = element.childNodes.filter(isElement).find(({ tagName }) => tagName === 'code')
  const classes = `${attributeOf(element, 'class')} ${attributeOf(code ?? element, 'class')}`
  return {
    text: text.replace(/^(?:[^\S\n]*\n)+|\s+$/g, ''),
    language: /(?:^|\s)lang(?:uage)?-([\w+#-]+)/.exec(classes)?.[1] ?? '',
  }
}

function rawText(element: Element): string {
  return element.childNodes
    .map((node) => {
      if (isText(node)) return node.value
      if (!isElement(node)) return ''
      const role = roleOf(node)
      if (role === 'out') return ''
      const raw = node.tagName === 'br' ? '\n' : (readRaised(node) ?? rawText(node))
      return role === 'block' ? `\n${raw}\n` : raw
    })
    .join('')
}
