/** I: what stands in the list of an inbox, who wrote, and the way out. */

import { escapeHtml } from '../escape.js'
import type { Check, CheckInput, Found } from './check.js'
import { MESSAGE_CHECKS } from './message-fields.js'
import { describePreheader } from './preheader.js'
import { innerText, isShown } from './rendered.js'
import { describeSubject } from './subject.js'

/** Gmail cuts near 102 KB; what comes after is behind a link. */
const CLIP_BYTES = 100_000

const I01: Check = {
  id: 'I01',
  title: 'the subject is there, short, new and calm',
  isWaivable: false,
  severities: ['error', 'warn'],
  run: describeSubject,
}

const I02: Check = {
  id: 'I02',
  title: 'the preheader says what the subject does not',
  isWaivable: true,
  severities: ['warn', 'info'],
  run: describePreheader,
}

const I05: Check = {
  id: 'I05',
  title: 'a visible unsubscribe link stands in the HTML, before where Gmail clips it, and in the text part',
  isWaivable: false,
  severities: ['error'],
  run: (input) => {
    const url = `${input.compiled.publication.publicUrl}/u/`
    const found: Found[] = []
    if (!hasVisibleLink(input, url))
      found.push({
        severity: 'error',
        message: 'the HTML has no visible unsubscribe link in its first 100 KB',
        hint: 'put <a href="{{urls.unsubscribe}}">Unsubscribe</a> into the template, near its top',
        line: null,
        file: `templates/${input.issue.template}/`,
      })
    if (!input.worst.text.includes(url))
      found.push({
        severity: 'error',
        message: 'the text part has no unsubscribe URL',
        hint: 'Pressrun writes it; this is a bug, tell us',
        line: null,
      })
    return found
  },
}

const I06: Check = {
  id: 'I06',
  title: 'the mail says where its publisher can be found',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const { postalAddress } = input.publication
    const missing = postalAddress.filter((line) => !isTold(line, input))
    if (postalAddress.length > 0 && missing.length === 0) return []
    const [message, hint] =
      postalAddress.length === 0
        ? [
            'there is no postal address, which the law of many countries wants in every newsletter',
            'write postal-address: and its lines below it',
          ]
        : [
            `the postal address is not in the mail: "${missing[0]}" is missing`,
            'let the template show publication.postalAddress',
          ]
    const file = postalAddress.length === 0 ? 'issues/newsletter.yaml' : `templates/${input.issue.template}/`
    return [{ severity: 'warn', message, hint, line: null, file }]
  },
}

export const INBOX_CHECKS: readonly Check[] = [I01, I02, ...MESSAGE_CHECKS, I05, I06]

/** An `<a>` with words, not hidden by any style of its own or around it. */
function hasVisibleLink({ page }: CheckInput, url: string): boolean {
  return page.elements.some(
    ({ tag, attributes, node }) =>
      tag === 'a' &&
      attributes.href?.startsWith(url) &&
      innerText(node).text !== '' &&
      isShown(node) &&
      Buffer.byteLength(page.html.slice(0, node.sourceCodeLocation?.startOffset ?? 0)) < CLIP_BYTES,
  )
}

function isTold(line: string, { worst }: CheckInput): boolean {
  return worst.html.includes(escapeHtml(line)) && worst.text.includes(line)
}
