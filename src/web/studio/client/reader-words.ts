/** What a reader's copy lacks, in words. */

import type { HoleCount, HoleUse, ReaderView } from '../api.js'

/** `2 fallbacks, 1 empty`; '' when nothing is missing. */
export function describeCount({ fallbacks, empty }: Pick<HoleCount, 'fallbacks' | 'empty'>): string {
  return [
    ...(fallbacks === 0 ? [] : [`${fallbacks} ${fallbacks === 1 ? 'fallback' : 'fallbacks'}`]),
    ...(empty === 0 ? [] : [`${empty} empty`]),
  ].join(', ')
}

/** One line for each hole that is missing or cannot be marked, then one for the passages. */
export function describeReader({
  holes,
  passages,
}: Pick<ReaderView, 'holes' | 'passages'>): readonly string[] {
  const told = holes.filter(({ kind, place }) => kind !== 'filled' || place === 'attribute')
  const sides = passages.map(({ name, isKnown }) => `${isKnown ? 'with' : 'without'} ${asWords(name)}`)
  return [...told.map(describeHole), ...(sides.length === 0 ? [] : [`passages: ${sides.join(', ')}`])]
}

const PLACES = {
  subject: 'in the subject',
  words: '',
  attribute: 'within a link or a picture',
  head: 'in the head, which nobody reads',
  comment: 'in Outlook on Windows alone',
} as const satisfies Readonly<Record<HoleUse['place'], string>>

function describeHole({ name, kind, shown, place, times }: HoleUse): string {
  const what = kind === 'empty' ? 'empty' : kind === 'fallback' ? `fallback “${shown}”` : `“${shown}”`
  const where = [PLACES[place], times > 1 ? `${times} times` : ''].filter((part) => part !== '').join(', ')
  return `${asWords(name)}: ${what}${where === '' ? '' : `, ${where}`}`
}

function asWords(name: string): string {
  return name.replaceAll('_', ' ')
}
