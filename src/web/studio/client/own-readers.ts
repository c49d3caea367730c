/** Sample readers whom the editor has written in this page. They stay in this browser, whatever issue is open. */

import type { SampleReader } from '../api.js'

const KEY = 'pressrun.readers'

/** What cannot be read is none. */
export function readOwnReaders(): readonly SampleReader[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isReader) : []
  } catch {
    return []
  }
}

/** One of the same label is replaced; `before`: the label that it had. */
export function keepOwnReader(reader: SampleReader, before: string | null = null): void {
  const others = readOwnReaders().filter(({ label }) => label !== reader.label && label !== before)
  write([...others, reader])
}

export function dropOwnReader(dropped: string): void {
  write(readOwnReaders().filter(({ label }) => label !== dropped))
}

/** Told when another tab has changed them. */
export function onOwnReaders(listener: () => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === KEY) listener()
  })
}

function write(readers: readonly SampleReader[]): void {
  localStorage.setItem(KEY, JSON.stringify(readers))
}

function isReader(given: unknown): given is SampleReader {
  if (typeof given !== 'object' || given === null || !('label' in given) || !('values' in given)) return false
  const { label, values } = given
  if (typeof label !== 'string' || typeof values !== 'object' || values === null) return false
  return Object.values(values).every((value) => typeof value === 'string')
}
