/** Issues written in a test: a body below a small front matter, and what came of it as one readable line. */

import { InputError } from '../../src/errors.js'
import type { Issue, Prose, Section } from '../../src/issue/issue.js'
import { parseIssue } from '../../src/issue/parse.js'

export const publication = { lang: 'en', template: 'digest' }

/** The body begins on line 5, further down by each line of `keys`. */
export function parse(body: string, keys = ''): Issue {
  const source = `---\ntitle: Ports reopen\ndate: 2026-03-31\n${keys}---\n${body}`
  return parseIssue({ file: 'issues/2026-03-31-ports.md', slug: '2026-03-31-ports', source, publication })
}

/** What an InputError says, a line a problem; none when nothing is thrown. */
export function problemsOf(run: () => unknown): readonly string[] {
  try {
    run()
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n')
    throw error
  }
  return []
}

/** As `problemsOf`, the file named "file". */
export function problemsIn(body: string, keys = ''): readonly string[] {
  return problemsOf(() => parse(body, keys)).map((line) => line.replace('issues/2026-03-31-ports.md', 'file'))
}

/** Tokens as one readable line. */
export function sketch(prose: Prose): string {
  return prose
    .flatMap((token) => (token.type === 'inline' ? (token.children ?? []) : [token]))
    .map((token) => {
      if (token.type === 'text') return token.content
      if (token.type === 'hole') return `[${String(token.meta?.name)}|${String(token.meta?.fallback)}]`
      if (token.type.startsWith('choice')) return `<${token.type} ${String(token.meta?.name)}>`
      return `<${token.type}>`
    })
    .join('')
}

/** The issue's first Section. */
export function only(issue: Issue): Section {
  const [section] = issue.sections
  if (section === undefined) throw new Error('the issue has no Section')
  return section
}
