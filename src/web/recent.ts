/** Remembers what was made last, by key; what is asked for at once by several is made once. */

export function openRecent<T>(max: number, make: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const byKey = new Map<string, Promise<T>>()
  return (key) => {
    const known = byKey.get(key)
    // Last in a Map's order is last used.
    byKey.delete(key)
    const made = known ?? make(key)
    byKey.set(key, made)
    const [oldest] = byKey.keys()
    if (byKey.size > max && oldest !== undefined) byKey.delete(oldest)
    // A failure is the asker's to see, and nobody's to keep.
    if (known === undefined) made.catch(() => byKey.delete(key))
    return made
  }
}
