/** A Reply as people read it. */

/** The code stands in front once; null where neither was kept. */
export function writeReply({
  code,
  text,
}: {
  readonly code: number | null
  readonly text: string | null
}): string | null {
  if (code === null || text === null) return text ?? (code === null ? null : String(code))
  return text.startsWith(String(code)) ? text : `${code} ${text}`
}
