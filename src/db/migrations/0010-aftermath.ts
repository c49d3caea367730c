/**
 * Aftermath: who left by a Message, complained of it, or did not get it after all, a row each, so that a Report on a million is
 * not read out of their Events. What was reported of a Delivery that has bounced since is no second bounce: a trigger says so.
 */

import type { Engine } from '../db.js'

export function aftermath(engine: Engine): readonly string[] {
  const isSqlite = engine === 'sqlite'
  const under = (name: string) => `coalesce(event.detail${isSqlite ? '' : '::jsonb'} ->> '${name}', '')`
  const isOptOut = `event.kind = 'complained' and ${under('type')} = 'opt-out'`
  return [
    `create table aftermath (
      delivery_id bigint primary key not null,
      send_id bigint not null,
      has_left bigint not null default 0,
      has_complained bigint not null default 0,
      fault bigint not null default 0 check (fault in (0, 1, 2, 3)),
      is_bounced bigint not null default 0
    )${isSqlite ? ' without rowid' : ''}`,
    `insert into aftermath (delivery_id, send_id, has_left, has_complained, fault, is_bounced)
      select delivery.id, delivery.send_id,
        max(case when event.kind = 'unsubscribed' or (${isOptOut}) then 1 else 0 end),
        max(case when event.kind = 'complained' and not (${isOptOut}) then 1 else 0 end),
        coalesce(min(case when event.kind = 'bounced' then
          case ${under('fault')} when 'hard' then 1 when 'soft' then 2 else 3 end end), 0),
        max(case when delivery.state = 'bounced' then 1 else 0 end)
      from event join delivery on delivery.id = event.delivery_id
      where event.kind in ('unsubscribed', 'complained', 'bounced')
        and not (event.kind = 'bounced' and ${under('how')} = 'reply')
        and not (event.kind = 'unsubscribed' and (
          select next.kind from event as next
          where next.subscriber_id = event.subscriber_id and next.list_id = event.list_id
            and next.kind in ('unsubscribed', 'restored') and next.id > event.id
          order by next.id limit 1) is not distinct from 'restored')
      group by delivery.id`,
    'create index aftermath_send on aftermath (send_id, has_left, has_complained, fault, is_bounced)',
    ...(isSqlite ? noteBouncedSqlite() : noteBouncedPostgres()),
  ]
}

const NOTE = `update aftermath set is_bounced = case when new.state = 'bounced' then 1 else 0 end where delivery_id = new.id`
const IS_NEWS = `(old.state = 'bounced') <> (new.state = 'bounced')`

function noteBouncedSqlite(): readonly string[] {
  return [
    `create trigger delivery_bounced after update of state on delivery when ${IS_NEWS} begin ${NOTE}; end`,
  ]
}

function noteBouncedPostgres(): readonly string[] {
  return [
    `create function note_bounced() returns trigger language plpgsql as $$ begin ${NOTE}; return null; end $$`,
    `create trigger delivery_bounced after update of state on delivery
      for each row when (${IS_NEWS}) execute function note_bounced()`,
  ]
}
