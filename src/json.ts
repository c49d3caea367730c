/** JSON that comes from outside, where it may be anything else. */

/** Undefined when it is no JSON, which no JSON text stands for. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
