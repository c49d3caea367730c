/** C11: where newsletter.yaml declares attributes, a hole with another name is most often a slip, and shows its fallback to all. */

import { nearest } from '../../issue/nearest.js'
import type { Check, CheckInput, Found } from './check.js'
import { namesIn } from './samples.js'

/** C07 speaks of the last. */
const KNOWN = ['name', 'address', 'email']

export const DECLARED_HOLES: Check = {
  id: 'C11',
  title: 'every hole is one of the attributes that newsletter.yaml declares, if it declares any',
  isWaivable: true,
  severities: ['warn'],
  run: (input) => {
    const declared = input.publication.attributes.map(({ name }) => name)
    if (declared.length === 0) return []
    const { subject, html, text } = input.compiled
    return namesIn([...subject, ...html, ...text])
      .filter((name) => !declared.includes(name) && !KNOWN.includes(name))
      .map((name) => describe(name, declared, input))
  },
}

function describe(name: string, declared: readonly string[], { source, issue }: CheckInput): Found {
  const meant = nearest(name, declared)
  const line = source.split('\n').findIndex((text) => new RegExp(`subscriber\\.${name}\\b`).test(text))
  const template = { line: null, file: `templates/${issue.template}/email.mjml` }
  return {
    severity: 'warn',
    message: `subscriber.${name} is no attribute that issues/newsletter.yaml declares`,
    hint: `${meant === null ? '' : `write subscriber.${meant}, or `}declare it there, as in ${name}: text`,
    ...(line === -1 ? template : { line: line + 1 }),
  }
}
