/**
 * `accepted.txt` beside a template: features that some mail programs lack and that the template is known to work
 * without, a caniemail slug a line; what follows it is for people. Check K01 tells of all others.
 */

import type { Accepted } from './checks/check.js'
import type { TemplateFile } from './template-files.js'

/** None in any other file of a template. */
export function readAccepted({ kind, where, source }: TemplateFile): readonly Accepted[] {
  if (kind !== 'accepted') return []
  return source.split('\n').flatMap((written, index) => {
    const slug = /^\s*([^\s#]+)/.exec(written)?.[1]
    return slug === undefined ? [] : [{ slug, file: where, line: index + 1 }]
  })
}
