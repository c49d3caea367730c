/** `reader0` … : plain people for `subscribe`, who all take what they are sent. */

export function people(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `reader${index}`)
}
