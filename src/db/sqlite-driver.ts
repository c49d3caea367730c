/**
 * SQLite behind Kysely's Driver, in two threads, so that the event loop never waits for the disk: one writer, one
 * reader. A select outside a transaction goes to the reader; everything else waits its turn at the writer.
 */

import { Worker } from 'node:worker_threads'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { messageOf } from '../errors.js'
import { entryFile } from '../thread.js'

/** What a thread has in hand is soon gone; by itself it would keep up to 48 MB of it around. */
const YOUNG_MB = 6

export interface Asked {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** A statement that was sent before goes by its number. */
export interface Known {
  readonly number: number
  readonly sql: string | null
  readonly parameters: readonly unknown[]
}

/** One statement, or several that are a transaction of their own. */
export type ThreadRequest = { readonly id: number } & (Asked | { readonly together: readonly Known[] })

export interface Answered {
  readonly rows: unknown[]
  readonly changes: number
  readonly lastId: number
}

export type ThreadReply =
  | ({ readonly id: number } & Answered)
  | { readonly id: number; readonly together: readonly Answered[] }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string } }

/** What SQLite refused; `code` is its name, such as SQLITE_CONSTRAINT_UNIQUE. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError'
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

export function sqliteDialect(file: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(file),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

class SqliteDriver implements Driver {
  readonly #file: string
  #writer: Thread | undefined
  #reader: Thread | undefined
  readonly #turn = new Turn()

  constructor(file: string) {
    this.#file = file
  }

  async init(): Promise<void> {
    this.#writer = new Thread(this.#file)
    // The first connection creates the file and turns WAL on; the second finds it so.
    await this.#writer.ask('select 1', [])
    this.#reader = new Thread(this.#file)
  }

  async acquireConnection(): Promise<SqliteConnection> {
    if (!this.#writer || !this.#reader) throw new Error('the database is closed')
    return new SqliteConnection(this.#writer, this.#reader, this.#turn)
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.begin()
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.end('commit')
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    await connection.end('rollback')
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    // One after the other: the last connection folds the WAL into the file, and two at once each leave it to the other.
    await this.#reader?.close()
    await this.#writer?.close()
    this.#writer = undefined
    this.#reader = undefined
  }
}

export class SqliteConnection implements DatabaseConnection {
  readonly #writer: Thread
  readonly #reader: Thread
  readonly #turn: Turn
  #release: (() => void) | null = null

  constructor(writer: Thread, reader: Thread, turn: Turn) {
    this.#writer = writer
    this.#reader = reader
    this.#turn = turn
  }

  async begin(): Promise<void> {
    const release = await this.#turn.take()
    try {
      await this.#writer.ask('begin immediate', [])
      this.#release = release
    } catch (error) {
      release()
      throw error
    }
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    try {
      await this.#writer.ask(how, [])
      this.#release?.()
      this.#release = null
    } catch (error) {
      // A full disk or a failed read ends the transaction by itself; what failed then is the error to be told.
      const isOver = how === 'rollback' && /no transaction is active/.test(messageOf(error))
      // A failed commit leaves the transaction open; Kysely rolls it back next. A failed rollback has none to end.
      if (how === 'rollback') {
        this.#release?.()
        this.#release = null
      }
      if (!isOver) throw error
    }
  }

  async executeQuery<R>({ sql, parameters, query }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#release) return this.#writer.run<R>(sql, parameters)
    if (SelectQueryNode.is(query)) return this.#reader.run<R>(sql, parameters)
    const release = await this.#turn.take()
    try {
      return await this.#writer.run<R>(sql, parameters)
    } finally {
      release()
    }
  }

  /** A transaction of its own in one round trip; the rows of each statement. */
  async together<R>(statements: readonly Asked[]): Promise<readonly (readonly R[])[]> {
    const release = await this.#turn.take()
    try {
      const answers = await this.#writer.askTogether(
        statements.map(({ sql, parameters }) => ({ sql, parameters: parameters.map(toSqlite) })),
      )
      // R is what the caller's statements select.
      return answers.map(({ rows }) => rows as R[])
    } finally {
      release()
    }
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams, pages are read by id.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('read in pages, by id')
  }
}

/** One at a time, in the order of asking. */
class Turn {
  #last: Promise<void> = Promise.resolve()

  take(): Promise<() => void> {
    const before = this.#last
    return new Promise((taken) => {
      this.#last = new Promise((release) => {
        before.then(() => taken(release))
      })
    })
  }
}

/** A thread with a connection, and the questions it has not answered yet. */
class Thread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, (reply: ThreadReply) => void>()
  readonly #ended: Promise<void>
  /** Statements that go together are few, and the same again and again. */
  readonly #numbers = new Map<string, number>()
  #nextId = 1
  #failure: Error | null = null

  constructor(file: string) {
    this.#worker = new Worker(entryFile(import.meta.url, 'sqlite-thread'), {
      workerData: { file },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    this.#worker.on('message', (reply: ThreadReply) => {
      this.#waiting.get(reply.id)?.(reply)
      this.#waiting.delete(reply.id)
    })
    this.#worker.on('error', (error) => this.#fail(error as Error))
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#fail(new Error('the database is closed'))
        resolve()
      })
    })
  }

  async run<R>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<R>> {
    const reply = await this.ask(sql, parameters.map(toSqlite))
    return {
      // Kysely's contract: R is what the caller's query selects.
      rows: reply.rows as R[],
      numAffectedRows: BigInt(reply.changes),
      insertId: BigInt(reply.lastId),
    }
  }

  async ask(sql: string, parameters: readonly unknown[]): Promise<Answered> {
    const reply = await this.#post({ sql, parameters })
    if ('together' in reply) throw new Error('an answer to another question')
    return reply
  }

  async askTogether(statements: readonly Asked[]): Promise<readonly Answered[]> {
    const reply = await this.#post({ together: statements.map((statement) => this.#known(statement)) })
    if (!('together' in reply)) throw new Error('an answer to another question')
    return reply.together
  }

  #known({ sql, parameters }: Asked): Known {
    const number = this.#numbers.get(sql)
    if (number !== undefined) return { number, sql: null, parameters }
    this.#numbers.set(sql, this.#numbers.size)
    return { number: this.#numbers.size - 1, sql, parameters }
  }

  #post(asked: Asked | { readonly together: readonly Known[] }) {
    return new Promise<Exclude<ThreadReply, { error: unknown }>>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure)
      const id = this.#nextId++
      this.#waiting.set(id, (reply) => {
        if ('error' in reply) reject(new SqliteError(reply.error.message, reply.error.code))
        else resolve(reply)
      })
      this.#worker.postMessage({ id, ...asked } satisfies ThreadRequest)
    })
  }

  async close(): Promise<void> {
    this.#worker.postMessage('close')
    await this.#ended
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const [id, settle] of this.#waiting)
      settle({ id, error: { message: error.message, code: 'SQLITE_MISUSE' } })
    this.#waiting.clear()
  }
}

function toSqlite(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === undefined) return null
  // libsql would store bytes of a lone surrogate, and abort the process when it reads them.
  if (typeof value === 'string') return value.toWellFormed()
  if (value === null || typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return Buffer.from(value)
  throw new TypeError(`no SQL value: ${typeof value}`)
}
