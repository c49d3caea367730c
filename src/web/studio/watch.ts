/** Tells when what an issue is made of changes on the disk: issues/ and templates/, pictures and word lists among them. */

import path from 'node:path'
import { watch } from 'chokidar'

export interface Watch {
  close(): Promise<void>
}

export function watchFiles(
  root: string,
  { onChange, now }: { readonly onChange: (changedAt: number) => void; readonly now: () => number },
): Watch {
  const watcher = watch(
    ['issues', 'templates'].map((folder) => path.join(root, folder)),
    { ignoreInitial: true },
  )
  watcher.on('all', () => onChange(now()))
  return { close: () => watcher.close() }
}
