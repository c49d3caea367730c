/**
 * Who left, complained or bounced later, found by Delivery: a page of Deliveries asks once. Opens and clicks, which are
 * most Events, are in no such index.
 */

export function whatCameAfter(): readonly string[] {
  return [
    `create index event_after on event (delivery_id) where kind in ('unsubscribed', 'complained', 'bounced')`,
  ]
}
