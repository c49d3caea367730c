/**
 * Alternatives: the ways in which an Issue's conditional passages can turn out, a reader for each. All of them where they are
 * few; else enough that each passage is seen with and without.
 */

import { namesIn } from './checks/samples.js'
import type { CompiledIssue, Holed } from './compiled.js'

/** Messages of one test. */
export const MAX_ALTERNATIVES = 8
/** 2 × 2 × 2 are eight. */
const MAX_COMBINED = 3

export interface Alternative {
  /** What is known of its reader, as far as passages ask for it: `with city, without plan`; null where none does. */
  readonly label: string | null
  readonly values: Readonly<Record<string, string>>
}

type Parts = Pick<CompiledIssue, 'subject' | 'html' | 'text'>

/**
 * The first is of the reader given, by what is known of them; others know or lack what decides a passage. `given` null: a
 * sample of whom all is known. No more than `most`.
 */
export function listAlternatives(
  compiled: Parts,
  given: Readonly<Record<string, string>> | null,
  most = MAX_ALTERNATIVES,
): readonly Alternative[] {
  const { subject, html, text } = compiled
  // Every reader has an address.
  const names = namesIn([...subject, ...html, ...text]).filter((name) => name !== 'address')
  const deciding = decidingNames([...html, ...text]).filter((name) => name !== 'address')
  const values = given ?? Object.fromEntries(names.map((name) => [name, sampleValue(name)]))
  const own = new Set(deciding.filter((name) => (values[name] ?? '').trim() !== ''))
  return chooseSets(deciding, { own, most }).map((known) => ({
    label: deciding.length === 0 ? null : describe(known, deciding),
    values: {
      ...values,
      ...Object.fromEntries(deciding.map((name) => [name, valueFor(name, known, values)])),
    },
  }))
}

/** Names that decide a passage, each once. */
export function decidingNames(holed: Holed): readonly string[] {
  const names = holed.flatMap((piece) =>
    typeof piece === 'string' || piece.kind !== 'choice' ? [] : [piece.name],
  )
  return [...new Set(names)]
}

/** Each set once: names that are known. */
function chooseSets(
  deciding: readonly string[],
  { own, most }: { readonly own: ReadonlySet<string>; readonly most: number },
): readonly ReadonlySet<string>[] {
  const sets =
    deciding.length <= MAX_COMBINED
      ? combine(deciding)
      : [new Set(deciding), new Set<string>(), ...deciding.map((name) => new Set([name]))]
  const byName = new Map([own, ...sets].map((known) => [JSON.stringify([...known].sort()), known]))
  return [...byName.values()].slice(0, most)
}

/** With everything first. */
function combine([name, ...rest]: readonly string[]): readonly ReadonlySet<string>[] {
  if (name === undefined) return [new Set()]
  const without = combine(rest)
  return [...without.map((known) => new Set([name, ...known])), ...without]
}

function valueFor(
  name: string,
  known: ReadonlySet<string>,
  values: Readonly<Record<string, string>>,
): string {
  if (!known.has(name)) return ''
  const value = values[name] ?? ''
  return value.trim() === '' ? sampleValue(name) : value
}

/** Says that it is none of a person's. */
function sampleValue(name: string): string {
  return name === 'name' ? 'Sam Sample' : `sample ${name.replaceAll('_', ' ')}`
}

function describe(known: ReadonlySet<string>, deciding: readonly string[]): string {
  const words = (names: readonly string[]) => names.map((name) => name.replaceAll('_', ' '))
  const present = words(deciding.filter((name) => known.has(name)))
  const absent = words(deciding.filter((name) => !known.has(name)))
  if (deciding.length > MAX_COMBINED) {
    if (absent.length === 0) return 'with all'
    if (present.length === 0) return 'with none'
    if (present.length === 1) return `with ${present[0]} alone`
    return `with ${present.length} of ${deciding.length}`
  }
  return [
    ...(present.length === 0 ? [] : [`with ${present.join(', ')}`]),
    ...(absent.length === 0 ? [] : [`without ${absent.join(', ')}`]),
  ].join(', ')
}
