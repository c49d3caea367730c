/**
 * One session of POP3 (RFC 1939): log in, list, retrieve, delete, quit. Replies are bounded in length and time; lines that the
 * server has stuffed with a dot come out without it. What was deleted is gone only after `quit`.
 */

import { readFileSync } from 'node:fs'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls, rootCertificates } from 'node:tls'
import type { ServerSettings } from './mailbox-url.js'

const TIMEOUT_MS = 60_000
const MAX_LINE_BYTES = 4_096
const END = Buffer.from('\r\n.\r\n')

/** The server said no. `step`: to what, without its words of ours. */
export class Pop3Refusal extends Error {
  override readonly name = 'Pop3Refusal'
}

export interface ListedMail {
  readonly number: number
  readonly bytes: number
}

export interface Pop3Session {
  list(): Promise<readonly ListedMail[]>
  /** Unique id of a mail, which stays when others go; null where the server knows none. */
  uidOf(number: number): Promise<string | null>
  retrieve(number: number): Promise<Buffer>
  delete(number: number): Promise<void>
  /** Commits what was deleted. */
  quit(): Promise<void>
  /** Ends it as it is; nothing more is deleted. */
  destroy(): void
}

/** `maxBytes`: of one reply. Throws Pop3Refusal when the login does not hold. */
export async function openPop3(
  settings: ServerSettings,
  { maxBytes, timeoutMs = TIMEOUT_MS }: { readonly maxBytes: number; readonly timeoutMs?: number },
): Promise<Pop3Session> {
  const socket = connect(settings)
  const read = readReplies(socket, { maxBytes, timeoutMs })
  async function ask(step: string, line: string, kind: 'line' | 'lines' = 'line'): Promise<Buffer> {
    socket.write(`${line}\r\n`)
    return read(step, kind)
  }
  try {
    await read('greeting', 'line')
    await ask('USER', `USER ${settings.user}`)
    await ask('PASS', `PASS ${settings.password}`)
  } catch (error) {
    socket.destroy()
    throw error
  }
  return {
    async list() {
      const lines = (await ask('LIST', 'LIST', 'lines')).toString('latin1').split('\r\n')
      return lines.flatMap((line) => {
        const [, number, bytes] = /^(\d{1,9}) (\d{1,12})/.exec(line) ?? []
        return number === undefined ? [] : [{ number: Number(number), bytes: Number(bytes) }]
      })
    },
    async uidOf(number) {
      try {
        return (
          /^\+OK \d+ (\S{1,70})/.exec((await ask('UIDL', `UIDL ${number}`)).toString('latin1'))?.[1] ?? null
        )
      } catch (error) {
        if (error instanceof Pop3Refusal) return null
        throw error
      }
    },
    retrieve: (number) => ask('RETR', `RETR ${number}`, 'lines'),
    async delete(number) {
      await ask('DELE', `DELE ${number}`)
    },
    async quit() {
      await ask('QUIT', 'QUIT')
      socket.destroy()
    },
    destroy: () => void socket.destroy(),
  }
}

function connect({ host, port, isSecure, caFile }: ServerSettings): Socket {
  if (!isSecure) return connectPlain({ host, port })
  const ca = caFile === null ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] }
  return connectTls({ host, port, servername: /^[\d.:]+$/.test(host) ? '' : host, ...ca })
}

/** Returns what waits for the next reply: a line with its +OK, or the lines after it. */
function readReplies(
  socket: Socket,
  { maxBytes, timeoutMs }: { readonly maxBytes: number; readonly timeoutMs: number },
) {
  let held = Buffer.alloc(0)
  let failure: Error | null = null
  let look: () => void = () => {}
  const fail = (error: Error) => {
    failure ??= error
    socket.destroy()
    look()
  }
  socket.setTimeout(timeoutMs, () => fail(new Error(`no answer within ${timeoutMs / 1_000} s`)))
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection')))
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk])
    if (held.length > maxBytes + MAX_LINE_BYTES) fail(new Error(`a reply of more than ${maxBytes} bytes`))
    else look()
  })

  /** Null: it is not whole yet. */
  function parse(step: string, kind: 'line' | 'lines'): Buffer | null {
    const end = held.indexOf('\r\n')
    if (end === -1) {
      if (held.length > MAX_LINE_BYTES) throw new Error(`a line of more than ${MAX_LINE_BYTES} bytes`)
      return null
    }
    const line = held.subarray(0, end)
    if (!line.toString('latin1').startsWith('+OK')) {
      held = held.subarray(end + 2)
      throw new Pop3Refusal(`${step} was refused: ${line.toString('latin1').slice(0, 200)}`)
    }
    if (kind === 'line') {
      held = held.subarray(end + 2)
      return line
    }
    const stop = held.indexOf(END, Math.max(end, searched - END.length))
    searched = held.length
    if (stop === -1) return null
    const lines = held.subarray(end + 2, Math.max(end + 2, stop + 2))
    held = held.subarray(stop + END.length)
    return unstuff(lines)
  }
  let searched = 0

  return (step: string, kind: 'line' | 'lines'): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      searched = 0
      look = () => {
        try {
          const reply = parse(step, kind)
          if (reply !== null) settle(() => resolve(reply))
          else if (failure !== null) throw failure
        } catch (error) {
          settle(() => reject(error))
        }
      }
      const settle = (done: () => void) => {
        look = () => {}
        done()
      }
      look()
    })
}

/** RFC 1939 section 3: a line that begins with a dot has one more in front. */
function unstuff(lines: Buffer): Buffer {
  const text = lines.toString('latin1')
  return text.startsWith('..') || text.includes('\r\n..')
    ? Buffer.from(text.replace(/(^|\r\n)\.\./g, '$1.'), 'latin1')
    : Buffer.from(lines)
}
