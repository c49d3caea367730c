/**
 * Pool: a bounded number of connections, lent out and taken back. It never repeats a message: what happened to one
 * is the sender's to judge.
 */

import { setMaxListeners } from 'node:events'
import type { Log } from '../log.js'
import type { Connection } from './connection.js'
import { openConnection } from './open-connection.js'
import type { RelaySettings } from './relay-url.js'
import type { SendOptions } from './transport.js'

/** Most relays close an idle session after a minute or more; we are gone before. */
const IDLE_TIMEOUT_MS = 30_000
/** When to ask again for more connections than the relay took. */
const RAISE_AFTER_MS = 60_000
/** A timer takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1

interface Idle {
  readonly connection: Connection
  readonly timer: NodeJS.Timeout
}

export class Pool {
  readonly #settings: RelaySettings
  readonly #log: Log | undefined
  #idle: Idle[] = []
  /** Slots taken: connections in use, and those that are just being opened. */
  #lent = 0
  #inUse = new Set<Connection>()
  /** Messages by lane, where lanes have a limit of their own. */
  readonly #carried = new WeakMap<Connection, Map<string, number>>()
  readonly #opening = new AbortController()
  /** Below maxConnections for a while after the relay has refused one more. */
  #limit: number
  #raiseAt = Number.POSITIVE_INFINITY
  #waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []
  #closed: Promise<void> | null = null
  #onQuiet: (() => void) | null = null

  constructor(settings: RelaySettings, log: Log | undefined) {
    this.#settings = settings
    this.#limit = settings.maxConnections
    this.#log = log
    // One listener for each connection that is being opened.
    setMaxListeners(0, this.#opening.signal)
  }

  /**
   * An idle connection, or a new one; waits while all are lent. When the relay takes no further connection beside those
   * it has, it waits for one of these. Rejects with nodemailer's error when there is none.
   */
  async lend(): Promise<Connection> {
    for (;;) {
      if (this.#closed !== null) throw this.#closedError()
      await this.#takeSlot()
      if (this.#opening.signal.aborted) {
        this.#freeSlot()
        throw this.#closedError()
      }
      const idle = this.#takeIdle()
      if (idle !== null) return this.#use(idle)
      try {
        const connection = await openConnection(this.#settings, this.#opening.signal)
        this.#log?.debug({ relay: this.#settings.name }, 'connection opened')
        return this.#use(connection)
      } catch (error) {
        this.#lent -= 1
        if (this.#lent === 0) {
          // It is away; how many it takes when it is back is not known from this.
          this.#limit = this.#settings.maxConnections
          throw this.#refuseWaiting(error)
        }
        this.#limit = this.#lent
        this.#raiseAt = performance.now() + RAISE_AFTER_MS
      }
    }
  }

  #use(connection: Connection): Connection {
    this.#inUse.add(connection)
    return connection
  }

  /** No connection is left to wait for: whoever waits would meet the same error, perhaps after minutes each. */
  #refuseWaiting(error: unknown): unknown {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
    this.#onQuiet?.()
    return error
  }

  /** Takes a connection back: kept when it is fit for another message, else ended before its slot is free again. */
  async takeBack(connection: Connection, lane?: SendOptions['lane']): Promise<void> {
    const isUsedUp =
      connection.messages >= this.#settings.maxMessages ||
      (lane !== undefined && this.#countOf(connection, lane.name) >= lane.perConnection)
    const isFit = this.#closed === null && (await connection.renew()) && !isUsedUp
    if (isFit) this.#idle.push(this.#rest(connection))
    else await connection.quit()
    this.#inUse.delete(connection)
    this.#freeSlot()
  }

  /** How many of the lane it has carried, this one included. */
  #countOf(connection: Connection, lane: string): number {
    const carried = this.#carried.get(connection) ?? new Map<string, number>()
    const count = (carried.get(lane) ?? 0) + 1
    this.#carried.set(connection, carried.set(lane, count))
    return count
  }

  /**
   * Refuses new messages and those that have no body on its way yet, lets the others finish, ends every connection;
   * those that are not done `withinMs` are cut.
   */
  close({ withinMs }: { readonly withinMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#shutDown()
    if (withinMs !== undefined) {
      const deadline = setTimeout(
        () => {
          for (const connection of this.#inUse) connection.cut()
        },
        Math.min(withinMs, MAX_TIMER_MS),
      )
      this.#closed.finally(() => clearTimeout(deadline))
    }
    return this.#closed
  }

  async #shutDown(): Promise<void> {
    for (const { reject } of this.#waiting.splice(0)) reject(this.#closedError())
    this.#opening.abort(this.#closedError())
    for (const connection of this.#inUse) connection.close()
    if (this.#lent > 0) {
      await new Promise<void>((resolve) => {
        this.#onQuiet = resolve
      })
    }
    const idle = this.#idle.splice(0)
    for (const { connection, timer } of idle) {
      clearTimeout(timer)
      this.#use(connection)
    }
    await Promise.all(idle.map(({ connection }) => connection.quit()))
  }

  #closedError(): Error {
    return new Error(`${this.#settings.name} is closed`)
  }

  async #takeSlot(): Promise<void> {
    if (performance.now() >= this.#raiseAt) this.#limit = this.#settings.maxConnections
    if (this.#lent < this.#limit) this.#lent += 1
    // Who frees a slot hands it on; the count stays.
    else await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #freeSlot(): void {
    const next = this.#lent > this.#limit ? undefined : this.#waiting.shift()
    if (next === undefined) this.#lent -= 1
    else next.resolve()
    if (this.#lent === 0) this.#onQuiet?.()
  }

  /** The one used last: those that are not needed grow old and end. */
  #takeIdle(): Connection | null {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer)
      if (idle.connection.isOpen) return idle.connection
    }
    return null
  }

  #rest(connection: Connection): Idle {
    const timer = setTimeout(() => {
      this.#idle = this.#idle.filter((idle) => idle.connection !== connection)
      void connection.quit()
    }, IDLE_TIMEOUT_MS)
    return { connection, timer: timer.unref() }
  }
}
