/** What a Send's life needs: schedules, repeats, and who decided what nobody could know. */

export function lifeOfASend(): readonly string[] {
  return [
    'alter table send add column label text',
    'alter table send add column of_send bigint references send (id)',
    `alter table send add column of_which text check (of_which in ('cancelled', 'failed'))`,
    'alter table send add column zone text',
    'alter table send add column late_ms bigint',
    `alter table send add column held text check (held in ('copy', 'silent'))`,
    'alter table send add column resumed_at bigint',
    'alter table send add column tripped text',
    'alter table send add column explained_at bigint',
    // A second repeat for the same people would reach those whom the first one reached.
    'create unique index send_repeat on send (of_send, of_which)',
    `alter table attempt add column decision text check (decision in ('resend', 'leave', 'arrived', 'bounced'))`,
    'alter table attempt add column decided_at bigint',
    'create index batch_leased on batch (lease_until) where lease_until is not null',
    `create index delivery_uncertain on delivery (send_id) where state = 'uncertain'`,
  ]
}
