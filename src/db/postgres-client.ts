/**
 * A Postgres connection that keeps the plan of statements which have a name: planning costs four times as much as running
 * them. An error of connecting is known as one.
 */

import pg from 'pg'
import { markUnconnected } from './left-nothing.js'
import { nameIn } from './together.js'

export class PostgresClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's overloads; the pool alone connects, with a callback.
  override connect(...[callback]: any[]): any {
    if (callback === undefined) return super.connect()
    return super.connect((error: Error | null, ...rest: unknown[]) => {
      if (error) markUnconnected(error)
      callback(error, ...rest)
    })
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg's overloads; what is handed on is what came, or a config in its place.
  override query(...given: any[]): any {
    const [text, values] = given
    const name = typeof text === 'string' ? nameIn(text) : null
    const query = super.query as (...args: unknown[]) => unknown
    return query.apply(this, name === null ? given : [{ name, text, values }, ...given.slice(2)])
  }
}
