/** Section ids: short, readable in a URL, unique in an Issue. Written ones win; the others come from the headings. */

/** Characters; cut at a word. */
const MAX_LENGTH = 60

/** One id a heading, in order. A written id stays as it is (that two are the same is a problem for the caller). */
export function assignIds(
  headings: readonly { readonly id: string | null; readonly text: string }[],
): string[] {
  const taken = new Set(headings.flatMap(({ id }) => (id === null ? [] : [id])))
  return headings.map(({ id, text }, index) => {
    if (id !== null) return id
    const stem = slugify(text) || `section-${index + 1}`
    let unique = stem
    for (let count = 2; taken.has(unique); count++) unique = `${stem}-${count}`
    taken.add(unique)
    return unique
  })
}

/** Lower case, letters and digits of any script joined by hyphens; '' when there are none. */
export function slugify(text: string): string {
  const words = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
  let slug = ''
  for (const word of words) {
    const longer = slug === '' ? word : `${slug}-${word}`
    if (longer.length > MAX_LENGTH) break
    slug = longer
  }
  return slug || (words[0] ?? '').slice(0, MAX_LENGTH)
}
