/** The URL that opens a file in the editor, from the scheme that the editor of the issue has chosen. */

import type { AboutView } from '../api.js'

/** `file` is relative to the root, with slashes. */
export function editorUrl(
  { root, editorUrl: template }: Pick<AboutView, 'root' | 'editorUrl'>,
  file: string,
  line: number | null,
): string {
  const path = `${withSlashes(root).replace(/\/+$/, '')}/${file}`
  return template
    .replaceAll('{line}', String(line ?? 1))
    .replace(/(^.*?)\{file\}/, (_whole, before: string) => before + encodePath(joinTo(before, path)))
}

/** A backslash is a letter as any other where paths begin with a slash. */
function withSlashes(root: string): string {
  return root.startsWith('/') ? root : root.replaceAll('\\', '/')
}

/**
 * Editors write `vscode://file/{file}`, `idea://open?file={file}` and `file://{file}`. Behind a slash the path's own is not
 * wanted; where a host might stand it is, and `C:/` has none.
 */
function joinTo(before: string, path: string): string {
  if (/:\/\/[^/?]*$/.test(before)) return path.startsWith('/') ? path : `/${path}`
  return before.endsWith('/') ? path.replace(/^\//, '') : path
}

/** Slashes and the colon of a drive stay. */
function encodePath(path: string): string {
  const encoded = path.split('/').map((name) => encodeURIComponent(name).replace(/[!'()*]/g, toHex))
  return encoded.join('/').replace(/^(\/?[a-z])%3A/i, '$1:')
}

function toHex(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
}
