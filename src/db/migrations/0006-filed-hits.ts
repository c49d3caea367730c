/**
 * Filed Hits: on SQLite one that has just come in is in no index, since each would touch a page of its own for it; ingest
 * files many at once. Postgres writes such pages behind, and files them as they come.
 */

import type { Engine } from '../db.js'

export function filedHits(engine: Engine): readonly string[] {
  return [
    'alter table hit add column is_filed bigint not null default 1',
    ...(engine === 'sqlite'
      ? [
          'drop index hit_delivery',
          'create index hit_delivery on hit (delivery_id) where is_filed = 1',
          'drop index hit_network',
          `create index hit_network on hit (network, at) where is_filed = 1 and network <> ''`,
          `insert into meta (key, value) select 'filed.cursor', cast(coalesce(max(id), 0) as text) from hit`,
        ]
      : []),
  ]
}
