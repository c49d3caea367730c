/** Tag lists: `v=DKIM1; k=rsa; p=…`, as DKIM and DMARC records are written (RFC 6376 section 3.2). */

export interface TagList {
  readonly tags: ReadonlyMap<string, string>
  /** What is no tag, or a tag's second value: the first holds. */
  readonly odd: readonly string[]
}

/** Never throws. Names in lower case, values without the blanks around them. */
export function readTags(text: string): TagList {
  const tags = new Map<string, string>()
  const odd: string[] = []
  for (const part of text.split(';')) {
    const given = part.trim()
    if (given === '') continue
    const equals = given.indexOf('=')
    const name = given.slice(0, Math.max(0, equals)).trim().toLowerCase()
    if (!/^[a-z][a-z0-9_]*$/.test(name) || tags.has(name)) odd.push(given)
    else tags.set(name, given.slice(equals + 1).trim())
  }
  return { tags, odd }
}
