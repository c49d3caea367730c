/** Reading Prose tokens: what the parser put in `meta`, attributes as text, the words without mark-up. */

import type { Token } from 'markdown-it'
import type { PersonHole } from '../issue/hole.js'
import type { Prose } from '../issue/issue.js'

/** An attribute as the text it is, '' when it is not there. */
export function attributeOf(token: Token, name: string): string {
  return String(token.attrGet(name) ?? '')
}

export type Align = 'left' | 'right' | 'center'

/** How the column of a `th` or `td` is aligned, null when the editor left it open. */
export function alignOf(token: Token): Align | null {
  const align = /text-align:\s*(left|right|center)/.exec(attributeOf(token, 'style'))?.[1]
  return align === 'left' || align === 'right' || align === 'center' ? align : null
}

/** The hole of a `hole` token. */
export function holeOf({ meta }: Token): PersonHole {
  return { kind: 'person', name: String(meta?.name), fallback: String(meta?.fallback ?? '') }
}

export interface Passage {
  readonly name: string
  /** For those who have the value. */
  readonly present: Prose
  readonly absent: Prose
  /** Index of the token that closes it. */
  readonly end: number
}

/** The conditional passage that opens at `start`. */
export function readPassage(tokens: Prose, start: number): Passage {
  const offset = tokens.slice(start).findIndex(({ type }) => type === 'choice_close')
  const end = offset === -1 ? tokens.length : start + offset
  const inside = tokens.slice(start + 1, end)
  const turn = inside.findIndex(({ type }) => type === 'choice_else')
  return {
    name: String(tokens[start]?.meta?.name),
    present: turn === -1 ? inside : inside.slice(0, turn),
    absent: turn === -1 ? [] : inside.slice(turn + 1),
    end,
  }
}

/** What an `image` shows, in words; '' when the editor gave none. */
export function altOf({ children }: Token): string {
  return plainText(children ?? [])
    .replace(/\s+/g, ' ')
    .trim()
}

/** The words of inline tokens; holes show their fallback (an image's alternative text is the same for everyone). */
export function plainText(children: Prose): string {
  return children
    .map((token) => {
      if (token.type === 'hole') return holeOf(token).fallback
      if (token.type === 'softbreak' || token.type === 'hardbreak') return ' '
      return token.children ? plainText(token.children) : token.content
    })
    .join('')
}
