/**
 * Opens a Connection: nodemailer's SMTPConnection connects, greets, starts TLS and logs in, by every way it knows; then
 * its socket is taken over for the messages. Its own way of sending reports a line cut before the dot and one cut after it
 * alike, and looks at each byte.
 */

import { Socket } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { Connection, type Offers } from './connection.js'
import { logIn } from './log-in.js'
import { throughProxy } from './proxy.js'
import type { RelaySettings } from './relay-url.js'
import type { WireError } from './reply.js'
import { Session } from './session.js'

/** RFC 5321 section 4.5.3.2.6: the longest wait of all, after the dot. */
const DEFAULT_PATIENCE_MS = 600_000
const DEFAULT_WAIT_MS = 150_000

/** Of the wait for a connection: how long opening may take as a whole, however often the server says a little. */
const OPENING_WAITS = 4

/**
 * Connects, greets, starts TLS, logs in. Rejects with nodemailer's error, when it takes four times the wait for a
 * connection, or when `signal` is aborted; nothing stays open then.
 */
export async function openConnection(
  settings: Pick<RelaySettings, 'wire' | 'login' | 'host' | 'port' | 'proxy'>,
  signal?: AbortSignal,
): Promise<Connection> {
  signal?.throwIfAborted()
  const { login } = settings
  const options = await throughProxy(settings.wire, settings)
  const wire = new SMTPConnection(options)
  const abort = () => wire.close()
  const latest = setTimeout(
    () => wire.emit('error', lateError()),
    OPENING_WAITS * (options.connectionTimeout ?? DEFAULT_WAIT_MS),
  )
  signal?.addEventListener('abort', abort)
  // Every error also reaches the caller who waits; without a listener of its own a late one would end the process.
  wire.on('error', () => undefined)
  try {
    // While the proxy was asked.
    signal?.throwIfAborted()
    await answered(wire, (done) => wire.connect(done))
    // What the server said last is its answer to EHLO; nodemailer has no public list of the extensions.
    const offers = readOffers(wire.lastServerResponse || '')
    if (login !== null) await answered(wire, (done) => logIn(wire, login, done))
    signal?.throwIfAborted()
    const patienceMs = options.socketTimeout ?? DEFAULT_PATIENCE_MS
    return new Connection(new Session(takeSocket(wire), { patienceMs }), offers)
  } catch (error) {
    wire.close()
    throw error
  } finally {
    clearTimeout(latest)
    signal?.removeEventListener('abort', abort)
  }
}

/** nodemailer's own limits begin anew with each byte. */
export function lateError(): WireError {
  return Object.assign(new Error('no session in time'), { code: 'ETIMEDOUT' })
}

function readOffers(ehlo: string): Offers {
  const has = (keyword: string) => new RegExp(`^250[ -]${keyword}\\b`, 'im').test(ehlo)
  return {
    pipelining: has('PIPELINING'),
    eightBit: has('8BITMIME'),
    utf8: has('SMTPUTF8'),
    size: has('SIZE'),
  }
}

/** nodemailer's own listeners on the socket, by the events they are for. */
const LISTENERS = {
  data: '_onSocketData',
  timeout: '_onSocketTimeout',
  close: '_onSocketClose',
  end: '_onSocketEnd',
  error: '_onSocketError',
} as const

/** Takes the socket away from nodemailer: from now on it neither reads nor closes it. */
function takeSocket(wire: SMTPConnection): Socket {
  // nodemailer gives no other way to its socket; the contract test holds that these names are right.
  const inner = wire as unknown as Record<string, unknown>
  const { _socket: socket } = inner
  if (!(socket instanceof Socket)) throw new Error('connection closed')
  for (const [event, name] of Object.entries(LISTENERS)) {
    const listener = inner[name]
    if (typeof listener !== 'function') throw new Error(`nodemailer has no ${name} any more`)
    socket.off(event, listener as () => void)
  }
  if (inner._remainder !== '') socket.destroy()
  inner._socket = false
  return socket
}

/**
 * Runs a step that calls back, and rejects when the connection ends without that: nodemailer forgets the callback
 * of a step that finds the socket already destroyed, and never calls that of a login that is cut off.
 */
async function answered<T>(
  wire: SMTPConnection,
  step: (done: (error?: WireError | null, value?: T) => void) => void,
): Promise<T | undefined> {
  let release = () => {}
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      // One turn later: after a 421 the connection ends just before the callback tells the reason.
      const onEnd = () => setImmediate(() => reject(new Error('connection closed')))
      wire.once('error', reject)
      wire.once('end', onEnd)
      release = () => wire.off('error', reject).off('end', onEnd)
      step((error, value) => (error ? reject(error) : resolve(value)))
    })
  } finally {
    release()
  }
}
