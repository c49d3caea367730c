/**
 * Who an issue may be looked at as: the cast that its checks know, both sides of each conditional passage, and those whom
 * the team has written down in issues/readers.yaml.
 */

import { listAlternatives } from '../../compile/alternatives.js'
import { longestReader, NOBODY, ODD_READERS, type Reader, SAMPLE_ADDRESS } from '../../compile/checks/cast.js'
import { namesIn } from '../../compile/checks/samples.js'
import type { Picture } from '../../compile/picture.js'
import type { AttributeType } from '../../issue/publication.js'
import type { AskedValue, ReaderView, SampleReader, Values } from './api.js'
import { countHoles, findHoleUses, findPassages } from './hole-uses.js'

/** What somebody of whom all is known has under the names that publications use most. */
const USUAL: Readonly<Record<string, string>> = {
  name: 'Ada Quist',
  address: SAMPLE_ADDRESS,
  first_name: 'Ada',
  last_name: 'Quist',
  city: 'Lisbon',
  country: 'Portugal',
  region: 'Alentejo',
  company: 'Quist & Daughters',
  organisation: 'Quist & Daughters',
  language: 'en',
  title: 'Dr',
  phone: '+351 210 000 000',
}

/** As many as can be looked at beside each other. */
const MAX_VARIANTS = 12

const SAMPLE_NUMBER = '1234.5'
const SAMPLE_DAY = '2026-03-31'

export interface ReadersInput {
  /** Of newsletter.yaml. */
  readonly attributes: readonly AttributeType[]
  readonly shared: readonly SampleReader[]
  readonly own: readonly SampleReader[]
}

/** The first is of whom nothing is known. */
export function readersOf(
  picture: Picture,
  { attributes, shared, own }: ReadersInput,
): readonly ReaderView[] {
  const names = namesOf(picture)
  const { subject, html, text } = picture.compilation.compiled
  const view = (kind: ReaderView['kind'], label: string, values: Values): ReaderView => {
    const holes = findHoleUses({ subject, html }, values)
    const passages = findPassages([...html, ...text], values)
    return { label, kind, values: known(values), count: countHoles(holes), holes, passages }
  }
  const usual = valuesOf(usualReader(names), names, attributes)
  const cast = castOf(picture, names).map((reader) =>
    view('cast', reader.title, valuesOf(reader, names, attributes)),
  )
  return [
    ...withoutTwins(cast),
    ...listAlternatives(picture.compilation.compiled, usual, MAX_VARIANTS).flatMap(({ label, values }) =>
      label === null ? [] : [view('variant', sentenceCase(label), values)],
    ),
    ...shared.map(({ label, values }) => view('shared', label, values)),
    ...own.map(({ label, values }) => view('own', label, values)),
  ]
}

export function askedOf(picture: Picture, attributes: readonly AttributeType[]): readonly AskedValue[] {
  return namesOf(picture).map((name) => {
    const type = attributes.find((one) => one.name === name)
    if (type === undefined) return { name, kind: 'text', choices: [] }
    return { name, kind: type.kind, choices: type.kind === 'oneOf' ? type.choices : [] }
  })
}

function namesOf({ preheader, compilation: { compiled } }: Picture): readonly string[] {
  const { subject, html, text } = compiled
  return namesIn([...subject, ...preheader, ...html, ...text])
}

function castOf({ compilation }: Picture, names: readonly string[]): readonly Reader[] {
  if (names.every((name) => name === 'address')) return [NOBODY]
  const all = usualReader(names)
  return [
    NOBODY,
    all,
    {
      ...all,
      title: 'No name',
      known: (name) => (name.includes('name') ? '' : all.known(name)),
    },
    ...ODD_READERS,
    longestReader(compilation.compiled.html, names),
  ]
}

function usualReader(names: readonly string[]): Reader {
  const usual = new Map(names.map((name) => [name, USUAL[name] ?? `A ${name.replaceAll('_', ' ')}`]))
  return {
    label: 'a reader of whom everything is known',
    title: 'Everything known',
    known: (name) => usual.get(name) ?? '',
  }
}

/** What is declared a number, a day or one of some words is one, however odd the reader. */
function valuesOf(reader: Reader, names: readonly string[], attributes: readonly AttributeType[]): Values {
  return Object.fromEntries(
    names.map((name) => {
      const given = reader.known(name)
      const type = attributes.find((one) => one.name === name)
      return [name, given === '' || type === undefined ? given : fitting(type, given)]
    }),
  )
}

function fitting(type: AttributeType, given: string): string {
  switch (type.kind) {
    case 'text':
      return given
    case 'number':
      return SAMPLE_NUMBER
    case 'date':
      return SAMPLE_DAY
    case 'yesNo':
      return 'yes'
    case 'oneOf':
      return [...type.choices].sort((one, other) => other.length - one.length)[0] ?? ''
    default:
      return type satisfies never
  }
}

function sentenceCase(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

function known(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))
}

/** Of readers who are known by the same values the first. */
function withoutTwins(readers: readonly ReaderView[]): readonly ReaderView[] {
  const print = ({ values }: ReaderView) => JSON.stringify(values)
  return readers.filter((one, index) => readers.findIndex((other) => print(other) === print(one)) === index)
}
