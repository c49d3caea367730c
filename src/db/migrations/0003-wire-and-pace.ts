/** What right bytes at the right pace need, and freezing a large List fast. */

export function wireAndPace(): readonly string[] {
  return [
    // Made when someone is imported, or else when a freeze first meets them.
    'alter table subscriber add column address_hash text',
    'alter table send add column freeze_from bigint not null default 0',
    'alter table send add column freeze_key text',
    // Replies that used up no attempt of the retry schedule.
    'alter table delivery add column slowed bigint not null default 0',
    // With the lane, so that what waits is counted by lane from the index alone.
    'drop index delivery_state',
    'create index delivery_state on delivery (send_id, state, lane)',
    // With relay and time, so that a relay's day is counted from the index alone.
    'drop index attempt_send',
    'create index attempt_send on attempt (send_id, relay, intended_at)',
    `create table lane (
      name text primary key,
      version bigint not null,
      per_hour bigint,
      goal_per_hour bigint not null,
      connections bigint,
      strikes bigint not null,
      reason text,
      suspended_until bigint,
      slowed_since bigint,
      changed_at bigint not null
    )`,
    `create table worker (
      owner text primary key,
      seen_at bigint not null,
      is_alone bigint not null,
      seen text not null
    )`,
    `create table mx (
      domain text primary key,
      lane text not null,
      looked_up_at bigint not null
    )`,
  ]
}
