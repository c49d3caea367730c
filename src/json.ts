/** JSON that comes from outside, where it may be anything else, and that a database shall read. */

/** Undefined when it is no JSON, which no JSON text stands for. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Halves of characters and NULs, which Postgres refuses in JSON, are no text: they become U+FFFD, as in `String.toWellFormed`. */
export function writeJson(value: unknown): string {
  const json = JSON.stringify(value)
  return UNREADABLE.test(json) ? JSON.stringify(value, readable) : json
}

const UNREADABLE = /\\u(d[89a-f]|0000)/i

function readable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value
}
