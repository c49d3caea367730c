/** Which errors say for certain that nothing was committed, so that the same may be asked again. */

import { expect, test } from 'vitest'
import { leftNothing, markUnconnected } from './left-nothing.js'
import { SqliteError } from './sqlite-driver.js'

const ofPostgres = (code: string) => Object.assign(new Error('from the server'), { code })

test.each(['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_LOCKED', 'SQLITE_FULL', 'SQLITE_READONLY_DBMOVED'])(
  '%s left nothing',
  (code) => expect(leftNothing(new SqliteError('no', code))).toBe(true),
)

test.each(['57P01', '57P03', '53300', '53100', '25006'])('SQLSTATE %s left nothing', (code) =>
  expect(leftNothing(ofPostgres(code))).toBe(true),
)

test.each(['timeout exceeded when trying to connect', 'Connection terminated due to connection timeout'])(
  '%s: nothing had been asked',
  (message) => expect(leftNothing(new Error(message))).toBe(true),
)

test.each([
  new SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC'),
  new SqliteError('refused for good', 'SQLITE_CONSTRAINT_NOTNULL'),
  ofPostgres('57P02'),
  ofPostgres('23502'),
  ofPostgres('ECONNRESET'),
  new Error('Connection terminated unexpectedly'),
  new Error('Query read timeout'),
  'no error at all',
])('%s leaves it open, or will be said again', (error) => expect(leftNothing(error)).toBe(false))

test('whatever kept a connection from being made left nothing', () => {
  const error = new Error('Connection terminated unexpectedly')
  markUnconnected(error)

  expect(leftNothing(error)).toBe(true)
})
