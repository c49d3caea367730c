/** `pressrun start`: the engine; it stays until it is told to end. */

import type { Part } from '../app/parts.js'
import type { Config } from '../config.js'
import type { Log } from '../log.js'

export interface StartContext {
  readonly config: Config
  readonly log: Log
  readonly parts: readonly Part[]
  readonly say: (sentence: string) => void
  /** Aborted by SIGTERM or Ctrl-C. */
  readonly signal: AbortSignal
}

/**
 * Resolves when the engine has ended in good order: what was in flight is finished and recorded. It waits for a database that
 * is held, or not there yet.
 */
export async function startCommand({ config, log, parts, say, signal }: StartContext): Promise<void> {
  // Loaded by the commands that run it: half of what all code takes is the engine's.
  const { startEngine } = await import('../app/engine.js')
  const engine = await startEngine(config, { log, parts, waiting: { say, signal } }).catch(
    (error: unknown) => {
      if (error !== signal.reason) throw error
      return null
    },
  )
  if (engine === null) return say('ended while waiting for the database')
  try {
    if (engine.url !== null) say(`the web is at ${engine.url}`)
    if (engine.inboxFolder !== null) say(`no SMTP_URL: messages are kept in ${engine.inboxFolder}`)
    say('the engine runs; Ctrl-C ends it')
    await aborted(signal)
    say('ending: messages in flight are finished first')
  } finally {
    await engine.close()
  }
}

/** Resolves when whoever sits at the terminal, or the system, wants an end. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
