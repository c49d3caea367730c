/**
 * What may follow a `##` heading in braces: `{#id .kind kicker="Small label"}`. Only headings take attributes:
 * anywhere else a brace is text, so no words in braces are ever lost.
 */

/** An id is also part of a URL: letters and digits of any script, joined by hyphens. */
const ID = /^[\p{L}\p{N}]+(?:[-_][\p{L}\p{M}\p{N}]+)*$/u

const ATTRIBUTES = /^(?:\s*(?:#[^\s{}#."=]+|\.[^\s{}#."=]+|kicker="[^"]*"))*\s*$/u
const ATTRIBUTE = /#([^\s{}#."=]+)|\.([^\s{}#."=]+)|kicker="([^"]*)"/gu

export const ATTRIBUTES_FORM = '{.briefs}, {#an-id} or {kicker="Label"}, with straight quotes'

export interface Heading {
  /** Markdown of the heading without its attributes. */
  readonly text: string
  readonly id: string | null
  readonly classes: readonly string[]
  readonly kicker: string | null
  /** The braces' text when it does not read as attributes, else null. */
  readonly broken: string | null
}

/** Splits the Markdown of one heading, `Other News {.briefs}`, into its text and its attributes. */
export function readHeading(content: string): Heading {
  const match = /^(.*?)\s*(?<!\\)\{([^{}]*)\}\s*$/su.exec(content)
  const braces = match?.[2]
  if (match?.[1] === undefined || braces === undefined)
    return { text: content, id: null, classes: [], kicker: null, broken: null }
  const text = match[1]
  const found = [...braces.matchAll(ATTRIBUTE)]
  const ids = found.flatMap(([, id]) => (id === undefined ? [] : [id]))
  const classes = found.flatMap(([, , name]) => (name === undefined ? [] : [name]))
  const kicker = found.flatMap(([, , , label]) => (label?.trim() ? [label.trim()] : []))[0] ?? null
  const isBroken =
    !ATTRIBUTES.test(braces) || found.length === 0 || ids.length > 1 || !ids.every((id) => ID.test(id))
  return { text, id: ids[0] ?? null, classes, kicker, broken: isBroken ? `{${braces}}` : null }
}
