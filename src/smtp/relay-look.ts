/** One session with a relay that sends nothing: what it speaks, with which certificate, whether it takes our login. */

import { TLSSocket } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { InputError } from '../errors.js'
import { logIn } from './log-in.js'
import { lateError } from './open-connection.js'
import { throughProxy } from './proxy.js'
import { describeRelayProblem } from './relay-problem.js'
import type { RelaySettings } from './relay-url.js'
import type { WireError } from './reply.js'

/** A person waits. */
const TIMEOUT_MS = 20_000
const WHOLE_TIMEOUT_MS = 60_000

export interface RelaySession {
  /** Null: not encrypted. */
  readonly tls: {
    readonly protocol: string
    readonly isTrusted: boolean
    /** Ms since 1970; null when the certificate does not tell. */
    readonly expiresAt: number | null
  } | null
}

/** Connects, starts TLS, logs in, leaves. Resolves with what is wrong as an InputError that says what to mend. */
export async function lookAtRelay(settings: RelaySettings): Promise<RelaySession | InputError> {
  const { login } = settings
  const patience = {
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  }
  let opened: SMTPConnection | null = null
  const latest = setTimeout(() => opened?.emit('error', lateError()), WHOLE_TIMEOUT_MS)
  try {
    const wire = new SMTPConnection({ ...(await throughProxy(settings.wire, settings)), ...patience })
    opened = wire
    await step(wire, (done) => wire.connect(done))
    const tls = readTls(wire)
    if (login !== null) await step(wire, (done) => logIn(wire, login, done))
    wire.quit()
    return { tls }
  } catch (error) {
    // Only nodemailer's errors reach this promise.
    return describeRelayProblem(error as WireError, settings)
  } finally {
    clearTimeout(latest)
    opened?.close()
  }
}

/** Rejects as well when the connection ends without an answer. */
function step(
  wire: SMTPConnection,
  begin: (done: (error?: WireError | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    wire.on('error', reject)
    // One turn later: an error tells more than the end that comes with it.
    wire.once('end', () => setImmediate(() => reject(new Error('connection closed'))))
    begin((error) => (error ? reject(error) : resolve()))
  })
}

function readTls({ _socket }: SMTPConnection): RelaySession['tls'] {
  if (!(_socket instanceof TLSSocket)) return null
  const ends = Date.parse(_socket.getPeerCertificate()?.valid_to ?? '')
  return {
    protocol: _socket.getProtocol() ?? 'TLS',
    isTrusted: _socket.authorized,
    expiresAt: Number.isNaN(ends) ? null : ends,
  }
}
