/** A client that says its lines to an SMTP server, one after the other, and keeps what is answered. */

import { connect, type Socket } from 'node:net'

export interface SmtpTalk {
  /** The first reply: a greeting, as a rule. */
  readonly greeting: string
  /** What is said without being asked; '' when the server hung up instead. */
  hear(): Promise<string>
  /** Sends a line, or raw bytes, and waits for the whole reply; '' when the server hung up instead. */
  say(line: string | Uint8Array): Promise<string>
  /** Sends bytes and waits for nothing. */
  pour(bytes: Uint8Array): void
  /** MAIL, RCPT, DATA and the message; the last reply. */
  mail(to: string, bytes: Uint8Array): Promise<string>
  /** Resolves when the server has hung up. */
  readonly closed: Promise<void>
  /** Says that nothing more comes, and listens on. */
  finish(): void
  end(): void
}

/**
 * Connected and greeted. `from`: one of this machine's addresses (any 127.x.y.z, on Linux). `hasty`: said before the server has
 * said anything.
 */
export async function talkSmtp(
  port: number,
  host = '127.0.0.1',
  { from, hasty }: { readonly from?: string | undefined; readonly hasty?: Uint8Array } = {},
): Promise<SmtpTalk> {
  const socket: Socket = connect({ port, host, ...(from === undefined ? {} : { localAddress: from }) })
  let held = ''
  let isClosed = false
  let look: () => void = () => {}
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      isClosed = true
      look()
      resolve()
    })
  })
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    held += chunk.toString('latin1')
    look()
  })
  const reply = () =>
    new Promise<string>((resolve) => {
      look = () => {
        const whole = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n/.exec(held)?.[0]
        if (whole === undefined && !isClosed) return
        look = () => {}
        held = held.slice(whole?.length ?? 0)
        resolve((whole ?? '').trimEnd())
      }
      look()
    })
  const say = (line: string | Uint8Array) => {
    socket.write(typeof line === 'string' ? `${line}\r\n` : line)
    return reply()
  }
  if (hasty !== undefined) socket.write(hasty)
  return {
    greeting: await reply(),
    hear: reply,
    say,
    pour: (bytes) => void socket.write(bytes),
    async mail(to, bytes) {
      for (const line of ['MAIL FROM:<>', `RCPT TO:<${to}>`, 'DATA']) {
        const answer = await say(line)
        if (!/^[23]/.test(answer)) return answer
      }
      const text = Buffer.from(bytes)
        .toString('latin1')
        .replace(/^\./gm, '..')
        .replace(/(?:\r\n)?$/, '\r\n.\r\n')
      return say(Buffer.from(text, 'latin1'))
    },
    closed,
    finish: () => void socket.end(),
    end: () => void socket.destroy(),
  }
}
