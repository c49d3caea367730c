/**
 * The architecture as a pure function: sources in, violations out. Reads imports with regular expressions, which is
 * enough for sources that a formatter has laid out.
 */

import path from 'node:path'

/** `src/send/deliver.ts` → source. */
export type Sources = ReadonlyMap<string, string>

interface Import {
  /** Path of the file in the Sources, or the library's name. */
  readonly target: string
  readonly isLibrary: boolean
  /** Vanishes when compiled. `import { type A }` does not: it is compiled to an empty import. */
  readonly isTypeOnly: boolean
  /** Names taken, as exported; empty where all or none are. */
  readonly names: readonly string[]
}

const ADAPTERS = ['db', 'queue', 'smtp']
/** In order: each may import from those to its left only. */
const DOMAIN = ['issue', 'link', 'compile', 'event', 'audience', 'send', 'track', 'report', 'doctor']
const EDGES = ['web', 'workers']
const GROUND = [
  'config',
  'variables',
  'variable-kinds',
  'errors',
  'log',
  'address',
  'address-range',
  'amount',
  'group',
  'in-time',
  'json',
  'seldom',
  'organisation',
  'return-path',
  'sns-topic',
  'thread',
  'version',
  'data-dir',
  'failpoint',
]
/** Below first: a place may import by value from lower ranks. */
const RANKS: readonly (readonly string[])[] = [
  GROUND,
  ADAPTERS,
  DOMAIN,
  EDGES,
  ['app'],
  ['commands'],
  ['cli'],
]

/**
 * What differs between the engines, as SQL over a query that arrived as an argument: no live thing. A query stands in
 * the file of its noun and is put together from these. Null: everything the file exports.
 */
const FRAGMENTS: ReadonlyMap<string, readonly string[] | null> = new Map([
  ['src/db/db.ts', ['clock', 'engineOf']],
  ['src/db/rows.ts', null],
  ['src/db/schema.ts', null],
  ['src/db/json.ts', null],
  ['src/db/advisory-lock.ts', null],
  ['src/db/hold-still.ts', null],
  ['src/db/reserve-ids.ts', null],
  ['src/db/by-index.ts', null],
  ['src/db/cursor.ts', null],
  ['src/db/transact.ts', null],
  ['src/db/left-nothing.ts', ['leftNothing']],
  ['src/db/wipe.ts', null],
  ['src/db/together.ts', null],
])

/** One library, one place. `typesIn`: places that may name its types. */
const LIBRARIES: readonly {
  readonly name: RegExp
  readonly in: readonly string[]
  readonly typesIn?: string
}[] = [
  { name: /^bullmq$/, in: ['queue'], typesIn: 'workers' },
  { name: /^(ioredis|rate-limiter-flexible)$/, in: ['queue'] },
  { name: /^nodemailer$/, in: ['smtp', 'send'] },
  { name: /^(smtp-server|imapflow)$/, in: ['smtp'] },
  { name: /^(mjml|handlebars)$/, in: ['compile'] },
  { name: /^(libsql|pg|better-sqlite3)$/, in: ['db'] },
  { name: /^(hono|@hono\/.*)$/, in: ['web'] },
  { name: /^tldts$/, in: ['organisation'] },
  { name: /^postal-mime$/, in: ['track', 'web'] },
  { name: /^diff$/, in: ['web'] },
]

/** What runs in the studio's page, and what its server tells it. */
const CLIENT = 'src/web/studio/client/'
const CLIENT_TYPES = /^src\/web\/studio\/(?:[a-z]+\/)?api\.ts$/

const FORBIDDEN_WORDS = /^(utils?|helpers?|managers?|services?|common|misc|base)$/

/** Every violation as `file: what is wrong`, sorted. */
export function findViolations(sources: Sources): string[] {
  const imports = new Map([...sources].map(([file, source]) => [file, readImports(file, source, sources)]))
  return [
    ...[...imports].flatMap(([file, list]) => list.flatMap((one) => judgeImport(file, one))),
    ...[...sources].flatMap(([file, source]) => judgeSource(file, source)),
    ...findCycles(imports),
    ...findReach(imports),
  ].sort()
}

/** `send` for src/send/deliver.ts, `app` for src/app.ts, `workers` for workers/deliver.ts. */
function placeOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'src' ? second.replace(/\.ts$/, '') : first
}

function rankOf(place: string): number {
  return RANKS.findIndex((places) => places.includes(place))
}

function judgeImport(file: string, { target, isLibrary, isTypeOnly, names }: Import): string[] {
  const from = placeOf(file)
  if (file.startsWith(CLIENT)) return judgeClient(file, { target, isTypeOnly })
  if (isLibrary) {
    const rule = LIBRARIES.find(({ name }) => name.test(target))
    const isAllowed =
      rule === undefined ||
      rule.in.includes(from) ||
      (isTypeOnly && rule.typesIn !== undefined && rule.typesIn === from)
    return isAllowed ? [] : [`${file}: imports ${target}, which belongs in ${rule.in.join(' and ')}`]
  }
  const to = placeOf(target)
  if (from === to) return []
  if (rankOf(from) === -1) return [`${file}: stands in a place the architecture does not know`]
  if (rankOf(to) === -1) return [`${file}: imports ${target}, which stands in no known place`]
  if (isFragment(target, names) && rankOf(from) > rankOf('db')) return []
  if (ADAPTERS.includes(to) && !isTypeOnly && from !== 'app' && rankOf(from) > rankOf(to))
    return [`${file}: imports ${target} by value; a live adapter arrives as an argument`]
  const isLeftward = DOMAIN.includes(from) && DOMAIN.indexOf(to) < DOMAIN.indexOf(from) && DOMAIN.includes(to)
  const isGroundLevel = rankOf(from) === 0 && rankOf(to) === 0
  if (rankOf(to) < rankOf(from) || isLeftward || isGroundLevel) return []
  return [`${file}: imports ${target}, against the import direction`]
}

/** It runs in a browser, without a bundler. */
function judgeClient(file: string, { target, isTypeOnly }: Pick<Import, 'target' | 'isTypeOnly'>): string[] {
  const isAllowed = target.startsWith(CLIENT) || (CLIENT_TYPES.test(target) && isTypeOnly)
  return isAllowed
    ? []
    : [`${file}: imports ${target}; a browser gets its own folder alone, and types of an api.ts`]
}

function isFragment(target: string, names: readonly string[]): boolean {
  const allowed = FRAGMENTS.get(target)
  if (allowed === undefined) return false
  return allowed === null || (names.length > 0 && names.every((name) => allowed.includes(name)))
}

function judgeSource(file: string, source: string): string[] {
  const code = withoutComments(source)
  const found: string[] = []
  const words = file.replace(/\.ts$/, '').split(/[/.-]/)
  const forbidden = words.find((word) => FORBIDDEN_WORDS.test(word))
  if (forbidden !== undefined) found.push(`${file}: "${forbidden}" is no noun; name it by what it means`)
  if (/^export\s+default\b/m.test(code)) found.push(`${file}: has a default export`)
  if (/\bprocess\.env\b/.test(code) && file !== 'src/config.ts') found.push(`${file}: reads process.env`)
  const withoutReExports = code.replace(RE_EXPORT, '')
  if (withoutReExports !== code && withoutReExports.trim() === '')
    found.push(`${file}: only re-exports (a barrel)`)
  return found
}

/** Value imports that lead back to where they began; one line a cycle. */
function findCycles(imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const found = new Set<string>()
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]) => {
    const start = trail.indexOf(file)
    if (start !== -1) {
      const cycle = trail.slice(start)
      const first = cycle.indexOf([...cycle].sort()[0] ?? file)
      found.add([...cycle.slice(first), ...cycle.slice(0, first)].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const target of valueTargets(imports, file)) visit(target, [...trail, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return [...found].map((cycle) => `${cycle}: import each other in a cycle`)
}

/** Preview cannot send, by construction: nothing under web/studio reaches smtp, queue or send, whatever the way. */
function findReach(imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const found: string[] = []
  for (const start of imports.keys()) {
    if (!start.startsWith('src/web/studio/')) continue
    const cameFrom = new Map<string, string | null>([[start, null]])
    for (const file of cameFrom.keys()) {
      if (['smtp', 'queue', 'send'].includes(placeOf(file)))
        found.push(`${start}: reaches ${trailTo(file, cameFrom)}`)
      else
        for (const target of valueTargets(imports, file))
          if (!cameFrom.has(target)) cameFrom.set(target, file)
    }
  }
  return found
}

function trailTo(file: string, cameFrom: ReadonlyMap<string, string | null>): string {
  const before = cameFrom.get(file)
  return before === null || before === undefined ? file : `${trailTo(before, cameFrom)} → ${file}`
}

function valueTargets(imports: ReadonlyMap<string, readonly Import[]>, file: string): string[] {
  const list = imports.get(file) ?? []
  return list.filter((one) => !one.isTypeOnly && !one.isLibrary).map((one) => one.target)
}

const IMPORT = /^import\s+(type\s+)?([\w$*\s{},]+?)\s+from\s+'([^']+)'/gm
const RE_EXPORT = /^export\s+(type\s+)?(\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)\s+from\s+'([^']+)'/gm
const BARE_IMPORT = /^import\s+'([^']+)'/gm
const DYNAMIC_IMPORT = /\bimport\(\s*'([^']+)'\s*\)/g
/** A thread's or child's own file, started by the name it has beside the caller. */
const ENTRY_FILE = /\bentryFile\(import\.meta\.url,\s*'([^']+)'\)/g

function readImports(file: string, source: string, sources: Sources): Import[] {
  const code = withoutComments(source)
  const found: Import[] = []
  const add = (specifier: string, isTypeOnly: boolean, names: readonly string[]) => {
    if (specifier.startsWith('node:')) return
    if (!specifier.startsWith('.')) {
      const parts = specifier.split('/')
      const target = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
      found.push({ target, isLibrary: true, isTypeOnly, names })
      return
    }
    const target = path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts')
    // package.json and the like are no part of the graph.
    if (sources.has(target)) found.push({ target, isLibrary: false, isTypeOnly, names })
  }
  for (const [, type, clause = '', specifier = ''] of code.matchAll(IMPORT))
    add(specifier, type !== undefined, valueNames(clause))
  for (const [, type, clause = '', specifier = ''] of code.matchAll(RE_EXPORT))
    add(specifier, type !== undefined, valueNames(clause))
  for (const [, specifier = ''] of code.matchAll(BARE_IMPORT)) add(specifier, false, [])
  for (const [, specifier = ''] of code.matchAll(DYNAMIC_IMPORT)) add(specifier, false, [])
  for (const [, name = ''] of code.matchAll(ENTRY_FILE)) add(`./${name}.js`, false, [])
  return found
}

/** `{ type A, b as c }` → b. */
function valueNames(clause: string): string[] {
  const inner = /\{([^}]*)\}/.exec(clause)?.[1] ?? ''
  return inner
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('type '))
    .map((part) => part.split(/\s+as\s+/)[0] ?? part)
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
