/** How near a mail is to where it is cut off, for the reader with the longest copy, as the check S01 measures it. */

import { GMAIL_CUTS_BYTES, MAX_HTML_BYTES, WARN_HTML_BYTES } from '../../compile/checks/html-budget.js'
import { sampleCopies } from '../../compile/checks/samples.js'
import { dropIssueLines } from '../../compile/issue-lines.js'
import type { Picture } from '../../compile/picture.js'
import type { SizesView } from './api.js'
import type { StudioContext } from './context.js'
import { sizeParts } from './size-parts.js'

export function sizesOf(picture: Picture, { writeWire }: Pick<StudioContext, 'writeWire'>): SizesView {
  const { compilation, preheader, lined, sections } = picture
  const copies = sampleCopies({ compiled: compilation.compiled, preheader, html: lined }).map((copy) => ({
    ...copy,
    sizeBytes: Buffer.byteLength(dropIssueLines(copy.html)),
  }))
  const worst = copies.reduce((longest, copy) => (copy.sizeBytes > longest.sizeBytes ? copy : longest))
  return {
    reader: copies.every(({ html }) => html === worst.html) ? 'every reader' : worst.label,
    htmlBytes: worst.sizeBytes,
    messageBytes: writeWire(compilation, worst.values).byteLength,
    warnBytes: WARN_HTML_BYTES,
    maxBytes: MAX_HTML_BYTES,
    cutBytes: GMAIL_CUTS_BYTES,
    parts: sizeParts(worst.html, sections),
  }
}
