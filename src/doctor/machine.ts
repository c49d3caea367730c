/** What a Send rests on here: Redis, the database, the secret, the disk. */

import type { DatabaseFacts } from '../db/facts.js'
import { unreachable } from '../errors.js'
import { type Finding, findingsOf } from './finding.js'

const redis = findingsOf('redis')
const database = findingsOf('database')
const secret = findingsOf('secret')
const disk = findingsOf('disk')

export type RedisState =
  /** `refusal`, `warning`: why it can't be used, what should be mended; null: nothing. */
  | {
      readonly kind: 'answered'
      /** `Redis 8.0.2` */
      readonly server: string
      readonly isPrivate: boolean
      readonly refusal: string | null
      readonly warning: string | null
    }
  | { readonly kind: 'unreachable'; readonly message: string }
  /** No engine runs; it will start this program. */
  | { readonly kind: 'program'; readonly program: string }
  | { readonly kind: 'none' }

export function judgeRedisState(state: RedisState): Finding {
  switch (state.kind) {
    case 'unreachable':
      return redis.error(state.message)
    case 'none':
      return redis.error(
        'neither redis-server nor valkey-server is installed; install one, or set REDIS_URL to a server you have',
      )
    case 'program':
      return redis.ok(`the engine will start a private ${state.program}`)
    case 'answered': {
      const { server, isPrivate, refusal, warning } = state
      if (refusal !== null) return redis.error(refusal)
      if (warning !== null) return redis.warning(warning)
      return redis.ok(`${server}${isPrivate ? ', private to the engine,' : ''} answers and drops no keys`)
    }
    default:
      return unreachable(state)
  }
}

export type DatabaseState = DatabaseFacts | { readonly kind: 'refused'; readonly message: string }

const OLDEST_POSTGRES = 15
/** PRAGMA synchronous: FULL, EXTRA. */
const SYNC_AT_COMMIT = 2

export function judgeDatabase(state: DatabaseState): Finding {
  switch (state.kind) {
    case 'refused':
      return database.error(state.message)
    case 'sqlite': {
      const { version, journal, synchronous } = state
      return journal === 'wal' && synchronous >= SYNC_AT_COMMIT
        ? database.ok(`SQLite ${version}; every commit is on the disk before it counts`)
        : database.error(
            `SQLite runs with journal_mode ${journal} and synchronous ${synchronous}, so that a commit could be lost; its file system has to take journal_mode wal`,
          )
    }
    case 'postgres': {
      const { version, versionNumber, fullPageWrites } = state
      if (!fullPageWrites)
        return database.warning(
          'Postgres runs with full_page_writes = off: a crash may leave torn pages; set it on',
        )
      if (versionNumber < OLDEST_POSTGRES * 10_000)
        return database.warning(
          `Postgres ${version} is older than ${OLDEST_POSTGRES}, which is what we test with`,
        )
      return database.ok(`Postgres ${version}; every commit is on the disk before it counts`)
    }
    default:
      return unreachable(state)
  }
}

/** `problem`: a sentence; null when the secret is given and the one that the database began with. */
export function judgeSecret(problem: string | null): Finding {
  return problem === null
    ? secret.ok('links are signed with the secret that this database began with, or one beside it')
    : secret.error(problem)
}

const AMPLE = 5 // times MIN_FREE_DISK

export function judgeDisk({
  freeBytes,
  minFreeBytes,
}: {
  readonly freeBytes: number
  readonly minFreeBytes: number
}): Finding {
  const free = writeBytes(freeBytes)
  if (freeBytes < minFreeBytes)
    return disk.error(
      `${free} are free where .data lies, less than MIN_FREE_DISK (${writeBytes(minFreeBytes)}): nothing is sent until there is room`,
    )
  if (freeBytes < AMPLE * minFreeBytes)
    return disk.warning(
      `${free} are free where .data lies; below ${writeBytes(minFreeBytes)} nothing is sent any more`,
    )
  return disk.ok(`${free} are free where .data lies`)
}

function writeBytes(bytes: number): string {
  return bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : `${Math.round(bytes / 1e6).toLocaleString('en')} MB`
}
