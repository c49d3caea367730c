/**
 * What may follow a `##` heading in braces: `{#id .kind kicker="Small label" lang=ar}`. Braces that do not read as
 * attributes are a fault, so no words in them are ever lost.
 */

import type { Token } from 'markdown-it'

/** An id is also part of a URL: letters and digits of any script, joined by hyphens. */
const ID = /^[\p{L}\p{N}]+(?:[-_][\p{L}\p{M}\p{N}]+)*$/u

const ATTRIBUTE =
  /#(?<id>[^\s{}#."=]+)|\.(?<kind>[^\s{}#."=]+)|kicker="(?<kicker>[^"]*)"|lang=(?<quote>"?)(?<lang>[\w-]+)\k<quote>/gu
const BETWEEN = /^\s*$/

export const ATTRIBUTES_FORM = '{.briefs}, {#an-id}, {kicker="Label"} or {lang=ar}, with straight quotes'

export interface Heading {
  /** Markdown of the heading without its attributes. */
  readonly text: string
  readonly id: string | null
  readonly classes: readonly string[]
  readonly kicker: string | null
  /** As written: perhaps no language tag. */
  readonly lang: string | null
  /** The braces' text when it does not read as attributes, else null. */
  readonly broken: string | null
}

/** Splits the Markdown of one heading, `Other News {.briefs}`, into its text and its attributes. */
export function readHeading(content: string): Heading {
  const match = /^(.*?)\s*(?<!\\)\{([^{}]*)\}\s*$/su.exec(content)
  const braces = match?.[2]
  if (match?.[1] === undefined || braces === undefined)
    return { text: content, id: null, classes: [], kicker: null, lang: null, broken: null }
  const found = [...braces.matchAll(ATTRIBUTE)]
  const written = (name: string) => found.flatMap(({ groups }) => groups?.[name]?.trim() || [])
  const [ids, kickers, langs] = [written('id'), written('kicker'), written('lang')]
  const isBroken =
    found.length === 0 ||
    !BETWEEN.test(braces.replace(ATTRIBUTE, '')) ||
    [ids, kickers, langs].some(({ length }) => length > 1) ||
    !ids.every((id) => ID.test(id))
  return {
    text: match[1],
    id: ids[0] ?? null,
    classes: written('kind'),
    kicker: kickers[0] ?? null,
    lang: langs[0] ?? null,
    broken: isBroken ? `{${braces}}` : null,
  }
}

/** Whether a Section begins here. */
export function isSectionHeading(token: Token): boolean {
  return token.type === 'heading_open' && token.tag === 'h2' && token.level === 0
}

/** What the Markdown rule put into a `heading_open`. */
export function headingOf(token: Token | undefined): Heading {
  const heading: unknown = token?.meta?.heading
  return isHeading(heading) ? heading : readHeading('')
}

/** Its type was lost in markdown-it's untyped meta. */
function isHeading(value: unknown): value is Heading {
  return typeof value === 'object' && value !== null && 'classes' in value
}
