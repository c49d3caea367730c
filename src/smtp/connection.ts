/**
 * Connection: one transaction after the other on a Session, each with its end held back until the sender may end it. What
 * left, and what was answered, is known here, so a line that was cut says by itself what became of the message.
 */

import { isAscii } from 'node:buffer'
import { wireBytes } from './dots.js'
import { isPlainAscii, plainAddress } from './plain-address.js'
import { readReply } from './reply.js'
import type { Answer, Session } from './session.js'
import type { Reply, SendOptions, WireMessage } from './transport.js'

/** What the relay said it can do, in its answer to EHLO. */
export interface Offers {
  /** RFC 2920 */
  readonly pipelining: boolean
  /** RFC 6152 */
  readonly eightBit: boolean
  /** RFC 6531 */
  readonly utf8: boolean
  /** RFC 1870 */
  readonly size: boolean
}

/** RFC 5321 section 4.5.3.2. After the end a shorter wait makes duplicates. */
const PATIENCE_MS = { envelope: 300_000, data: 120_000, block: 180_000, end: 600_000 } as const
/** What leaves within one `block`. */
const BLOCK_BYTES = 64 * 1024
/** How long a server may take to answer QUIT. */
const QUIT_TIMEOUT_MS = 5_000

const BEING_CLOSED: Reply = { kind: 'notEnded', cause: 'the relay is being closed', scope: 'relay' }

export class Connection {
  readonly #session: Session
  readonly #offers: Offers
  #isClean = true
  #messages = 0
  /** `envelope`: an answer is waited for, and no body is on its way. */
  #stage: 'idle' | 'envelope' | 'body' | 'resetting' = 'idle'
  #isClosing = false
  #isCut = false

  constructor(session: Session, offers: Offers) {
    this.#session = session
    this.#offers = offers
  }

  get isOpen(): boolean {
    return this.#session.isOpen
  }

  /** Messages this connection was given so far. */
  get messages(): number {
    return this.#messages
  }

  /** One transaction. Rejects only with what `beforeEnd` threw. Not to be called again before it settles. */
  async send(message: WireMessage, { beforeEnd }: SendOptions): Promise<Reply> {
    const to = plainAddress(message.envelope.to)
    const from = message.envelope.from === '' ? '' : plainAddress(message.envelope.from)
    const needsUtf8 = !(isPlainAscii(to) && isPlainAscii(from))
    // RFC 6531 section 3.1: such an address is named to nobody who does not offer it.
    if (needsUtf8 && !this.#offers.utf8)
      return { kind: 'notEnded', cause: 'needs SMTPUTF8', scope: 'message' }
    if (this.#isClosing) return BEING_CLOSED
    this.#messages += 1
    try {
      const reply =
        (await this.#offer({ from, to, needsUtf8, message })) ?? (await this.#transmit(message, beforeEnd))
      if (reply.kind === 'notEnded' && this.#isCut) return BEING_CLOSED
      if (reply.kind !== 'replied') this.destroy()
      else if (!reply.ended) this.#isClean = false
      return reply
    } finally {
      this.#stage = 'idle'
    }
  }

  /** MAIL, RCPT and DATA, in one go where that is offered (RFC 2920). Null: the body may come. */
  async #offer({ from, to, needsUtf8, message }: Offered): Promise<Reply | null> {
    this.#stage = 'envelope'
    const { pipelining, eightBit, size } = this.#offers
    const parameters = [
      size ? ` SIZE=${message.bytes.length}` : '',
      eightBit && (needsUtf8 || !isKnownAscii(message)) ? ' BODY=8BITMIME' : '',
      needsUtf8 ? ' SMTPUTF8' : '',
    ].join('')
    const commands = [
      `MAIL FROM:<${utf8(from)}>${parameters}\r\n`,
      `RCPT TO:<${utf8(to)}>\r\n`,
      'DATA\r\n',
    ] as const
    if (pipelining) {
      const answers = await this.#session.ask(commands.join(''), 3, PATIENCE_MS.envelope)
      const refused = answers.findIndex((answer, at) => !isWelcome(answer, at))
      if (refused === -1) return null
      // DATA was taken all the same: it wants a body now, and nobody to give it to.
      if (isWelcome(answers[2], 2)) this.destroy()
      return readRefusal(answers[refused], refused)
    }
    for (const [at, command] of commands.entries()) {
      const [answer] = await this.#session.ask(command, 1, at === 2 ? PATIENCE_MS.data : PATIENCE_MS.envelope)
      if (!isWelcome(answer, at)) return readRefusal(answer, at)
    }
    return null
  }

  /** The body, then `beforeEnd`, then the end. */
  async #transmit(message: WireMessage, beforeEnd: SendOptions['beforeEnd']): Promise<Reply> {
    this.#stage = 'body'
    const body = wireBytes(message)
    await this.#session.write(body, PATIENCE_MS.block * Math.ceil(body.length / BLOCK_BYTES))
    if (!this.#session.isOpen) return this.#lostBeforeTheEnd()
    let mayEnd: boolean
    try {
      mayEnd = await beforeEnd()
    } catch (error) {
      this.destroy()
      throw error
    }
    if (!this.#session.isOpen) return this.#lostBeforeTheEnd()
    if (!mayEnd) return { kind: 'notEnded', cause: 'not to be ended', scope: 'message' }
    const [answer] = await this.#session.ask('.\r\n', 1, PATIENCE_MS.end)
    return readVerdict(answer)
  }

  /** A refusal in the middle of the body is an answer; anything else is a line that was lost before the end. */
  #lostBeforeTheEnd(): Reply {
    const { stray, cause } = this.#session
    if (stray !== null && stray.code >= 400) return refusal(stray, 'DATA')
    return {
      kind: 'notEnded',
      cause: stray === null ? (cause ?? 'reply before the end') : `reply before the end: ${cause}`,
      scope: 'message',
    }
  }

  /**
   * Makes the connection ready for another message (RSET where one was refused). False when it cannot be. A reply that
   * nobody asked for ends the session; one that comes later still is found out by the next DATA, which wants a 354.
   */
  async renew(): Promise<boolean> {
    if (!this.isOpen || this.#isClean) return this.isOpen
    this.#stage = 'resetting'
    const [answer] = await this.#session.ask('RSET\r\n', 1, PATIENCE_MS.envelope)
    this.#stage = 'idle'
    // A session that does not even take RSET is of no use; the next message opens another.
    if (isWelcome(answer, 0)) this.#isClean = true
    else this.destroy()
    return this.isOpen
  }

  /** Says QUIT and waits for the answer, a few seconds at most. */
  async quit(): Promise<void> {
    const timer = setTimeout(() => this.destroy(), QUIT_TIMEOUT_MS)
    await this.#session.ask('QUIT\r\n', 1, QUIT_TIMEOUT_MS)
    clearTimeout(timer)
    this.destroy()
  }

  /** Begins no message any more; one that waits for an answer before its body ends at once, as does a RSET. */
  close(): void {
    this.#isClosing = true
    if (this.#stage === 'envelope' || this.#stage === 'resetting') this.cut()
  }

  /** Ends it at once; the message on it is told from one that the relay has lost. */
  cut(): void {
    this.#isCut = true
    this.destroy()
  }

  /** Ends it at once, without a word. */
  destroy(): void {
    this.#session.end('connection closed')
  }
}

interface Offered {
  readonly from: string
  readonly to: string
  readonly needsUtf8: boolean
  readonly message: WireMessage
}

/** Without looking at each byte where that is known. */
function isKnownAscii({ bytes, isWireReady }: WireMessage): boolean {
  return isWireReady === true || isAscii(bytes)
}

const COMMANDS = ['MAIL', 'RCPT', 'DATA'] as const

/** 2yz to MAIL and RCPT, 354 to DATA. */
function isWelcome(answer: Answer | undefined, command: number): boolean {
  if (answer?.kind !== 'reply') return false
  return command === 2 ? answer.code === 354 : answer.code >= 200 && answer.code < 300
}

function readRefusal(answer: Answer | undefined, command: number): Reply {
  if (answer?.kind === 'reply' && answer.code >= 400) return refusal(answer, COMMANDS[command] ?? 'DATA')
  const cause = answer?.kind === 'lost' ? answer.cause : 'an answer to another command'
  return { kind: 'notEnded', cause, scope: 'message' }
}

function refusal(
  { code, text }: Extract<Answer, { kind: 'reply' }>,
  command: 'MAIL' | 'RCPT' | 'DATA',
): Reply {
  return { kind: 'replied', code, text: readReply(text)?.text ?? text, command, ended: false }
}

/** The answer to the dot. A 3yz belongs to DATA: the server is one reply behind, and its verdict is not known. */
function readVerdict(answer: Answer | undefined): Reply {
  if (answer?.kind === 'reply' && (isWelcome(answer, 0) || answer.code >= 400))
    return {
      kind: 'replied',
      code: answer.code,
      text: readReply(answer.text)?.text ?? answer.text,
      command: 'DATA',
      ended: true,
    }
  return { kind: 'endedWithoutReply', cause: answer?.kind === 'lost' ? answer.cause : 'no reply to read' }
}

/** As the Session writes it: a byte a character. */
function utf8(address: string): string {
  return isPlainAscii(address) ? address : Buffer.from(address, 'utf8').toString('latin1')
}
