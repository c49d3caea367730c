/**
 * What mail programs support, from caniemail.com's data as the npm package of that name carries it (MIT). Only its
 * JSON is read. To refresh: install a newer `caniemail`, run the unit ring, and look at what the test of accepted
 * features says. Only the latest version of a program counts, and a program counts as much as people read with it.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { z } from 'zod'

export interface Support {
  /** `css-border-radius` */
  readonly slug: string
  /** `border-radius` */
  readonly title: string
  readonly url: string
  /** Percent of readers whose program does not have it; what was never tested is not among them. */
  readonly without: number
  /** Percent of readers whose program has it in part. */
  readonly inPart: number
  /** `Gmail, Outlook (Windows)` */
  readonly clientsWithout: string
  readonly clientsInPart: string
}

/**
 * Percent of readers by program. Nobody measures this well: our rounding of Litmus' count of opens (April 2022: Apple
 * 57 %, most of it prefetched and no reading, Gmail 30 %, Outlook 4 %, Yahoo 3 %), with Apple's share halved for that
 * reason and Outlook's raised, since it loads no pixel before it is told to. Set 2026-11.
 */
const SHARES = new Map<string, number>([
  ['apple-mail/ios', 26],
  ['apple-mail/macos', 8],
  ['gmail/desktop-webmail', 17],
  ['gmail/android', 11],
  ['gmail/ios', 6],
  ['gmail/mobile-webmail', 1],
  ['outlook/windows', 8],
  ['outlook/outlook-com', 5],
  ['outlook/ios', 3],
  ['outlook/android', 2],
  ['outlook/macos', 2],
  ['yahoo/desktop-webmail', 3],
  ['yahoo/android', 1],
  ['yahoo/ios', 1],
  ['aol/desktop-webmail', 1],
  ['samsung-email/android', 2],
  ['thunderbird/macos', 2],
  ['protonmail/desktop-webmail', 1],
])

const dataSchema = z.object({
  nicenames: z.object({
    family: z.record(z.string(), z.string()),
    platform: z.record(z.string(), z.string()),
  }),
  data: z.array(
    z.object({
      slug: z.string(),
      title: z.string(),
      url: z.string(),
      // Family → platform → version → `y`, `a #1`, `n`, `u`.
      stats: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string()))),
      // By the number that a verdict names: `a #1`.
      notes_by_num: z.record(z.string(), z.string()).nullish(),
    }),
  ),
})
type Data = z.infer<typeof dataSchema>

let known: ReadonlyMap<string, Support> | null = null
const lacks = new Map<string, ReadonlySet<string>>()

/** By slug; read once. */
export function readSupport(): ReadonlyMap<string, Support> {
  known ??= summarise(readData())
  return known
}

/** What a program has nothing of, by slug: `outlook/windows`. */
export function lackedBy(client: string): ReadonlySet<string> {
  const before = lacks.get(client)
  if (before !== undefined) return before
  const [family = '', platform = ''] = client.split('/')
  const without = readData().data.filter(({ stats }) =>
    latest(stats[family]?.[platform] ?? {}).startsWith('n'),
  )
  const lacked = new Set(without.map(({ slug }) => slug))
  lacks.set(client, lacked)
  return lacked
}

const noted = new Map<string, ReadonlySet<string>>()

/** What a note on a program's newest verdict speaks of as `words` do, by slug. */
export function notedOf(client: string, words: RegExp): ReadonlySet<string> {
  const key = `${client} ${words.source}`
  const before = noted.get(key)
  if (before !== undefined) return before
  const [family = '', platform = ''] = client.split('/')
  const found = readData().data.filter(({ stats, notes_by_num: notes }) =>
    [...latest(stats[family]?.[platform] ?? {}).matchAll(/#(\d+)/g)].some(([, number = '']) =>
      words.test(notes?.[number] ?? ''),
    ),
  )
  const slugs = new Set(found.map(({ slug }) => slug))
  noted.set(key, slugs)
  return slugs
}

function readData(): Data {
  const file = createRequire(import.meta.url).resolve('caniemail/caniemail.json')
  return dataSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
}

function summarise({ data, nicenames }: Data): ReadonlyMap<string, Support> {
  return new Map(
    data.map(({ slug, title, url, stats }) => {
      const clientsThat = (verdict: string) =>
        [...SHARES.keys()].filter((client) => {
          const [family = '', platform = ''] = client.split('/')
          return latest(stats[family]?.[platform] ?? {}).startsWith(verdict)
        })
      const without = clientsThat('n')
      const inPart = clientsThat('a')
      const support = {
        slug,
        title: title.trim(),
        url,
        without: sumShares(without),
        inPart: sumShares(inPart),
        clientsWithout: nameClients(without, nicenames),
        clientsInPart: nameClients(inPart, nicenames),
      }
      return [slug, support]
    }),
  )
}

/**
 * The verdict on the newest version, '' for none. Versions are days (`2021-10`) or numbers (`16.80`). Where both
 * occur, the data has them in order, numbers without a point in front as JavaScript sorts them: those are the old ones.
 */
export function latest(versions: Readonly<Record<string, string>>): string {
  const names = Object.keys(versions)
  const isNumber = (name: string) => /^\d+(\.\d+)*$/.test(name)
  const isDay = (name: string) => /^\d{4}-\d\d/.test(name)
  const inOrder = names.every(isNumber) || names.every(isDay) ? names.toSorted(compareVersions) : names
  return versions[inOrder.at(-1) ?? ''] ?? ''
}

function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

function sumShares(clients: readonly string[]): number {
  return clients.reduce((sum, client) => sum + (SHARES.get(client) ?? 0), 0)
}

/** A family whose every program is among them goes by its name alone. */
function nameClients(
  clients: readonly string[],
  { family: families, platform: platforms }: Data['nicenames'],
) {
  const byFamily = new Map<string, string[]>()
  for (const client of clients) {
    const [family = '', platform = ''] = client.split('/')
    byFamily.set(family, [...(byFamily.get(family) ?? []), platform])
  }
  return [...byFamily]
    .map(([family, named]) => {
      const all = [...SHARES.keys()].filter((client) => client.startsWith(`${family}/`)).length
      const name = families[family] ?? family
      return named.length === all
        ? name
        : `${name} (${named.map((platform) => platforms[platform] ?? platform).join(', ')})`
    })
    .join(', ')
}
