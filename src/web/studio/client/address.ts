/** What is shown, as an address and back: the path is the place, the query all that differs from what is shown at first. */

import type { Mode } from '../api.js'
import {
  type CompareAs,
  FIRST,
  NOBODY,
  type Place,
  type Reader,
  type State,
  VIEWS,
  type View,
} from './state.js'

const LIGHTS: readonly Mode['light'][] = ['light', 'dark', 'partly', 'fully']
const ENGINES: readonly Mode['engine'][] = ['usual', 'bare', 'word']
/** CSS pixels: narrower than any phone, wider than any mail. */
export const WIDTHS = { least: 240, most: 1920 } as const
const MAX_READERS = 12

/** Whatever is odd in it is as at first. */
export function readAddress({ pathname, searchParams }: URL): State {
  return {
    place: readPlace(pathname),
    view: oneOf<View>(searchParams.get('view'), VIEWS) ?? FIRST.view,
    width: readWidth(searchParams.get('width')),
    mode: {
      light: oneOf(searchParams.get('light'), LIGHTS) ?? FIRST.mode.light,
      images: searchParams.get('images') === 'off' ? 'off' : 'on',
      engine: oneOf(searchParams.get('engine'), ENGINES) ?? FIRST.mode.engine,
    },
    readers: readReaders(searchParams.get('readers')),
    holes: searchParams.get('holes') === '1',
    compareWith: searchParams.get('compare'),
    compareAs: oneOf<CompareAs>(searchParams.get('as'), ['over', 'difference']) ?? FIRST.compareAs,
    compareFor: searchParams.get('for'),
  }
}

/** Path and query. */
export function writeAddress({ place, view, width, mode, readers, holes, ...compared }: State): string {
  const query = new URLSearchParams()
  if (view !== FIRST.view) query.set('view', view)
  if (width !== FIRST.width) query.set('width', width === null ? 'free' : String(width))
  if (mode.light !== FIRST.mode.light) query.set('light', mode.light)
  if (mode.images !== FIRST.mode.images) query.set('images', mode.images)
  if (mode.engine !== FIRST.mode.engine) query.set('engine', mode.engine)
  const written = JSON.stringify(readers)
  if (written !== JSON.stringify(FIRST.readers)) query.set('readers', written)
  if (holes) query.set('holes', '1')
  if (compared.compareWith !== null) query.set('compare', compared.compareWith)
  if (compared.compareAs !== FIRST.compareAs) query.set('as', compared.compareAs)
  if (compared.compareFor !== null) query.set('for', compared.compareFor)
  const text = query.toString()
  return text === '' ? pathOf(place) : `${pathOf(place)}?${text}`
}

export function pathOf(place: Place): string {
  if (place.kind === 'issues') return '/'
  if (place.kind === 'issue') return `/issues/${encodeURIComponent(place.slug)}`
  return place.message === null ? '/inbox' : `/inbox/${place.message}`
}

/** Whether the studio's page stands at this path. */
export function isPlace(pathname: string): boolean {
  return pathname === '/' || /^\/issues\/[^/]+$/.test(pathname) || /^\/inbox(?:\/[^/]+)*$/.test(pathname)
}

function readPlace(pathname: string): Place {
  const [, folder = '', ...rest] = pathname.split('/')
  if (folder === 'inbox') return { kind: 'inbox', message: rest.length === 0 ? null : rest.join('/') }
  if (folder !== 'issues' || rest[0] === undefined) return { kind: 'issues' }
  return { kind: 'issue', slug: decode(rest[0]) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function readWidth(text: string | null): number | null {
  if (text === 'free') return null
  const width = Number(text)
  const isWidth = text !== null && Number.isInteger(width) && width >= WIDTHS.least && width <= WIDTHS.most
  return isWidth ? width : FIRST.width
}

function readReaders(text: string | null): readonly Reader[] {
  if (text === null) return FIRST.readers
  try {
    const given: unknown = JSON.parse(text)
    const readers = Array.isArray(given) ? given.flatMap(readReader).slice(0, MAX_READERS) : []
    return readers.length === 0 ? [NOBODY] : readers
  } catch {
    return [NOBODY]
  }
}

function readReader(given: unknown): readonly Reader[] {
  if (typeof given !== 'object' || given === null || !('label' in given) || !('values' in given)) return []
  const { label, values } = given
  if (typeof label !== 'string' || typeof values !== 'object' || values === null) return []
  const entries = Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return [{ label, values: Object.fromEntries(entries) }]
}

function oneOf<T extends string>(text: string | null, all: readonly T[]): T | undefined {
  return all.find((one) => one === text)
}
