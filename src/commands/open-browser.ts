/** Opens an address in the browser of whoever sits here, by the program that the system has for it. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'

const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  // The empty word is the title of the window.
  win32: ['cmd', '/c', 'start', ''],
}
const USUAL = ['xdg-open'] as const

/** False when there is no such program. `url` is one of our own. */
export async function openBrowser(
  url: string,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const [program, ...args] = PROGRAMS[platform] ?? USUAL
  const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore' })
  child.unref()
  // `once` rejects on an error: the program is not there.
  return once(child, 'spawn').then(
    () => true,
    () => false,
  )
}
