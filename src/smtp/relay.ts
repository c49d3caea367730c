/**
 * Relay: the Transport that hands Messages to an SMTP server (RFC 5321). Its one promise: the terminating CRLF.CRLF
 * leaves only after `beforeEnd` said so, and what happened is never guessed.
 */

import type { Log } from '../log.js'
import { openConnection } from './open-connection.js'
import { Pool } from './pool.js'
import { describeRelayProblem } from './relay-problem.js'
import type { RelaySettings } from './relay-url.js'
import { causeOf, isLoginRefusal, type WireError } from './reply.js'
import type { Transport } from './transport.js'

/** A person waits for the answer of verify(). */
const VERIFY_TIMEOUT_MS = 20_000

/** Opens no connection yet. */
export function openRelay(settings: RelaySettings, log?: Log): Transport {
  const pool = new Pool(settings, log)
  return {
    name: settings.name,
    concurrency: settings.maxConnections,

    async verify() {
      const patience = (ms: number | undefined) => Math.min(ms ?? VERIFY_TIMEOUT_MS, VERIFY_TIMEOUT_MS)
      const { connectionTimeout, greetingTimeout, socketTimeout } = settings.wire
      const wire = {
        ...settings.wire,
        connectionTimeout: patience(connectionTimeout),
        greetingTimeout: patience(greetingTimeout),
        socketTimeout: patience(socketTimeout),
      }
      try {
        const connection = await openConnection({ ...settings, wire })
        await connection.quit()
      } catch (error) {
        // Opening rejects with nodemailer's errors alone.
        throw describeRelayProblem(error as WireError, settings)
      }
    },

    async send(message, options) {
      let connection: Awaited<ReturnType<Pool['lend']>>
      try {
        connection = await pool.lend()
      } catch (error) {
        // Lending rejects with nodemailer's errors, or because the relay is closed: an Error all the same.
        const cause = causeOf(error as WireError)
        log?.debug({ relay: settings.name, cause }, 'no connection')
        return { kind: 'notEnded', cause, scope: isLoginRefusal(error as WireError) ? 'login' : 'relay' }
      }
      try {
        return await connection.send(message, options)
      } finally {
        // Not awaited: the sender need not wait for our RSET or QUIT.
        void pool.takeBack(connection, options.lane)
      }
    },

    close: (options) => pool.close(options),
  }
}
