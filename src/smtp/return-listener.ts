/**
 * The return path's own SMTP server: takes only what is addressed to a Token that verifies, or to the address for complaints,
 * and says 250 when it is on record. It never sends anything. Its bounds are for a port that all the world may reach.
 */

import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { domainToASCII } from 'node:url'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { messageOf } from '../errors.js'
import type { Log } from '../log.js'
import { openSeldom } from '../seldom.js'
import { type Door, type DoorLimits, type Guest, openDoor } from './door.js'
import { type Envelope, MAX_MAIL_BYTES, type ReturnedMail, type TakeMail } from './mailbox.js'
import { readIncoming } from './read-incoming.js'

const MAX_RECIPIENTS = 10
/** Whoever tries addresses is sent away. */
const MAX_REFUSED = 10
const IDLE_TIMEOUT_MS = 60_000
/** A report is a few hundred kilobytes. */
const DOOR: DoorLimits = {
  guests: 50,
  ofOneNetwork: 20,
  mailMs: 120_000,
  talkLines: 200,
  talkBytes: 65_536,
}
const CLOSE_TIMEOUT_MS = 500
/** What took longer is followed by a rest as long, so that hostile mail has half of the time at most. */
const LONG_MS = 50
const MAX_REST_MS = 1_000
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
  readonly door?: Partial<DoorLimits>
}

export interface ReturnListener {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/** Rejects when the port can't be had. */
export async function openReturnListener(options: ReturnListenerOptions): Promise<ReturnListener> {
  const { host, port, accepts, isOpen, take, log, idleTimeoutMs = IDLE_TIMEOUT_MS } = options
  const refused = new WeakMap<SMTPServerSession, number>()
  const warn = warnSeldom(log)
  const door = openDoor(
    { ...DOOR, ...options.door },
    { onTurnedAway: () => warn({}, 'connections to the return path are turned away: too many at once') },
  )
  const inTurn = openTurns()

  const server = new GuardedServer(door, {
    banner: 'reports on mail of ours only',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
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
      const guest = server.guestOf(session)
      guest?.brings()
      readIncoming(stream, { maxBytes: MAX_MAIL_BYTES }).then(
        async (read) => {
          if (read === 'endless') return guest?.dismiss(`552 5.3.4 longer than ${MAX_MAIL_BYTES} bytes`)
          guest?.waits()
          const answer = await answerTo(read, session)
          guest?.answered(answer === null)
          done(answer)
        },
        (error: unknown) => done(smtpError(451, `4.3.0 ${messageOf(error)}`)),
      )
    },
  })

  /** Null: it is on record. */
  async function answerTo(read: Uint8Array | 'tooLong', session: SMTPServerSession): Promise<Error | null> {
    if (read === 'tooLong') return smtpError(552, `5.3.4 longer than ${MAX_MAIL_BYTES} bytes`)
    const envelopeTo = session.envelope.rcptTo.map(({ address }) => asSent(address))
    return record({ source: 'smtp', bytes: read, envelopeTo, envelope: envelopeOf(session) })
  }

  async function record(mail: ReturnedMail): Promise<Error | null> {
    const notNow = smtpError(451, '4.3.0 it can not be recorded now; please come again')
    const notEver = smtpError(554, '5.3.0 it can not be recorded')
    if (!isOpen()) return notNow
    try {
      const disposal = await inTurn.take(() => take(mail))
      if (disposal === 'aside') return notEver
      return disposal === 'later' ? notNow : null
    } catch (error) {
      warn({ error: messageOf(error) }, 'what came back could not be recorded; it is asked to come again')
      return notNow
    }
  }

  // A client that goes away in the middle is its own business; it comes again.
  server.on('error', (error) => log.debug({ err: error }, 'connection to the return path failed'))

  const listening = await listen(server, { host, port })
  return {
    ...listening,
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await inTurn.last()
    },
  }
}

/** Whoever comes passes the door before there is a session. */
class GuardedServer extends SMTPServer {
  readonly #door: Door
  /** By the number of the session. */
  readonly #guests = new Map<string, Guest>()

  constructor(door: Door, options: SMTPServerOptions) {
    super(options)
    this.#door = door
  }

  override connect(socket: Socket, options?: Parameters<SMTPServer['connect']>[1]): void {
    const guest = this.#door.admit(socket)
    if (guest === null) return
    const id = randomUUID()
    this.#guests.set(id, guest)
    socket.once('close', () => this.#guests.delete(id))
    socket.on('data', (chunk) => guest.talks(chunk))
    super.connect(socket, { ...options, id })
  }

  /** Undefined: it has gone. */
  guestOf({ id }: SMTPServerSession): Guest | undefined {
    return this.#guests.get(id)
  }
}

/** One after another: what comes in must not press upon what goes out. */
function openTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return {
    take<T>(work: () => Promise<T>): Promise<T> {
      const turn = last.then(async () => {
        const startedAt = performance.now()
        const done = await work()
        return { done, tookMs: performance.now() - startedAt }
      })
      last = turn.then(
        ({ tookMs }) => (tookMs > LONG_MS ? setTimeout(Math.min(tookMs, MAX_REST_MS)) : undefined),
        () => {},
      )
      return turn.then(({ done }) => done)
    },
    last: () => last,
  }
}

function warnSeldom(log: Log): (facts: object, words: string) => void {
  const isTimeToSay = openSeldom(LOG_FAILURE_EVERY_MS)
  return (facts, words) => {
    if (isTimeToSay(words)) log.warn(facts, words)
  }
}

function envelopeOf({ envelope: { mailFrom }, remoteAddress }: SMTPServerSession): Envelope {
  return { from: mailFrom ? asSent(mailFrom.address) : '', client: remoteAddress }
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
