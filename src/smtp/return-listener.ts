/**
 * The return path's own SMTP server: takes only what is addressed to a Token that verifies, or to the address for complaints,
 * and says 250 when it is on record. It never sends anything. Its bounds are for a port that all the world may reach.
 */

import type { Socket } from 'node:net'
import { domainToASCII } from 'node:url'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { messageOf } from '../errors.js'
import type { Log } from '../log.js'
import { MAX_MAIL_BYTES, type TakeMail } from './mailbox.js'

const MAX_CLIENTS = 50
const MAX_FROM_ONE_ADDRESS = 20
const MAX_RECIPIENTS = 10
/** Whoever tries addresses is sent away. */
const MAX_REFUSED = 10
const IDLE_TIMEOUT_MS = 60_000
/** However slowly it goes on: a report is a few hundred kilobytes. */
const SESSION_TIMEOUT_MS = 300_000
const CLOSE_TIMEOUT_MS = 500
const LOG_FAILURE_EVERY_MS = 30_000

export interface ReturnListenerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** Does this address stand for a Message of ours, or for complaints? */
  readonly accepts: (address: string) => boolean
  /** False: nothing may be taken now. */
  readonly isOpen: () => boolean
  readonly take: TakeMail
  readonly log: Log
  readonly idleTimeoutMs?: number
  readonly sessionTimeoutMs?: number
}

export interface ReturnListener {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/** Rejects when the port can't be had. */
export async function openReturnListener(options: ReturnListenerOptions): Promise<ReturnListener> {
  const { host, port, accepts, isOpen, take, log } = options
  const { idleTimeoutMs = IDLE_TIMEOUT_MS, sessionTimeoutMs = SESSION_TIMEOUT_MS } = options
  const refused = new WeakMap<SMTPServerSession, number>()
  const clients = new Map<string, number>()
  let loggedAt = Number.NEGATIVE_INFINITY
  // One after another: what comes in must not press upon what goes out.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }

  const server = new SMTPServer({
    banner: 'reports on mail of ours only',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    maxClients: MAX_CLIENTS,
    maxRecipients: MAX_RECIPIENTS,
    socketTimeout: idleTimeoutMs,
    closeTimeout: CLOSE_TIMEOUT_MS,
    logger: false,
    onRcptTo({ address }, session, done) {
      if (accepts(asSent(address))) return done()
      const times = (refused.get(session) ?? 0) + 1
      refused.set(session, times)
      if (times > MAX_REFUSED) return done(smtpError(421, '4.7.0 too many unknown recipients'))
      done(smtpError(550, '5.1.1 no such return path'))
    },
    onData(stream, session, done) {
      readAll(stream).then(
        async (bytes) => {
          if (bytes === null) return done(smtpError(552, `5.3.4 longer than ${MAX_MAIL_BYTES} bytes`))
          const envelopeTo = session.envelope.rcptTo.map(({ address }) => asSent(address))
          done(await record(bytes, envelopeTo))
        },
        (error: unknown) => done(smtpError(451, `4.3.0 ${messageOf(error)}`)),
      )
    },
  })

  /** Null: on record. */
  async function record(bytes: Uint8Array, envelopeTo: readonly string[]): Promise<Error | null> {
    const notNow = smtpError(451, '4.3.0 it can not be recorded now; please come again')
    const notEver = smtpError(554, '5.3.0 it can not be recorded')
    if (!isOpen()) return notNow
    try {
      const disposal = await inTurn(() => take({ source: 'smtp', bytes, envelopeTo }))
      if (disposal === 'aside') return notEver
      return disposal === 'later' ? notNow : null
    } catch (error) {
      if (performance.now() - loggedAt > LOG_FAILURE_EVERY_MS)
        log.warn(
          { error: messageOf(error) },
          'what came back could not be recorded; it is asked to come again',
        )
      loggedAt = performance.now()
      return notNow
    }
  }

  // A client that goes away in the middle is its own business; it comes again.
  server.on('error', (error) => log.debug({ err: error }, 'connection to the return path failed'))
  server.server.on('connection', (socket: Socket) => {
    const deadline = setTimeout(() => socket.destroy(), sessionTimeoutMs)
    deadline.unref()
    const from = socket.remoteAddress ?? ''
    const count = (clients.get(from) ?? 0) + 1
    clients.set(from, count)
    socket.once('close', () => {
      clearTimeout(deadline)
      const others = (clients.get(from) ?? 1) - 1
      if (others === 0) clients.delete(from)
      else clients.set(from, others)
    })
    if (count > MAX_FROM_ONE_ADDRESS) socket.destroy()
  })

  const listening = await listen(server, { host, port })
  return {
    ...listening,
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await last
    },
  }
}

/** Null: longer than allowed; then it is read to its end and forgotten. */
async function readAll(stream: SMTPServerDataStream): Promise<Uint8Array | null> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0
    else chunks.push(chunk)
  }
  return stream.sizeExceeded ? null : Buffer.concat(chunks)
}

/** smtp-server shows domains in Unicode. */
function asSent(address: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at + 1)}${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`
}

function smtpError(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code })
}

function listen(
  server: SMTPServer,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly host: string; readonly port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const listener = server.listen(port, host, () => {
      server.off('error', reject)
      const address = listener.address()
      if (address === null || typeof address === 'string') reject(new Error('it has no TCP address'))
      else resolve({ host: address.address, port: address.port })
    })
  })
}
