/** What a typist may have meant: every word one slip of the fingers away, the likeliest kinds first. */

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** `word` is in small letters. Two letters changed about, one doubled or not, one wrong, one missing, one too many, two words in one. */
export function slipsOf(word: string): readonly string[] {
  const places = Array.from(
    { length: word.length + 1 },
    (_, at) => [word.slice(0, at), word.slice(at)] as const,
  )
  const swapped = swapsOf(word)
  const redoubled = places.flatMap(([head, tail]) => {
    const letter = tail.charAt(0)
    return letter === tail.charAt(1) ? [head + tail.slice(1)] : [head + letter + tail]
  })
  const added = places.flatMap(([head, tail]) => [...LETTERS].map((letter) => head + letter + tail))
  const changed = places.flatMap(([head, tail]) =>
    tail === '' ? [] : [...LETTERS].map((letter) => head + letter + tail.slice(1)),
  )
  const dropped = places.map(([head, tail]) => head + tail.slice(1))
  const candidates = [...swapped, ...redoubled, ...changed, ...added, ...dropped]
  // People rarely miss the first letter.
  const [likely, unlikely] = [true, false].map((isLikely) =>
    candidates.filter((one) => (one.charAt(0) === word.charAt(0)) === isLikely),
  )
  return [...new Set([...(likely ?? []), ...(unlikely ?? [])])].filter(
    (one) => one !== word && one.length > 1,
  )
}

/** Two neighbours changed about: `teh`. */
export function swapsOf(word: string): readonly string[] {
  return Array.from(
    { length: word.length - 1 },
    (_, at) => word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
  ).filter((one) => one !== word)
}
