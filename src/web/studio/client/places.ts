/** Where something stands on the disk, as a link that opens the editor there. */

import type { AboutView } from '../api.js'
import { ask } from './ask.js'
import { make } from './dom.js'
import { editorUrl } from './editor-url.js'

let about: Promise<AboutView> | null = null

/** Asked once; nothing on the page waits for it. */
function readAbout(): Promise<AboutView> {
  about ??= ask<AboutView>('/api/studio')
  return about
}

/**
 * `issues/x.md:12`, which opens the editor; words alone where it names no file of the root. `isOwn`: of the file that all
 * around it is about, so that the line says enough.
 */
export function placeLink(
  file: string,
  line: number | null,
  { isOwn = false }: { readonly isOwn?: boolean } = {},
): HTMLElement {
  const whole = line === null ? file : `${file}:${line}`
  if (!isInRoot(file)) return make('span', { class: 'place' }, whole)
  const words = isOwn ? (line === null ? 'the whole issue' : `line ${line}`) : whole
  const link = make('a', { class: 'place', title: `Open ${whole} in the editor` }, words)
  void readAbout().then((told) => {
    link.href = editorUrl(told, file, line)
  })
  return link
}

/** Opens the editor there; the page stays. */
export async function openPlace(file: string, line: number | null): Promise<void> {
  if (isInRoot(file)) make('a', { href: editorUrl(await readAbout(), file, line) }).click()
}

/** What a problem names may be a setting or a folder as well. */
function isInRoot(file: string): boolean {
  return /^(?:issues|templates)\/.*[^/]$/.test(file)
}
