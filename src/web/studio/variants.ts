/** Variants: readers for whom each conditional passage shows one side and the other. */

import type { SampleReader, Values } from './api.js'

/** With one passage more than these, both sides of each are shown, and not every combination. */
const MAX_COMBINED = 3
/** As many as can be looked at beside each other. */
const MAX_VARIANTS = 12

/** `names` are what passages ask for; `known` holds a value for each of them. */
export function variantsOf(names: readonly string[], known: Values): readonly SampleReader[] {
  if (names.length === 0) return []
  const sets = names.length <= MAX_COMBINED ? allSubsets(names) : [[], ...names.map((name) => [name])]
  const missing = names.length <= MAX_COMBINED ? sets : [...sets, [...names]]
  return missing.slice(0, MAX_VARIANTS).map((without) => ({
    label: describe(names, without),
    values: Object.fromEntries(
      Object.entries(known).map(([name, value]) => [name, without.includes(name) ? '' : value]),
    ),
  }))
}

/** The empty one first. */
function allSubsets(names: readonly string[]): readonly (readonly string[])[] {
  const sets: string[][] = [[]]
  for (const name of names) sets.push(...sets.map((set) => [...set, name]))
  return sets
}

/** Of whom all else is known. */
function describe(names: readonly string[], without: readonly string[]): string {
  return without.length === 0 ? `With ${join(names.map(asWords))}` : `Without ${join(without.map(asWords))}`
}

function asWords(name: string): string {
  return name.replaceAll('_', ' ')
}

function join(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
