/**
 * Braces right behind an image or a link: `![…](…){width=300}`, `[…](…){.button}`. What they say goes into the `meta`
 * of the token before them; braces that hold no attributes stay text.
 */

import type { StateInline, Token } from 'markdown-it'

const BRACES = /\{([^{}\n]*)\}/y
const LOOKS_LIKE_ATTRIBUTES = /^\s*(?:[.#][\w-]|[a-z]+=)/i
const WIDTH = /^\s*width="?(\d{1,4})(?:px)?"?\s*$/
const BUTTON = '.button'
const NO_UTM = 'utm=off'

const BRACE = 0x7b

/** An inline rule; it runs where no other rule takes a brace. */
export function attributesRule(state: StateInline, silent: boolean): boolean {
  if (silent || state.pending !== '' || state.src.charCodeAt(state.pos) !== BRACE) return false
  const holder = state.tokens.at(-1)
  if (holder?.type !== 'image' && holder?.type !== 'link_close') return false
  BRACES.lastIndex = state.pos
  const match = BRACES.exec(state.src)
  if (match?.[1] === undefined || !LOOKS_LIKE_ATTRIBUTES.test(match[1])) return false
  if (!giveAttributes(state.tokens, holder, match[1])) {
    const token = state.push('bad_attributes', '', 0)
    token.content = match[0]
    token.meta = { of: holder.type === 'image' ? 'image' : 'link' }
  }
  state.pos = BRACES.lastIndex
  return true
}

function giveAttributes(tokens: readonly Token[], holder: Token, braces: string): boolean {
  if (holder.type === 'image') {
    const width = Number(WIDTH.exec(braces)?.[1] ?? 0)
    if (width > 0) holder.meta = { ...holder.meta, width }
    return width > 0
  }
  const link = tokens.findLast(({ type }) => type === 'link_open')
  const words = braces.trim().split(/\s+/)
  if (link === undefined || words.some((word) => word !== BUTTON && word !== NO_UTM)) return false
  const isButton = words.includes(BUTTON) ? { isButton: true } : {}
  const hasUtm = words.includes(NO_UTM) ? { hasUtm: false } : {}
  link.meta = { ...link.meta, ...isButton, ...hasUtm }
  return true
}

/** CSS pixels that an `image` shall be wide, null when the editor left it open. */
export function widthOf({ meta }: Token): number | null {
  return typeof meta?.width === 'number' ? meta.width : null
}

/** Whether a `link_open` is a button. */
export function isButton({ meta }: Token): boolean {
  return meta?.isButton === true
}

/** Whether UTM parameters may be added to the URL of a `link_open`. */
export function hasUtm({ meta }: Token): boolean {
  return meta?.hasUtm !== false
}

/** What would be right in place of a `bad_attributes` token. */
export function describeBadAttributes({ content, meta }: Token): string {
  const right =
    meta?.of === 'image'
      ? 'behind an image stands {width=300}'
      : 'behind a link stands {.button} or {utm=off}'
  return `"${content}" cannot be read; ${right}, or a backslash before the brace to show it as it is`
}
