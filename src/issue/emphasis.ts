/**
 * Emphasis where no spaces part words: CommonMark takes `**「…」**は` for stars, since a mark beside punctuation wants a
 * space on its other side. Beside Chinese, Japanese or Korean letters none is wanted.
 */

import type { MarkdownIt } from 'markdown-it'

const LETTER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fc]/u
const PUNCTUATION = /[\p{P}\p{S}]/u

export function allowTightEmphasis(markdown: MarkdownIt): void {
  markdown.inline.State = class extends markdown.inline.State {
    override scanDelims(start: number, canSplitWord: boolean) {
      const found = super.scanDelims(start, canSplitWord)
      if (!canSplitWord) return found
      const before = [...this.src.slice(Math.max(0, start - 2), start)].at(-1) ?? ''
      const after = [...this.src.slice(start + found.length, start + found.length + 2)][0] ?? ''
      return {
        ...found,
        can_open: found.can_open || (LETTER.test(before) && PUNCTUATION.test(after)),
        can_close: found.can_close || (PUNCTUATION.test(before) && LETTER.test(after)),
      }
    }
  }
}
