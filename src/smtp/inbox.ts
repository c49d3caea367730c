/**
 * Inbox: a local SMTP server that keeps what it is given, one .eml file a message, and a ledger of what it accepted.
 * Where the demo and an engine without SMTP_URL send to. It reaches nobody: it listens on this machine alone.
 */

import { constants } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { domainToASCII } from 'node:url'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Log } from '../log.js'

const MAX_MESSAGE_BYTES = 30 * 1024 * 1024
/** How long clients that are still connected may stay after close(). */
const CLOSE_TIMEOUT_MS = 500
const LEDGER = 'ledger.jsonl'
const MESSAGE_FILE = /^(\d{6,})\.eml$/

export interface Refusal {
  /** 4yz or 5yz, answered to RCPT. */
  readonly code: number
  /** With its enhanced code: `5.1.1 No such user`. */
  readonly text: string
}

const TOO_LONG: Refusal = { code: 552, text: '5.3.4 longer than 30 MB' }

export interface InboxOptions {
  readonly folder: string
  readonly host?: string
  /** 0: any free one. */
  readonly port?: number
  /** May refuse a recipient. `timesSeen` is 1 the first time the address is named. */
  readonly onRecipient?: (address: string, timesSeen: number) => Refusal | null
  readonly log?: Log
}

export interface Inbox {
  /** `smtp://127.0.0.1:34567`, as SMTP_URL takes it. */
  readonly url: string
  readonly folder: string
  close(): Promise<void>
}

/**
 * Starts listening. Each accepted message becomes `000123.eml` (the bytes as they came, nothing added) and a line
 * `{"to","messageId","file"}` a recipient in `ledger.jsonl`, both before the 250. Numbers go on from what lies there.
 */
export async function openInbox(options: InboxOptions): Promise<Inbox> {
  const { folder, host = '127.0.0.1', port = 0, onRecipient, log } = options
  const store = await openStore(folder)
  const seen = new Map<string, number>()

  const server = new SMTPServer({
    banner: 'Pressrun inbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MESSAGE_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    logger: false,
    onRcptTo(recipient, _session, done) {
      if (onRecipient === undefined) return done()
      const address = asSent(recipient.address)
      const timesSeen = (seen.get(address) ?? 0) + 1
      seen.set(address, timesSeen)
      const refusal = onRecipient(address, timesSeen)
      done(refusal === null ? null : smtpError(refusal))
    },
    onData(stream, session, done) {
      keep(stream, session, store).then(
        (file) => (file === null ? done(smtpError(TOO_LONG)) : done(null, `2.0.0 kept as ${file}`)),
        (error: unknown) => {
          log?.error({ err: error }, 'message not kept')
          done(smtpError({ code: 452, text: '4.3.1 the message could not be kept' }))
        },
      )
    },
  })
  // A client that goes away in the middle is its own business; what it sent is not accepted.
  server.on('error', (error) => log?.debug({ err: error }, 'inbox connection failed'))

  const address = await listen(server, port, host)
  return {
    url: `smtp://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    folder,
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await store.close()
    },
  }
}

function listen(server: SMTPServer, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const listener = server.listen(port, host, () => {
      server.off('error', reject)
      const address = listener.address()
      if (address === null || typeof address === 'string') reject(new Error('the inbox has no TCP address'))
      else resolve(address)
    })
  })
}

/** The new file's name; null when the message is too long, which is then read to its end and forgotten. */
async function keep(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  store: Store,
): Promise<string | null> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0
    else chunks.push(chunk)
  }
  if (stream.sizeExceeded) return null
  return store.add(
    Buffer.concat(chunks),
    session.envelope.rcptTo.map(({ address }) => asSent(address)),
  )
}

/** smtp-server shows domains in Unicode; the sender's rows, which a ledger is compared with, hold A-labels. */
function asSent(address: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at + 1)}${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`
}

interface Store {
  /** Writes the message, then its ledger lines; the file's name. */
  add(bytes: Buffer, recipients: readonly string[]): Promise<string>
  close(): Promise<void>
}

/** Others may keep messages in the same folder at the same time: an engine, test sends. */
async function openStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = await readdir(folder)
  for (const name of names.filter((name) => name.endsWith('.tmp'))) await clear(path.join(folder, name))
  let last = names.reduce((highest, name) => Math.max(highest, Number(MESSAGE_FILE.exec(name)?.[1] ?? 0)), 0)
  const ledger = await open(path.join(folder, LEDGER), 'a')
  return {
    async add(bytes, recipients) {
      for (;;) {
        last += 1
        const file = `${String(last).padStart(6, '0')}.eml`
        if (!(await write(path.join(folder, file), bytes))) continue
        const messageId = readMessageId(bytes)
        const lines = recipients.map((to) => `${JSON.stringify({ to, messageId, file })}\n`)
        await ledger.appendFile(lines.join(''))
        return file
      }
    },
    close: () => ledger.close(),
  }
}

/** What another writes right now is left alone; it takes no longer than that. */
const LEFT_BEHIND_MS = 60_000

async function clear(temporary: string): Promise<void> {
  const found = await stat(temporary).catch(() => null)
  if (found !== null && Date.now() - found.mtimeMs > LEFT_BEHIND_MS) await rm(temporary, { force: true })
}

/**
 * False when another has that number: whoever makes its temporary file has the right to it, unless the message is there
 * already. Nobody sees half a message under its name.
 */
async function write(target: string, bytes: Buffer): Promise<boolean> {
  const temporary = `${target}.tmp`
  const handle = await open(temporary, 'wx').catch(nullIfThere)
  if (handle === null) return false
  try {
    const isTaken = await access(target, constants.F_OK).then(
      () => true,
      () => false,
    )
    if (!isTaken) await handle.writeFile(bytes)
    await handle.close()
    if (isTaken) await rm(temporary)
    else await rename(temporary, target)
    return !isTaken
  } catch (error) {
    await handle.close()
    await rm(temporary, { force: true })
    throw error
  }
}

function nullIfThere(error: NodeJS.ErrnoException): null {
  if (error.code === 'EEXIST') return null
  throw error
}

/** The Message-ID field's value with its angle brackets; null where the header has none. */
function readMessageId(bytes: Buffer): string | null {
  const end = bytes.indexOf('\r\n\r\n')
  const header = bytes.toString('latin1', 0, end === -1 ? bytes.length : end)
  return /^Message-ID:\s*(<[^<>\s]*>)/im.exec(header)?.[1] ?? null
}

function smtpError({ code, text }: Refusal): Error {
  return Object.assign(new Error(text), { responseCode: code })
}
