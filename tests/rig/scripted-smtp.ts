/**
 * A raw SMTP server that follows a script: at each phase it says what the script says, in pieces, late, or cuts the
 * line. It notes everything it sees, in order, so that a test can ask what had left the client and when.
 */

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'

export type Phase =
  | 'CONNECT'
  | 'EHLO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'BODY'
  | 'DOT'
  | 'RSET'
  | 'QUIT'
  | 'OTHER'

export interface Moment {
  readonly phase: Phase
  /** The command as it came; for DOT and BODY ''. */
  readonly line: string
  /** 1-based number of the connection. */
  readonly connection: number
}

export type Act =
  | {
      /** Reply lines without line ends; BODY may speak out of turn with it. */
      readonly say: readonly string[]
      readonly afterMs?: number
      /** Not before this. */
      readonly after?: Promise<unknown>
      /** One byte a write. */
      readonly inPieces?: true
      readonly thenCut?: true
    }
  | 'cut'

export interface ReceivedMessage {
  readonly from: string
  readonly to: readonly string[]
  /** As the client meant it: dots taken off, without the terminator. */
  readonly bytes: Buffer
}

export interface ScriptedSmtp {
  readonly port: number
  readonly url: string
  readonly moments: readonly Moment[]
  /** Messages whose end was seen, whatever was answered. */
  readonly messages: readonly ReceivedMessage[]
  /** All bytes a connection (1-based) has sent in the clear, commands and body. */
  received(connection: number): Buffer
  /** Resolves when a connection has sent these bytes. */
  untilReceived(connection: number, bytes: string): Promise<void>
  /** Resolves when a connection is closed, whoever closed it. */
  untilClosed(connection: number): Promise<void>
  stop(): Promise<void>
}

export interface Script {
  /** EHLO keywords. */
  readonly extensions?: readonly string[]
  readonly tls?: { readonly key: string; readonly cert: string }
  /** null: what a well-behaved server does. */
  readonly act?: (moment: Moment) => Act | null
}

const DEFAULT_EXTENSIONS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 10000000']

export async function startScriptedSmtp(script: Script = {}): Promise<ScriptedSmtp> {
  const moments: Moment[] = []
  const messages: ReceivedMessage[] = []
  const sessions: Session[] = []
  const server = createServer((socket) => {
    const session = new Session(socket, sessions.length + 1, script, { moments, messages })
    sessions.push(session)
    session.run().catch((error: unknown) => socket.destroy(error instanceof Error ? error : undefined))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const session = (connection: number) => {
    const found = sessions[connection - 1]
    if (found === undefined) throw new Error(`there is no connection ${connection}`)
    return found
  }
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    moments,
    messages,
    received: (connection) => session(connection).received(),
    untilReceived: (connection, bytes) => session(connection).untilReceived(bytes),
    untilClosed: (connection) => session(connection).closed,
    async stop() {
      for (const { socket } of sessions) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Notes {
  readonly moments: Moment[]
  readonly messages: ReceivedMessage[]
}

class Session {
  socket: Socket
  readonly closed: Promise<void>
  readonly #number: number
  readonly #script: Script
  readonly #notes: Notes
  readonly #chunks: Buffer[] = []
  #unread = Buffer.alloc(0)
  #wake: () => void = () => {}
  #watchers: (() => void)[] = []
  #isEnded = false
  #isSilent = false
  #from: string | null = null
  #to: string[] = []

  constructor(socket: Socket, number: number, script: Script, notes: Notes) {
    this.socket = socket
    this.#number = number
    this.#script = script
    this.#notes = notes
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    this.#listen(socket)
  }

  received(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  async untilReceived(bytes: string): Promise<void> {
    while (!this.received().includes(bytes)) {
      if (this.#isEnded) throw new Error(`the connection ended before ${JSON.stringify(bytes)} came`)
      await new Promise<void>((resolve) => this.#watchers.push(resolve))
    }
  }

  async run(): Promise<void> {
    await this.#answer({ phase: 'CONNECT', line: '' }, ['220 scripted.test ESMTP'])
    for (let line = await this.#readLine(); line !== null; line = await this.#readLine())
      await this.#obey(line)
  }

  async #obey(line: string): Promise<void> {
    const verb = line.split(' ', 1)[0]?.toUpperCase()
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        await this.#answer({ phase: 'EHLO', line }, this.#greeting())
        break
      case 'STARTTLS':
        if (await this.#answer({ phase: 'STARTTLS', line }, ['220 go ahead'])) this.#upgrade()
        break
      case 'AUTH':
        await this.#answer({ phase: 'AUTH', line }, ['235 2.7.0 welcome'])
        break
      case 'MAIL':
        this.#to = []
        this.#from = (await this.#answer({ phase: 'MAIL', line }, ['250 2.1.0 sender ok']))
          ? addressIn(line)
          : null
        break
      case 'RCPT':
        if (this.#from === null) await this.#answer({ phase: 'RCPT', line }, ['503 5.5.1 MAIL first'])
        else if (await this.#answer({ phase: 'RCPT', line }, ['250 2.1.5 recipient ok']))
          this.#to.push(addressIn(line))
        break
      case 'DATA':
        if (this.#to.length === 0)
          await this.#answer({ phase: 'DATA', line }, ['554 5.5.1 no valid recipients'])
        else if (await this.#answer({ phase: 'DATA', line }, ['354 go ahead'])) await this.#takeBody()
        break
      case 'RSET':
        await this.#answer({ phase: 'RSET', line }, ['250 2.0.0 reset'])
        break
      case 'QUIT':
        if (await this.#answer({ phase: 'QUIT', line }, ['221 2.0.0 bye'])) this.socket.end()
        break
      default:
        await this.#answer({ phase: 'OTHER', line }, ['500 5.5.2 what?'])
    }
  }

  #greeting(): string[] {
    const tls = this.#script.tls !== undefined && !(this.socket instanceof TLSSocket) ? ['STARTTLS'] : []
    const lines = ['scripted.test', ...(this.#script.extensions ?? DEFAULT_EXTENSIONS), ...tls]
    return lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}`)
  }

  async #takeBody(): Promise<void> {
    let isFirst = true
    let body = Buffer.alloc(0)
    for (;;) {
      // A terminator right at the start counts as well: an empty message.
      const end = body.subarray(0, 3).equals(Buffer.from('.\r\n')) ? 0 : body.indexOf('\r\n.\r\n')
      if (end !== -1) {
        const length = end === 0 ? 0 : end + 2
        this.#unread = Buffer.concat([body.subarray(length + 3), this.#unread])
        const bytes = Buffer.from(
          body
            .subarray(0, length)
            .toString('latin1')
            .replace(/(^|\r\n)\./g, '$1'),
          'latin1',
        )
        this.#notes.messages.push({ from: this.#from ?? '', to: this.#to, bytes })
        this.#to = []
        this.#from = null
        await this.#answer({ phase: 'DOT', line: '' }, ['250 2.0.0 kept'])
        return
      }
      const chunk = await this.#readSome()
      if (chunk === null) return
      body = Buffer.concat([body, chunk])
      if (isFirst) await this.#answer({ phase: 'BODY', line: '' }, [])
      isFirst = false
    }
  }

  /** Says it, or what the script says instead; true when a reply that goes ahead was given. */
  async #answer(moment: Omit<Moment, 'connection'>, usual: readonly string[]): Promise<boolean> {
    const full = { ...moment, connection: this.#number }
    this.#notes.moments.push(full)
    const act = this.#script.act?.(full) ?? { say: usual }
    if (act === 'cut') {
      this.socket.destroy()
      return false
    }
    if (act.afterMs !== undefined) await delay(act.afterMs)
    await act.after
    // Replies come in the order of the commands: after one that never comes there is none.
    if (act.say.length === 0 && moment.phase !== 'BODY') this.#isSilent = true
    if (this.#isSilent) return false
    const text = act.say.map((line) => `${line}\r\n`).join('')
    if (act.inPieces) await this.#sayInPieces(text)
    else if (text !== '' && !this.socket.destroyed) this.socket.write(text)
    if (act.thenCut) this.socket.end()
    return /^[23]/.test(act.say[0] ?? '')
  }

  async #sayInPieces(text: string): Promise<void> {
    for (const byte of Buffer.from(text)) {
      if (this.socket.destroyed) return
      await new Promise<void>((resolve) => this.socket.write(Buffer.of(byte), () => setImmediate(resolve)))
    }
  }

  #upgrade(): void {
    this.socket.removeAllListeners('data')
    const { tls } = this.#script
    if (tls === undefined) throw new Error('a script that starts TLS needs a certificate')
    this.socket = new TLSSocket(this.socket, { isServer: true, ...tls })
    this.#listen(this.socket)
  }

  #listen(socket: Socket): void {
    // Replies to pipelined commands are written one by one; Nagle would hold each back for the client's ACK.
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#unread = Buffer.concat([this.#unread, chunk])
      this.#stir()
    })
    socket.on('close', () => {
      this.#isEnded = true
      this.#stir()
    })
    // A client that goes away is often what the test is about; the close tells it.
    socket.on('error', () => {})
  }

  #stir(): void {
    this.#wake()
    for (const watcher of this.#watchers.splice(0)) watcher()
  }

  async #readLine(): Promise<string | null> {
    for (;;) {
      const end = this.#unread.indexOf('\r\n')
      if (end !== -1) {
        const line = this.#unread.toString('utf8', 0, end)
        this.#unread = this.#unread.subarray(end + 2)
        return line
      }
      if (this.#isEnded) return null
      await this.#more()
    }
  }

  async #readSome(): Promise<Buffer | null> {
    while (this.#unread.length === 0) {
      if (this.#isEnded) return null
      await this.#more()
    }
    const some = this.#unread
    this.#unread = Buffer.alloc(0)
    return some
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

function addressIn(line: string): string {
  return /<(.*)>/.exec(line)?.[1] ?? ''
}
