/**
 * The thread that holds one SQLite connection. It answers one statement at a time, in order. libsql aborts the whole
 * process on parameters it does not know (booleans, a lone object), so they are always an array of plain values.
 */

import { parentPort, workerData } from 'node:worker_threads'
import Database from 'libsql'
import type { Answered, Asked, Known, ThreadReply, ThreadRequest } from './sqlite-driver.js'

const MAX_PREPARED_STATEMENTS = 300
/** Of 4 KB. Everything that is to be written waits while they are copied into the database: 2 ms, not 30 for ten times as many. */
const CHECKPOINT_PAGES = 1_000
const CACHE_KB = 16_000

if (parentPort === null) throw new Error('sqlite-thread is started by sqlite-driver')
const port = parentPort
const { file } = workerData as { file: string }

let opened: Database.Database | null = null
/** A prepared statement of it has met a lock. */
let isStuck = false
const prepared = new Map<string, Database.Statement>()
/** Statements by the numbers they go by. */
const known = new Map<number, string>()

port.on('message', (request: ThreadRequest | 'close') => {
  if (request === 'close') {
    opened?.close()
    port.close()
  } else port.postMessage(answer(request))
})

function answer(request: ThreadRequest): ThreadReply {
  const { id } = request
  try {
    // With the first question, so that it hears what is wrong: an error thrown by a thread loses its code on the way.
    opened ??= open()
    if ('together' in request) return { id, together: runTogether(opened, request.together) }
    return { id, ...run(opened, request) }
  } catch (error) {
    return { id, error: { message: (error as Error).message, code: codeOf(error) } }
  } finally {
    if (isStuck && opened?.inTransaction === false) closeStuck(opened)
  }
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'SQLITE_ERROR'
}

/** Whatever is still under way ends with its connection; the next question opens another. */
function closeStuck(database: Database.Database): void {
  prepared.clear()
  database.close()
  opened = null
  isStuck = false
}

/**
 * A prepared statement that finds the database locked stays under way in libsql: whatever its connection commits from then on
 * is answered as written, and is not. So the lock is only ever met by statements that `exec` runs, which end: a write by
 * itself has a transaction of its own, whose `begin` meets it.
 */
function run(database: Database.Database, { sql, parameters }: Asked): Answered {
  if (WHOLE.test(sql)) {
    database.exec(sql)
    return { rows: [], changes: 0, lastId: 0 }
  }
  const statement = prepare(database, sql)
  const work = () => runPrepared(statement, parameters)
  const writes = statement.reader ? RETURNING.test(sql) : !SETTING.test(sql)
  return writes && !database.inTransaction ? inTransaction(database, work) : work()
}

const WHOLE = /^\s*(begin|commit|rollback|vacuum)\b/i
const SETTING = /^\s*(pragma|attach|detach)\b/i
const RETURNING = /\breturning\b/i

function runPrepared(statement: Database.Statement, parameters: readonly unknown[]): Answered {
  try {
    if (statement.reader) return { rows: statement.all([...parameters]), changes: 0, lastId: 0 }
    const { changes, lastInsertRowid } = statement.run([...parameters])
    return { rows: [], changes, lastId: Number(lastInsertRowid) }
  } catch (error) {
    // A read may meet a lock, too: of one who mends the file after a crash.
    isStuck ||= codeOf(error).startsWith('SQLITE_BUSY')
    throw error
  }
}

function runTogether(database: Database.Database, statements: readonly Known[]): Answered[] {
  for (const { number, sql } of statements) if (sql !== null) known.set(number, sql)
  return inTransaction(database, () =>
    statements.map(({ number, parameters }) => run(database, { sql: known.get(number) ?? '', parameters })),
  )
}

function inTransaction<T>(database: Database.Database, work: () => T): T {
  database.exec('begin immediate')
  try {
    const answers = work()
    database.exec('commit')
    return answers
  } catch (error) {
    // A full disk ends the transaction by itself; the next one must not find it open in any case.
    if (database.inTransaction) database.exec('rollback')
    throw error
  }
}

function open(): Database.Database {
  const database = new Database(file)
  try {
    // FULL: a commit is on the disk before it is answered; the intent's durability rests on it.
    database.exec(
      'pragma busy_timeout = 10000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma secure_delete = on',
    )
    database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}; pragma cache_size = -${CACHE_KB}`)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

function prepare(database: Database.Database, sql: string): Database.Statement {
  const known = prepared.get(sql)
  if (known !== undefined) return known
  const statement = database.prepare(sql)
  const [oldest] = prepared.keys()
  if (prepared.size >= MAX_PREPARED_STATEMENTS && oldest !== undefined) prepared.delete(oldest)
  prepared.set(sql, statement)
  return statement
}
