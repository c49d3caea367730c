/** I05: everyone can leave: a visible unsubscribe link in the HTML, before the place where Gmail clips, and in the text. */

import type { Holed } from '../compiled.js'
import type { Check, Found } from './check.js'

const CLIP_BYTES = 100_000

const I05: Check = {
  id: 'I05',
  title: 'a visible unsubscribe link stands in the HTML, before where Gmail clips it, and in the text part',
  isWaivable: false,
  run: ({ compiled }) => {
    const url = `${compiled.publication.publicUrl}/u/`
    const found: Found[] = []
    if (!hasVisibleLink(compiled.html, url)) {
      found.push({
        severity: 'error',
        message: 'the HTML has no visible unsubscribe link in its first 100 KB',
        hint: 'use {{urls.unsubscribe}} in the template',
        line: null,
      })
    }
    if (!runsBeforeLeave(compiled.text).some((run) => run.endsWith(url))) {
      found.push({
        severity: 'error',
        message: 'the text part has no unsubscribe URL',
        hint: 'it is written by Pressrun; this is a bug',
        line: null,
      })
    }
    return found
  },
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

export const UNSUBSCRIBE_CHECKS: readonly Check[] = [I05]
