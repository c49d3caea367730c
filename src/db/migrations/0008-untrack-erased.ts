/** Of whoever is erased nothing more is kept, of those too who were erased before that was so. */

export function untrackErased(): readonly string[] {
  return [
    `update delivery set is_untracked = 1
      where is_untracked = 0 and subscriber_id in (select subscriber_id from erasure where subscriber_id > 0)`,
  ]
}
