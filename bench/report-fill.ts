/**
 * A database with a large Send that readers have opened and clicked for two weeks, and five small ones before it: Deliveries,
 * Attempts, Hits and Events as they would be, by plain SQL. No Hit has been looked at yet.
 */

import Database from 'libsql'

export interface Filling {
  readonly file: string
  /** A Send that was just made, which all others are copies of. */
  readonly sendId: number
  readonly deliveries: number
  readonly hits: number
  readonly links: number
}

export interface Filled {
  readonly largeSend: number
  readonly smallSend: number
}

const SMALL = 1_000
const SMALL_SENDS = 5
const STARTED = Date.UTC(2026, 10, 1, 8)
const TWO_WEEKS_MS = 14 * 86_400_000
const CACHE_KB = 1_000_000

const AGENTS = [
  'Mozilla/5.0',
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
  'Mozilla/5.0 (compatible; BarracudaCentral/1.0)',
] as const
const HEADERS = JSON.stringify({
  accept: 'text/html,application/xhtml+xml',
  'accept-language': 'en-GB,en;q=0.9',
  'sec-fetch-mode': 'navigate',
})

export function fill({ file, sendId, deliveries, hits, links }: Filling): Filled {
  const db = new Database(file)
  try {
    db.exec(`pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -${CACHE_KB}`)
    for (let copy = 1; copy <= SMALL_SENDS; copy++)
      addSend(db, { of: sendId, copy, deliveries: SMALL, hits: SMALL * 10, links })
    const largeSend = addSend(db, { of: sendId, copy: SMALL_SENDS + 1, deliveries, hits, links })
    db.exec('pragma wal_checkpoint(truncate)')
    return { largeSend, smallSend: largeSend - 1 }
  } finally {
    db.close()
  }
}

interface NewSend {
  readonly of: number
  readonly copy: number
  readonly deliveries: number
  readonly hits: number
  readonly links: number
}

function addSend(db: Database.Database, { of, copy, deliveries, hits, links }: NewSend): number {
  const insert = (statement: string) => db.prepare(statement).run([])
  const sendId = Number(
    insert(`
      insert into send (issue_id, compiled_hash, list_id, copy, label, state, created_at, started_at, finished_at, audience)
      select issue_id, compiled_hash, list_id, ${copy}, 'repeat ${copy}', 'finished', ${STARTED}, ${STARTED},
        ${STARTED + 3_600_000}, ${deliveries} from send where id = ${of}`).lastInsertRowid,
  )
  const first = nextId(db, 'delivery')
  insert(`
    with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${deliveries})
    insert into delivery (id, send_id, issue_id, subscriber_id, subscription_id, lane, copy, address, address_key, name,
      attributes, state, attempt, reply_code, reply_text, changed_at)
    select ${first} + i, ${sendId}, (select issue_id from send where id = ${of}), i + 1, i + 1,
      case i % 4 when 0 then 'gmail' when 1 then 'microsoft' when 2 then 'yahoo' else 'other' end, ${copy},
      'reader' || i || '@' || domain, 'reader' || i || '@' || domain, 'Reader ' || i, '{"city":"Hamburg"}',
      case when i % 200 = 199 then 'bounced' else 'sent' end, 1, case when i % 200 = 199 then 550 else 250 end,
      case when i % 200 = 199 then '550 5.1.1 no such user' else '250 2.0.0 Ok' end, ${STARTED} + i
    from (select i, case i % 4 when 0 then 'gmail.example' when 1 then 'outlook.example' when 2 then 'yahoo.example'
      else 'd' || (i % 4001) || '.example' end as domain from n)`)
  insert(`
    insert into attempt (delivery_id, number, send_id, relay, fence, owner, intended_at, outcome, code, text, replied_at)
    select id, 1, send_id, 'main', 1, 'bench', changed_at, state, reply_code, reply_text, changed_at + 300
    from delivery where send_id = ${sendId}`)
  const agents = AGENTS.map((agent, at) => `when ${at} then '${agent}'`).join(' ')
  insert(`
    with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${hits})
    insert into hit (kind, delivery_id, link, method, user_agent, network, headers, at)
    select case i % 4 when 0 then 'click' else 'open' end, ${first} + who,
      case i % 4 when 0 then (i / 4) % ${links} end, 'GET', case who % ${AGENTS.length} ${agents} end,
      '10.' || (who % 250) || '.' || (who / 250 % 250) || '.0/24', '${HEADERS}',
      ${STARTED} + 60000 + cast(1.0 * i * ${TWO_WEEKS_MS} / ${hits} as integer)
    from (select i, ((i * 2654435761) % 4294967296) % ${deliveries} as who from n)`)
  insert(`
    insert into event (kind, at, subscriber_id, send_id, delivery_id, detail)
    select case when id % 4000 = 0 then 'complained' when id % 1000 = 0 then 'bounced' else 'unsubscribed' end, ${STARTED},
      subscriber_id, send_id, id, case when id % 4000 <> 0 and id % 1000 = 0 then '{"fault":"hard"}' else '{"how":"page"}' end
    from delivery where send_id = ${sendId} and id % 250 = 0`)
  insert(`
    insert into aftermath (delivery_id, send_id, has_left, has_complained, fault, is_bounced)
    select delivery.id, delivery.send_id, event.kind = 'unsubscribed', event.kind = 'complained', event.kind = 'bounced',
      delivery.state = 'bounced'
    from event join delivery on delivery.id = event.delivery_id where event.send_id = ${sendId}`)
  return sendId
}

function nextId(db: Database.Database, table: string): number {
  // A count of rows, or null when there are none.
  const { id } = db.prepare(`select max(id) as id from ${table}`).get([]) as { id: number | null }
  return (id ?? 0) + 1
}
