/**
 * What writes a Message lies to the right of here (send/): it comes as the path of a module, so that it can be loaded
 * in whatever process or thread compiles.
 */

import { pathToFileURL } from 'node:url'
import type { WriteWire } from './checks/check.js'

/** `file` is absolute; the module exports `writeSampleWire`. */
export async function loadWriteWire(file: string): Promise<WriteWire> {
  const module: { readonly writeSampleWire?: unknown } = await import(pathToFileURL(file).href)
  if (typeof module.writeSampleWire !== 'function') throw new Error(`${file} exports no writeSampleWire`)
  // The one module of that export says that it is a WriteWire, and its types were checked there.
  return module.writeSampleWire as WriteWire
}
