/**
 * Session: the SMTP dialogue on a socket that is connected, secured and logged in. It writes commands and prepared
 * bytes, and hands on the replies in the order of the commands. Each wait has its end: RFC 5321 section 4.5.3.2. A reply
 * that nobody waits for ends the session: it must not answer the next command.
 */

import type { Socket } from 'node:net'
import { causeOf, readReply } from './reply.js'

export type Answer =
  /** `text`: every line of the reply, joined by \n. */
  | { readonly kind: 'reply'; readonly code: number; readonly text: string }
  /** The session is over, and no reply came. */
  | { readonly kind: 'lost'; readonly cause: string }

/** No true reply is near this long; it bounds what a broken relay makes us keep. */
const MAX_RESPONSE_BYTES = 64 * 1024
/** How far a wait may run over its end; one timer serves all waits of a session. */
const MAX_CHECK_EVERY_MS = 5_000

const REPLY_LINE = /^\d{3}(?:[ -]|$)/

export class Session {
  readonly #socket: Socket
  readonly #waiting: ((answer: Answer) => void)[] = []
  readonly #timer: NodeJS.Timeout
  readonly #patienceMs: number
  #deadline = Number.POSITIVE_INFINITY
  #line = ''
  #lines = ''
  #over: string | null = null
  #stray: Extract<Answer, { kind: 'reply' }> | null = null

  /** `patienceMs`: no wait is longer, whatever the RFC would allow. */
  constructor(socket: Socket, { patienceMs }: { readonly patienceMs: number }) {
    this.#socket = socket
    this.#patienceMs = patienceMs
    socket.setTimeout(0)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.end(causeOf(error)))
    socket.once('end', () => this.end('connection closed'))
    socket.once('close', () => this.end('connection closed'))
    this.#timer = setInterval(
      () => {
        if (performance.now() >= this.#deadline) this.end('no answer in time')
      },
      Math.min(MAX_CHECK_EVERY_MS, patienceMs / 2),
    ).unref()
    if (socket.destroyed) this.end('connection closed')
  }

  /** False as soon as a reply has begun that nobody asked for: it would be taken for the next one's answer. */
  get isOpen(): boolean {
    const isInterrupted = this.#waiting.length === 0 && (this.#line !== '' || this.#lines !== '')
    return this.#over === null && !isInterrupted
  }

  /** Why it is over; null while it is open. */
  get cause(): string | null {
    return this.#over
  }

  /** A reply that nobody waited for; the session ended with it. */
  get stray(): Extract<Answer, { kind: 'reply' }> | null {
    return this.#stray
  }

  /** Writes lines that want `replies` replies, in one go (RFC 2920). Never rejects. */
  ask(lines: string, replies: number, patienceMs: number): Promise<readonly Answer[]> {
    const { cause } = this
    if (cause !== null) return Promise.resolve(Array(replies).fill({ kind: 'lost', cause }))
    this.#waitAtMost(patienceMs)
    const answers = Array.from(
      { length: replies },
      () => new Promise<Answer>((resolve) => this.#waiting.push(resolve)),
    )
    this.#socket.write(lines, 'latin1')
    return Promise.all(answers)
  }

  /** Resolves when the kernel has the bytes, or never will. */
  async write(bytes: Uint8Array, patienceMs: number): Promise<void> {
    if (this.#over !== null) return
    this.#waitAtMost(patienceMs)
    await new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()))
    if (this.#waiting.length === 0) this.#deadline = Number.POSITIVE_INFINITY
  }

  /** Ends it at once, without a word to the server; whoever waits hears the cause. */
  end(cause: string): void {
    if (this.#over !== null) return
    this.#over = cause
    clearInterval(this.#timer)
    this.#socket.destroy()
    for (const tell of this.#waiting.splice(0)) tell({ kind: 'lost', cause })
  }

  #waitAtMost(ms: number): void {
    this.#deadline = performance.now() + Math.min(ms, this.#patienceMs)
  }

  #read(chunk: Buffer): void {
    const text = chunk.toString('latin1')
    let from = 0
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      this.#take(this.#line + text.slice(from, at))
      this.#line = ''
      from = at + 1
      if (this.#over !== null) return
    }
    this.#line += text.slice(from)
    if (this.#line.length + this.#lines.length > MAX_RESPONSE_BYTES) this.end('a reply without an end')
  }

  #take(ended: string): void {
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended
    this.#lines += line
    if (!REPLY_LINE.test(line)) this.end('what the relay says is no SMTP reply')
    else if (line[3] === '-') this.#lines += '\n'
    else {
      const text = Buffer.from(this.#lines, 'latin1').toString('utf8')
      this.#lines = ''
      this.#answer({ kind: 'reply', code: Number(line.slice(0, 3)), text })
    }
  }

  #answer(reply: Extract<Answer, { kind: 'reply' }>): void {
    const tell = this.#waiting.shift()
    if (tell === undefined) this.#stray = reply
    else tell(reply)
    if (this.#waiting.length === 0) this.#deadline = Number.POSITIVE_INFINITY
    // 421 ends the session, whatever it answers (RFC 5321 section 3.8).
    if (tell === undefined || reply.code === 421) this.end(readReply(reply.text)?.text ?? 'connection closed')
  }
}
