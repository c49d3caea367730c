/**
 * The Transport that runs a local sendmail for each message, through nodemailer. What its exit code means follows
 * sysexits.h as far as it is one meaning: 75 (EX_TEMPFAIL) is "queued for later" with Sendmail itself and "not taken"
 * with others, so nobody can know.
 */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { access, constants, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import type SendmailTransport from 'nodemailer/lib/sendmail-transport'
import { messageOf } from '../errors.js'
import { openHandOver } from './hand-over.js'
import { oneLine } from './reply.js'
import type { SendmailSettings } from './sendmail-url.js'
import type { Reply, Transport, WireMessage } from './transport.js'
import { mistake } from './url-query.js'

const CHUNK_BYTES = 16_384
/** What it says of a refusal is in its first lines. */
const MAX_SAID_BYTES = 4_096
/** A child of its own may hold its output open. */
const LAST_WORDS_MS = 1_000
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export function openSendmail(settings: SendmailSettings): Transport {
  return openHandOver({
    terms: settings,
    timeoutMs: settings.replyTimeoutMs,
    async verify() {
      await access(settings.path, constants.X_OK).catch((error: unknown) => {
        throw mistake(
          `there is no program ${settings.path} that can be run (${messageOf(error)}); write sendmail:/path/of/the/program`,
        )
      })
      if (!(await stat(settings.path)).isFile())
        throw mistake(`${settings.path} is no program; write sendmail:/path/of/the/program`)
    },
    // A program would read it as an option.
    objection: ({ envelope: { to, from } }) =>
      /^-/.test(to) || /^-/.test(from) ? 'sendmail takes no address that begins with -' : null,
    carry: (message, cut) => run(message, settings, cut),
  })
}

/** How it ended. */
interface Exit {
  /** Null: by a signal, or never begun. */
  readonly code: number | null
  readonly signal: string | null
  readonly said: string
  /** The whole of the message and its end went into the pipe. */
  readonly isReleased: boolean
  /** Why it could not be started. */
  readonly notBegun: string | null
}

async function run(message: WireMessage, settings: SendmailSettings, cut: AbortSignal): Promise<Reply> {
  const { envelope, bytes } = message
  const body = releasing(bytes)
  const transport = createTransport({
    sendmail: true,
    path: settings.path,
    args: [...settings.args, '-f', envelope.from === '' ? '<>' : envelope.from, '--'],
    newline: 'unix',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const watched = watchSpawn(transport.transporter)
  const kill = () => watched.kill()
  cut.addEventListener('abort', kill)
  try {
    // Without an error it took the whole message and exited with 0.
    await transport.sendMail({ envelope: { from: envelope.from, to: [envelope.to] }, raw: body.stream })
    const text = oneLine(`250 taken by ${settings.path} ${(await watched.exit()).said}`)
    return { kind: 'replied', code: 250, text, command: 'DATA', ended: true }
  } catch (error) {
    const exit = { ...(await watched.exit()), isReleased: body.isReleased() }
    return readExit(exit, { error: messageOf(error), isCut: cut.aborted })
  } finally {
    cut.removeEventListener('abort', kill)
    body.stream.destroy()
  }
}

/** The bytes, and whether the end was let go. */
function releasing(bytes: Uint8Array): { readonly stream: Readable; isReleased(): boolean } {
  let at = 0
  let isReleased = false
  const stream = new Readable({
    highWaterMark: 1,
    read() {
      if (at < bytes.length) {
        stream.push(bytes.subarray(at, at + CHUNK_BYTES))
        at += CHUNK_BYTES
      } else {
        isReleased = true
        stream.push(null)
      }
    },
  })
  return { stream, isReleased: () => isReleased }
}

/**
 * nodemailer starts the program itself and keeps it to itself; its own seam for tests lets us give it an environment
 * without our secrets, and end it.
 */
function watchSpawn(transporter: unknown): {
  kill(): void
  exit(): Promise<Omit<Exit, 'isReleased'>>
} {
  // `_spawn` is not in the types; the contract test holds that it is there.
  const inner = transporter as SendmailTransport & { _spawn: typeof spawn }
  let child: ChildProcess | null = null
  let ended: Promise<Omit<Exit, 'isReleased'>> = Promise.resolve({
    code: null,
    signal: null,
    said: '',
    notBegun: 'it was not started',
  })
  const options: SpawnOptions = {
    env: { PATH, HOME: homedir(), LANG: 'C' },
    cwd: '/',
    // ^C at our terminal is not meant for it.
    detached: true,
  }
  inner._spawn = ((path: string, args: readonly string[]) => {
    child = spawn(path, args, options)
    ended = untilEnded(child)
    return child
  }) as typeof spawn
  return {
    kill() {
      if (child?.pid === undefined || child.exitCode !== null) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has just ended by itself.
      }
    },
    exit: () => ended,
  }
}

function untilEnded(child: ChildProcess): Promise<Omit<Exit, 'isReleased'>> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    if (said.length < MAX_SAID_BYTES) said += chunk
  })
  child.stdout?.resume()
  return new Promise((resolve) => {
    const finish = (notBegun: string | null) =>
      resolve({ code: child.exitCode, signal: child.signalCode, said: oneLine(said), notBegun })
    child.once('error', (error) => finish(messageOf(error)))
    child.once('exit', () => setTimeout(() => finish(null), LAST_WORDS_MS))
    child.once('close', () => finish(null))
  })
}

/** What a code means that refuses the message, by sysexits.h; a code that is not here leaves a doubt. */
const REFUSALS: Readonly<Record<number, string>> = {
  65: '554 5.6.0 the message is not well formed (EX_DATAERR)',
  67: '550 5.1.1 no such user (EX_NOUSER)',
  68: '450 4.1.2 host not known (EX_NOHOST)',
  69: '450 4.3.0 not available (EX_UNAVAILABLE)',
}
/** No message would fare better: it is not set up, or cannot be run. */
const BROKEN: ReadonlySet<number> = new Set([64, 71, 72, 73, 78, 126, 127])
const EX_NOPERM = 77

function readExit(
  { code, signal, said, isReleased, notBegun }: Exit,
  { error, isCut }: { readonly error: string; readonly isCut: boolean },
): Reply {
  if (notBegun !== null) return { kind: 'notEnded', cause: oneLine(notBegun), scope: 'relay' }
  const how = signal === null ? `sendmail exited with ${code}` : `sendmail was ended by ${signal}`
  const cause = oneLine([code === 0 ? error : how, said].filter((words) => words !== '').join(': '))
  const refusal = code === null ? undefined : REFUSALS[code]
  if (refusal !== undefined)
    return {
      kind: 'replied',
      code: Number(refusal.slice(0, 3)),
      text: oneLine(`${refusal} ${said}`),
      command: code === 65 ? 'DATA' : 'RCPT',
      ended: isReleased,
    }
  if (code === EX_NOPERM) return { kind: 'notEnded', cause, scope: 'login' }
  if (code !== null && BROKEN.has(code)) return { kind: 'notEnded', cause, scope: 'relay' }
  // It has not seen the end, and did not say that it took it.
  if (!isReleased && code !== 0) return { kind: 'notEnded', cause, scope: isCut ? 'relay' : 'message' }
  return { kind: 'endedWithoutReply', cause }
}
