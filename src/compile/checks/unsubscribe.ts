/** I05: everyone can leave: a visible unsubscribe link in the HTML, before the place where Gmail clips, and in the text. */

import type { Holed } from '../compiled.js'
import type { Check, Finding } from './finding.js'

const CLIP_BYTES = 100_000

export const checkUnsubscribe: Check = ({ compiled }) => {
  const url = `${compiled.publication.publicUrl}/u/`
  const findings: Finding[] = []
  if (!hasVisibleLink(compiled.html, url)) {
    findings.push(
      finding('the HTML has no visible unsubscribe link in its first 100 KB; use {{urls.unsubscribe}}'),
    )
  }
  if (!runsBeforeLeave(compiled.text).some((run) => run.endsWith(url))) {
    findings.push(finding('the text part has no unsubscribe URL'))
  }
  return findings
}

function finding(message: string): Finding {
  return { id: 'I05', severity: 'error', message, line: null }
}

/** An `<a>` to the Token's URL whose content has words, not hidden by its own style. */
function hasVisibleLink(html: Holed, url: string): boolean {
  let bytes = 0
  return html.some((piece, index) => {
    if (typeof piece === 'string') {
      bytes += Buffer.byteLength(piece)
      return false
    }
    if (piece.kind !== 'token' || piece.purpose !== 'leave' || bytes > CLIP_BYTES) return false
    const before = html[index - 1]
    const after = html[index + 1]
    if (typeof before !== 'string' || typeof after !== 'string') return false
    const tag = /<a\b[^>]*$/.exec(before)?.[0]
    const words = /^[^>]*>([\s\S]*?)<\/a>/
      .exec(after)?.[1]
      ?.replace(/<[^>]*>/g, '')
      .trim()
    return (
      tag !== undefined &&
      before.endsWith(`href="${url}`) &&
      words !== undefined &&
      words !== '' &&
      !isHidden(tag + after.slice(0, after.indexOf('>')))
    )
  })
}

function isHidden(tag: string): boolean {
  return /display:\s*none|font-size:\s*0|visibility:\s*hidden/i.test(tag)
}

function runsBeforeLeave(holed: Holed): readonly string[] {
  return holed.flatMap((piece, index) => {
    const before = holed[index - 1]
    const leaves = typeof piece !== 'string' && piece.kind === 'token' && piece.purpose === 'leave'
    return leaves && typeof before === 'string' ? [before] : []
  })
}
