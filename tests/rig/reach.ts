/** The reach of a Send counted the plain way, from raw rows, one question at a time: what ingest keeps has to come to the same. */

import type { CompiledIssue } from '../../src/compile/compiled.js'
import type { Query } from '../../src/db/db.js'
import type { HitKind, Verdict } from '../../src/db/schema.js'
import { CROWD_OF, crowdKey } from '../../src/event/judge/crowd.js'
import { CLASSIFIER_VERSION, type JudgedHit, judgeDelivery } from '../../src/event/judge/judge.js'

export type ReachLine = readonly [
  kind: string,
  sorted: string,
  key: string,
  verdict: string,
  hits: number,
  deliveries: number,
]

/** As it is kept. */
export async function keptReach(query: Query, sendId: number): Promise<readonly string[]> {
  const rows = await query.selectFrom('reach').selectAll().where('send_id', '=', sendId).execute()
  return rows
    .map((row) => write([row.kind, row.sorted, row.key, row.verdict, row.hits, row.deliveries]))
    .sort()
}

interface Known {
  readonly delivery: {
    readonly id: number
    readonly lane: string
    readonly address: string
    readonly attributes: string
  }
  readonly hits: readonly { readonly hit: JudgedHit; readonly verdict: Verdict }[]
  readonly surplus: readonly {
    readonly kind: HitKind
    readonly link: number
    readonly hits: number
    readonly first_at: number
  }[]
}

/** As it should be. Its passages ask about attributes alone. */
export async function plainReach(query: Query, sendId: number): Promise<readonly string[]> {
  const send = await query.selectFrom('send').selectAll().where('id', '=', sendId).executeTakeFirstOrThrow()
  const { content } = await query
    .selectFrom('compiled_issue')
    .select('content')
    .where('hash', '=', send.compiled_hash)
    .executeTakeFirstOrThrow()
  const { links, html } = JSON.parse(content) as CompiledIssue
  const all = await readKnown(query, sendId, links.length)
  const began = Math.floor((send.started_at ?? 0) / 3_600_000) * 3_600_000
  const timeOf = (at: number) => {
    const since = at - began
    const span = since < 48 * 3_600_000 ? 3_600_000 : 24 * 3_600_000
    return new Date(began + Math.floor(since / span) * span).toISOString()
  }
  const sectionOf = (link: number | null) => links.find(({ index }) => index === link)?.section
  const lines = new Map<string, [number, number]>()
  const count = (row: readonly string[], hits: number, deliveries: number) => {
    const name = JSON.stringify(row)
    const [moreHits, moreDeliveries] = lines.get(name) ?? [0, 0]
    lines.set(name, [moreHits + hits, moreDeliveries + deliveries])
  }
  const asked = html.flatMap((piece) =>
    typeof piece !== 'string' && piece.kind === 'choice' ? [piece.name] : [],
  )

  for (const kind of ['open', 'click'] as const)
    for (const { delivery, hits, surplus } of all) {
      const own = hits.filter(({ hit }) => hit.kind === kind)
      const clickers =
        kind === 'open' ? hits.filter(({ hit, verdict }) => hit.kind === 'click' && verdict === 'person') : []
      const basis = [...own, ...clickers]
      const extra = surplus.filter((one) => one.kind === kind)
      const attributes = JSON.parse(delivery.attributes) as Record<string, string>
      const wholes: [string, string][] = [
        ['all', ''],
        ['lane', delivery.lane],
        ['domain', delivery.address.split('@').at(-1) ?? ''],
        ...(delivery.address === ''
          ? []
          : asked.map((name, index): [string, string] => [
              'passage',
              `${index}:${(attributes[name] ?? '').trim() === '' ? 'absent' : 'present'}`,
            ])),
      ]
      const best = (among: typeof hits) =>
        (['person', 'unknown', 'machine'] as const).find((verdict) =>
          among.some((one) => one.verdict === verdict),
        )
      for (const [sorted, key] of wholes) {
        for (const { verdict } of own) count([kind, sorted, key, verdict], 1, 0)
        for (const { hits: more } of extra) count([kind, sorted, key, 'unknown'], more, 0)
        const verdict = best(basis)
        if (verdict) count([kind, sorted, key, verdict], 0, 1)
      }
      for (const { hit, verdict } of own) {
        count([kind, 'time', timeOf(hit.at), verdict], 1, 0)
        count([kind, 'version', String(CLASSIFIER_VERSION), verdict], 1, 0)
      }
      for (const { first_at, hits: more } of extra)
        count([kind, 'time', timeOf(first_at), 'unknown'], more, 0)
      const verdict = best(basis)
      const first = Math.min(...basis.filter((one) => one.verdict === verdict).map(({ hit }) => hit.at))
      if (verdict) count([kind, 'time', timeOf(first), verdict], 0, 1)
      if (kind === 'open') continue
      for (const [sorted, keyOf] of [
        ['link', (link: number | null) => (sectionOf(link) === undefined ? undefined : String(link))],
        ['section', sectionOf],
      ] as const) {
        const keys = new Set([
          ...own.map(({ hit }) => keyOf(hit.link)),
          ...extra.map(({ link }) => keyOf(link)),
        ])
        for (const key of keys) {
          if (key === undefined) continue
          const there = own.filter(({ hit }) => keyOf(hit.link) === key)
          for (const one of there) count([kind, sorted, key, one.verdict], 1, 0)
          for (const one of extra.filter(({ link }) => keyOf(link) === key))
            count([kind, sorted, key, 'unknown'], one.hits, 0)
          const bestThere = best(there)
          if (bestThere) count([kind, sorted, key, bestThere], 0, 1)
        }
      }
    }
  return [...lines]
    .map(([name, [hits, deliveries]]) => {
      const [kind = '', sorted = '', key = '', verdict = ''] = JSON.parse(name) as string[]
      return write([kind, sorted, key, verdict, hits, deliveries])
    })
    .sort()
}

function write(line: ReachLine): string {
  return line.join(' | ')
}

async function readKnown(query: Query, sendId: number, links: number): Promise<readonly Known[]> {
  const deliveries = await query
    .selectFrom('delivery')
    .select(['id', 'lane', 'address', 'attributes'])
    .where('send_id', '=', sendId)
    .execute()
  const raw = await query
    .selectFrom('hit')
    .innerJoin('delivery', 'delivery.id', 'hit.delivery_id')
    .selectAll('hit')
    .where('delivery.send_id', '=', sendId)
    .orderBy('hit.at')
    .orderBy('hit.id')
    .execute()
  const hits = raw.map(({ user_agent: userAgent, headers, ...hit }) => ({
    ...hit,
    userAgent,
    headers: JSON.parse(headers) as Record<string, string>,
  }))
  const crowds = new Map<string, Set<number>>()
  for (const hit of hits) {
    const key = crowdKey(hit)
    if (key !== null) crowds.set(key, (crowds.get(key) ?? new Set()).add(hit.delivery_id))
  }
  const stored = new Map(
    (await query.selectFrom('classification').selectAll().execute()).map((row) => [row.hit_id, row]),
  )
  const attempts = await query.selectFrom('attempt').selectAll().where('outcome', '=', 'sent').execute()
  const surplus = await query.selectFrom('surplus').selectAll().execute()
  return deliveries.map((delivery) => {
    const own = hits.filter(({ delivery_id: id }) => id === delivery.id)
    const verdicts = judgeDelivery(own, {
      sentAt: attempts.find(({ delivery_id: id }) => id === delivery.id)?.replied_at ?? null,
      links,
      // One that was of a crowd stays so when another of it is erased.
      isCrowded: (hit) =>
        (crowds.get(crowdKey(hit) ?? '')?.size ?? 0) >= CROWD_OF ||
        stored.get(hit.id)?.reasons.split(',').includes('crowd') === true,
    })
    return {
      delivery,
      hits: own.map((hit) => ({
        hit,
        verdict: verdicts.get(hit.id)?.verdict ?? stored.get(hit.id)?.verdict ?? 'unknown',
      })),
      surplus: surplus.filter(({ delivery_id: id }) => id === delivery.id),
    }
  })
}
