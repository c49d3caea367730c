/**
 * Paragraphs that are more than text: one that begins with an image on a line of its own becomes a figure, with what
 * stands below as its caption, and one that is a button alone says so.
 */

import type { StateCore, Token } from 'markdown-it'
import { isButton } from './attributes.js'

/** A core rule; it runs when inline text has been parsed and typographic marks have not been set. */
export function figureRule(state: StateCore): void {
  const tokens: Token[] = []
  for (let at = 0; at < state.tokens.length; at += 1) {
    const [open, inline] = [state.tokens[at], state.tokens[at + 1]]
    if (open === undefined) break
    if (open.type === 'paragraph_open' && inline?.type === 'inline') {
      const picture = cutPicture(inline.children ?? [])
      if (picture !== null) {
        tokens.push(...writeFigure({ open, inline, picture }, state))
        at += 2
        continue
      }
      if (isOneButton(inline.children ?? [])) {
        open.attrSet('class', 'button')
        open.hidden = false
        inline.meta = { ...inline.meta, isButton: true }
      }
    }
    tokens.push(open)
  }
  state.tokens = tokens
}

function isOneButton(children: readonly Token[]): boolean {
  const [first] = children
  const close = children.findIndex(({ type }) => type === 'link_close')
  return first?.type === 'link_open' && isButton(first) && close === children.length - 1
}

interface Picture {
  readonly image: Token
  /** The image, or the link that holds nothing but it. */
  readonly shown: readonly Token[]
  /** What stands on the lines below. */
  readonly caption: readonly Token[]
}

/** Null when the paragraph begins with anything but an image on a line of its own. */
function cutPicture(children: readonly Token[]): Picture | null {
  const isLinked = children[0]?.type === 'link_open' && children[2]?.type === 'link_close'
  const image = children[isLinked ? 1 : 0]
  const [shown, rest] = [children.slice(0, isLinked ? 3 : 1), children.slice(isLinked ? 3 : 1)]
  const endsLine = rest[0] === undefined || rest[0].type === 'softbreak' || rest[0].type === 'hardbreak'
  return image?.type === 'image' && endsLine ? { image, shown, caption: rest.slice(1) } : null
}

interface Paragraph {
  readonly open: Token
  readonly inline: Token
  readonly picture: Picture
}

/** A caption may also be the image's title, as Markdown has it: `![…](… "The quay")`. */
function writeFigure({ open, inline, picture }: Paragraph, state: StateCore): Token[] {
  const { image, shown, caption } = picture
  const [first, end] = inline.map ?? [0, 1]
  const lines = inline.content.split('\n')
  const imageLines = 1 + (image.children ?? []).filter(({ type }) => type.endsWith('break')).length
  const title = caption.length === 0 ? takeTitle(image) : ''
  const words = title === '' ? caption : parseInline(title, state)
  const captionLine = Math.min(first + imageLines, end - 1)
  const tokens = [
    blockToken(state, ['figure', 1], [first, end]),
    inlineToken(state, shown, { content: lines.slice(0, imageLines).join('\n'), map: [first, end] }),
  ]
  if (words.length > 0) {
    // The rules for typographic marks look at the content to see whether there is anything to do.
    const content = title === '' ? lines.slice(imageLines).join('\n') : title
    tokens.push(
      blockToken(state, ['figcaption', 1], [captionLine, end]),
      inlineToken(state, words, { content, map: [captionLine, end] }),
      blockToken(state, ['figcaption', -1], null),
    )
  }
  tokens.push(blockToken(state, ['figure', -1], null))
  return setLevels(tokens, open.level)
}

function takeTitle(image: Token): string {
  const title = String(image.attrGet('title') ?? '')
  image.attrs = (image.attrs ?? []).filter(([name]) => name !== 'title')
  return title
}

function parseInline(text: string, state: StateCore): readonly Token[] {
  const tokens: Token[] = []
  state.md.inline.parse(text, state.md, state.env, tokens)
  return tokens
}

function blockToken(
  { Token }: StateCore,
  [tag, nesting]: ['figure' | 'figcaption', 1 | -1],
  map: [number, number] | null,
): Token {
  const token = new Token(`${tag}_${nesting === 1 ? 'open' : 'close'}`, tag, nesting)
  token.block = true
  token.map = map
  return token
}

function inlineToken(
  { Token }: StateCore,
  children: readonly Token[],
  { content, map }: { content: string; map: [number, number] },
): Token {
  const token = new Token('inline', '', 0)
  token.children = [...children]
  token.content = content
  token.map = map
  return token
}

/** As markdown-it counts them: an opening and its closing token stand on one level, what is between one deeper. */
function setLevels(tokens: Token[], from: number): Token[] {
  let level = from
  for (const token of tokens) {
    if (token.nesting === -1) level -= 1
    token.level = level
    if (token.nesting === 1) level += 1
  }
  return tokens
}
