/**
 * How many of the Hits that wait go into the next commit. While one group is written the other is answered, and who is
 * answered comes back: two groups of one size in turn keep the database from waiting for us, and us for the database.
 */

const MAX_GROUP = 1_000

/** `before`: of the group that was written last; 0 when the database had nothing to do. */
export function groupSize({
  before,
  waiting,
}: {
  readonly before: number
  readonly waiting: number
}): number {
  return Math.min(MAX_GROUP, before === 0 ? waiting : Math.ceil((before + waiting) / 2))
}
