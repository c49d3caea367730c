/**
 * Connection: one SMTP session over nodemailer's SMTPConnection. nodemailer reports a line cut before the dot and
 * one cut after it with the same error; what tells them apart is whether the held body was released.
 */

import { isAscii } from 'node:buffer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { type HeldBody, holdBody } from './held-body.js'
import type { RelaySettings } from './relay-url.js'
import { causeOf, readReply, type WireError } from './reply.js'
import type { Envelope, Reply, SendOptions, WireMessage } from './transport.js'

/** How long a server may take to answer QUIT. */
const QUIT_TIMEOUT_MS = 5_000

const BEING_CLOSED: Reply = { kind: 'notEnded', cause: 'the relay is being closed', scope: 'relay' }

/**
 * Connects, greets, starts TLS, logs in. Rejects with nodemailer's error, or when `signal` is aborted; nothing stays
 * open then.
 */
export async function openConnection(
  { wire: options, login }: Pick<RelaySettings, 'wire' | 'login'>,
  signal?: AbortSignal,
): Promise<Connection> {
  signal?.throwIfAborted()
  const wire = new SMTPConnection(options)
  const abort = () => wire.close()
  signal?.addEventListener('abort', abort)
  // Every error also reaches the caller who waits; without a listener of its own a late one would end the process.
  wire.on('error', () => undefined)
  try {
    await answered(wire, (done) => wire.connect(done))
    // What the server said last is its answer to EHLO; nodemailer has no public list of the extensions.
    const takesUtf8 = /^250[ -]SMTPUTF8\b/im.test(wire.lastServerResponse || '')
    if (login !== null) await logIn(wire, login)
    signal?.throwIfAborted()
    return new Connection(wire, takesUtf8)
  } catch (error) {
    wire.close()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

async function logIn(wire: SMTPConnection, { user, pass, method }: NonNullable<RelaySettings['login']>) {
  if (!wire.allowsAuth)
    throw Object.assign(new Error('the relay offers no login (AUTH)'), { code: 'ENOAUTH', command: 'EHLO' })
  await answered(wire, (done) =>
    wire.login(method === undefined ? { user, pass } : { user, pass, method }, done),
  )
}

export class Connection {
  readonly #wire: SMTPConnection
  readonly #takesUtf8: boolean
  #isOpen = true
  #isClean = true
  #messages = 0
  #body: HeldBody | null = null
  #isResetting = false
  #isClosing = false
  #isCut = false

  constructor(wire: SMTPConnection, takesUtf8: boolean) {
    this.#wire = wire
    this.#takesUtf8 = takesUtf8
    wire.once('end', () => {
      this.#isOpen = false
    })
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Messages this connection was given so far. */
  get messages(): number {
    return this.#messages
  }

  /** One transaction. Rejects only with what `beforeEnd` threw. Not to be called again before it settles. */
  async send({ envelope, bytes }: WireMessage, { beforeEnd }: SendOptions): Promise<Reply> {
    const to = plainAddress(envelope.to)
    const from = envelope.from === '' ? '' : plainAddress(envelope.from)
    if (!this.#takesUtf8 && !(isPlainAscii(to) && isPlainAscii(from)))
      // nodemailer would send the raw bytes without the parameter, against RFC 6531 section 3.1.
      return { kind: 'notEnded', cause: 'needs SMTPUTF8', scope: 'message' }

    if (this.#isClosing) return BEING_CLOSED
    this.#messages += 1
    const body = holdBody(bytes, { untilWritten: () => untilWritten(this.#wire), beforeEnd })
    this.#body = body
    const answer = await this.#transmit({ from, to }, body, !isAscii(bytes))
    // An answer in the middle of the body: the session is of no more use, and what waits to be written never leaves.
    if (!body.isReleased() && !isEnvelopeRefusal(answer)) this.destroy()
    try {
      // A reply may come while beforeEnd still decides; its outcome must not overtake the intent.
      await body.settle()
    } catch (error) {
      this.destroy()
      throw error
    } finally {
      this.#body = null
    }
    const reply = readAnswer(answer, body.isReleased())
    if (reply.kind === 'notEnded' && this.#isCut) return BEING_CLOSED
    if (reply.kind !== 'replied') this.destroy()
    else if (!reply.ended) this.#isClean = false
    return reply
  }

  async #transmit(envelope: Envelope, { stream }: HeldBody, use8BitMime: boolean): Promise<Answer> {
    try {
      const info = await answered<SMTPConnection.SentMessageInfo>(this.#wire, (done) =>
        this.#wire.send({ from: envelope.from, to: [envelope.to], use8BitMime }, stream, (error, sent) => {
          // An answer in the middle of the body: nothing more is read, and beforeEnd is not asked any more.
          stream.destroy()
          done(error, sent)
        }),
      )
      return { kind: 'accepted', response: info?.response ?? '' }
    } catch (error) {
      // Only nodemailer's errors reach this promise.
      return { kind: 'refusedOrLost', error: error as WireError }
    }
  }

  /** Makes the connection ready for another message (RSET where one was refused). False when it cannot be. */
  async renew(): Promise<boolean> {
    // A reply that nobody asked for, come with the last one, ends the session; it must not answer the next command.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
    if (!this.#isOpen || this.#isClean) return this.#isOpen
    this.#isResetting = true
    try {
      await answered(this.#wire, (done) => this.#wire.reset(done))
      this.#isClean = true
    } catch {
      // A session that does not even take RSET is of no use; the next message opens another.
      this.destroy()
    } finally {
      this.#isResetting = false
    }
    return this.#isOpen
  }

  /** Says QUIT and waits for the end, a few seconds at most. */
  async quit(): Promise<void> {
    if (!this.#isOpen) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.destroy(), QUIT_TIMEOUT_MS)
      this.#wire.once('end', () => {
        clearTimeout(timer)
        resolve()
      })
      this.#wire.quit()
    })
  }

  /** Begins no message any more; one that waits for an answer before its body ends at once, as does a RSET. */
  close(): void {
    this.#isClosing = true
    if (this.#isResetting || this.#body?.isBegun() === false) this.cut()
  }

  /** Ends it at once; the message on it is told from one that the relay has lost. */
  cut(): void {
    this.#isCut = true
    this.destroy()
  }

  /** Ends it at once, without a word. */
  destroy(): void {
    this.#wire.close()
  }
}

type Answer =
  | { readonly kind: 'accepted'; readonly response: string }
  | { readonly kind: 'refusedOrLost'; readonly error: WireError }

/** A refusal of MAIL, RCPT or DATA: nothing of the body was read, and the session can go on. */
function isEnvelopeRefusal(answer: Answer): boolean {
  return answer.kind === 'refusedOrLost' && answer.error.code === 'EENVELOPE'
}

/** What nodemailer says and whether the end was let go, as a Reply. Where both leave a doubt, uncertain wins. */
function readAnswer(answer: Answer, isReleased: boolean): Reply {
  const response = answer.kind === 'accepted' ? answer.response : (answer.error.response ?? '')
  const reply = readReply(response)
  const isSuccess = answer.kind === 'accepted'
  if (isReleased) {
    // A 3yz belongs to DATA: the server is one reply behind, and its answer to the dot is not known.
    const answersTheDot = isSuccess || (answer.error.code === 'EMESSAGE' && (reply?.code ?? 0) >= 400)
    if (reply !== null && answersTheDot) return { kind: 'replied', ...reply, command: 'DATA', ended: true }
    return { kind: 'endedWithoutReply', cause: isSuccess ? 'no reply to read' : causeOf(answer.error) }
  }
  if (isSuccess)
    return { kind: 'notEnded', cause: `reply before the end: ${reply?.text ?? ''}`, scope: 'message' }
  // EENVELOPE: to MAIL, RCPT or DATA; EMESSAGE: in the middle of the body; else only a 421, which comes at any time.
  // The rest of a reply that was cut off with the line proves nothing.
  const isReply = isEnvelopeRefusal(answer) || answer.error.code === 'EMESSAGE' || reply?.code === 421
  if (reply !== null && reply.code >= 400 && isReply)
    return { kind: 'replied', ...reply, command: commandOf(answer.error), ended: false }
  return { kind: 'notEnded', cause: causeOf(answer.error), scope: 'message' }
}

/** Which command was refused: a sender that is refused says nothing about the recipient. */
function commandOf({ command }: WireError): 'MAIL' | 'RCPT' | 'DATA' {
  if (command === 'MAIL FROM') return 'MAIL'
  return command === 'RCPT TO' ? 'RCPT' : 'DATA'
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

/** Until the kernel has what was written: a message that still waits in our memory has no end to be let go. */
async function untilWritten({ _socket }: SMTPConnection): Promise<void> {
  const socket = _socket || null
  // A stream asks for more before it hands on what it has; a turn later the socket has been given all of it.
  await new Promise((resolve) => setImmediate(resolve))
  if (!socket?.writableNeedDrain) return
  await new Promise<void>((resolve) => {
    socket.once('drain', resolve)
    socket.once('close', () => resolve())
  })
}

/**
 * The address as it goes between the angle brackets. It was validated long before; a sign that would make two
 * recipients or a command of it is a bug of ours, never to be repaired here.
 */
function plainAddress(address: string): string {
  if (
    !/^[^\s\p{Cc}<>,;"]+@[^\s\p{Cc}<>,;"@]+$/u.test(address) ||
    address.indexOf('@') !== address.lastIndexOf('@')
  )
    throw new Error(`not one plain address: ${JSON.stringify(address)}`)
  return address
}

function isPlainAscii(text: string): boolean {
  return isAscii(Buffer.from(text))
}
