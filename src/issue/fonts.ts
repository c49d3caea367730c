/** Fonts of a publication: a stack by name, or a list that ends in a generic family. No font is ever loaded. */

/** Fonts that the systems of readers bring along. */
const STACKS: Readonly<Record<string, string>> = {
  serif: "Georgia, 'Iowan Old Style', 'Palatino Linotype', 'Times New Roman', serif",
  sans: "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
}

export const SERIF = STACKS.serif ?? ''

export const FONTS_FORM = 'serif, sans, or a list that ends in serif, sans-serif or monospace'

const GENERIC = new Set(['serif', 'sans-serif', 'monospace'])
/** Longer lists are of no use to anyone, and stand in every mail a hundred times. */
const MAX_FONTS = 8
const NAME = /^-?[\p{L}\p{N}](?:[\p{L}\p{N} _-]{0,40}[\p{L}\p{N}])?$/u
const PLAIN_NAME = /^-?[a-z][a-z0-9-]*$/i

/** A font list as CSS writes it, names in single quotes where they need them; null when it is none. */
export function readFonts(written: string): string | null {
  const stack = Object.hasOwn(STACKS, written) ? STACKS[written] : undefined
  if (stack !== undefined) return stack
  const names = written.split(',').map((name) => name.trim().replace(/^(["'])(.*)\1$/, '$2'))
  const isList =
    names.length > 1 &&
    names.length <= MAX_FONTS &&
    names.every((name) => NAME.test(name)) &&
    GENERIC.has(names.at(-1) ?? '')
  return isList ? names.map((name) => (PLAIN_NAME.test(name) ? name : `'${name}'`)).join(', ') : null
}
