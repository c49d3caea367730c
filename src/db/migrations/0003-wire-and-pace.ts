/** What right bytes at the right pace need, and freezing a large List fast. */

export function wireAndPace(): readonly string[] {
  return [
    // Made when someone is imported, or else when a freeze first meets them.
    'alter table subscriber add column address_hash text',
    'alter table send add column freeze_from bigint not null default 0',
    'alter table send add column freeze_key text',
  ]
}
