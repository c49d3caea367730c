/** Folders whose changes the system tells. One that is made anew in the same place is another folder. */

import { type FSWatcher, watch } from 'node:fs'
import path from 'node:path'

export interface FolderWatch {
  /** By path relative to the root, with what tells it from another in its place. Those no longer named are let go. */
  set(folders: ReadonlyMap<string, string>): void
  close(): void
}

/** `onEvent`: something happened to a name in a folder, which may be the folder's own; null when the system does not say. */
export function watchFolders(
  root: string,
  onEvent: (folder: string, name: string | null) => void,
): FolderWatch {
  const watched = new Map<string, { readonly print: string; readonly watcher: FSWatcher }>()

  function letGo(folder: string): void {
    watched.get(folder)?.watcher.close()
    watched.delete(folder)
  }

  return {
    set(folders) {
      for (const [folder, { print }] of watched) if (folders.get(folder) !== print) letGo(folder)
      for (const [folder, print] of folders) {
        if (watched.has(folder)) continue
        const watcher = start(path.join(root, folder), (name) => onEvent(folder, name))
        if (watcher === null) continue
        watched.set(folder, { print, watcher })
        watcher.on('error', () => letGo(folder))
        // What came into it before it was watched has told nobody.
        onEvent(folder, null)
      }
    },
    close() {
      for (const folder of [...watched.keys()]) letGo(folder)
    },
  }
}

/** Null when it has gone, or the system has no more watches to give: `watch.ts` also looks by itself. */
function start(folder: string, onEvent: (name: string | null) => void): FSWatcher | null {
  try {
    return watch(folder, (_kind, name) => onEvent(name))
  } catch {
    return null
  }
}
