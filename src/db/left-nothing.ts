/** Of an error: it is certain that nothing of what was asked stands, and the same may well be kept when it is asked again. */

/**
 * Primary and extended result codes: another holds the database, it has no room, it may not be written. Not SQLITE_IOERR:
 * what could not be synced may be found after a crash.
 */
const SQLITE = /^SQLITE_(BUSY|LOCKED|FULL|READONLY)(_|$)/
/**
 * SQLSTATE (PostgreSQL, appendix A): admin_shutdown, cannot_connect_now, too_many_connections, disk_full,
 * read_only_sql_transaction. Not crash_shutdown (57P02): that may come after a commit whose answer did not leave any more.
 */
const POSTGRES: ReadonlySet<string> = new Set(['57P01', '57P03', '53300', '53100', '25006'])
/** pg-pool's own, with no code: all connections were taken, or none could be made, for as long as it waits. */
const TIMED_OUT =
  /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout)$/

const ofConnecting = new WeakSet<Error>()

/** A connection could not be made, whatever the reason: nothing was asked of the database. */
export function markUnconnected(error: Error): void {
  ofConnecting.add(error)
}

export function leftNothing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return ofConnecting.has(error) || SQLITE.test(code) || POSTGRES.has(code) || TIMED_OUT.test(error.message)
}
