/** What was compiled earlier, as a Picture: its lines are not known, and its preheader is read from its HTML. */

import type { Compilation, Holed } from '../../../compile/compiled.js'
import type { Picture } from '../../../compile/picture.js'
import type { HoledLine } from '../../../issue/hole.js'

export function pinnedPicture(compilation: Compilation): Picture {
  const { slug, html } = compilation.compiled
  return {
    file: `issues/${slug}.md`,
    source: '',
    compilation,
    lined: html,
    preheader: preheaderIn(html),
    sections: [],
  }
}

/** What templates hide at the top for inboxes to show, up to its filler. */
const OPENS = /<div style="display:\s?none;[^"]*">/
const ENDS = /<|\u034f|&#847;|&zwnj;|\u200c/

/** Empty when there is none. */
function preheaderIn(html: Holed): HoledLine {
  const line: HoledLine[number][] = []
  let isOpen = false
  for (const piece of html) {
    if (typeof piece !== 'string') {
      if (isOpen && piece.kind === 'person') line.push(piece)
      continue
    }
    const opens = isOpen ? null : OPENS.exec(piece)
    if (!isOpen && opens === null) continue
    isOpen = true
    const rest = opens === null ? piece : piece.slice(opens.index + opens[0].length)
    const end = rest.search(ENDS)
    line.push(plain(end === -1 ? rest : rest.slice(0, end)))
    if (end !== -1) break
  }
  return line.filter((piece) => piece !== '')
}

const CHARACTERS: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

/** The five that `escapeHtml` writes. */
function plain(html: string): string {
  return html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => CHARACTERS[entity] ?? entity)
}
