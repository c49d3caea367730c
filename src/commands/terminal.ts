/** What every command shares: the configuration from the flags, a store for the time of the command, the output. */

import type { Command } from 'commander'
import { openStore, type Store } from '../app/store.js'
import type { Finding } from '../compile/checks/finding.js'
import { escapeLines } from '../compile/escape.js'
import { type Config, type ConfigSource, readConfig } from '../config.js'
import { type Log, openLog } from '../log.js'
import { lookOf, printFindings } from './findings.js'

export interface Refusal {
  /** Null where there is none. */
  readonly send: number | null
  readonly state: string | null
  readonly message: string
}

export interface Terminal {
  readonly config: Config
  /** Warnings and worse: a person at a terminal reads sentences, not events. */
  readonly log: Log
  /** Aborted by the first SIGINT or SIGTERM; the second ends the process at once. */
  readonly signal: AbortSignal
  /** One sentence for the person, on stderr. */
  readonly say: (sentence: string) => void
  /** What checks found, on stderr. */
  readonly sayFindings: (findings: readonly Finding[]) => void
  /** The answer, on stdout: as JSON, or as text. */
  readonly answer: (json: boolean, value: unknown, text: string) => void
  /** The answer is no: exit 1, and the sentence on stderr, or all of it as JSON on stdout. */
  readonly refuse: (json: boolean, refusal: Refusal) => void
}

/** `command` is the one that runs; `--root` stands before or after it. `flags`: variables that it gives itself. */
export function openTerminal(command: Command, flags: ConfigSource['flags'] = {}): Terminal {
  const { root } = command.optsWithGlobals<{ root: string }>()
  const config = readConfig({ root, flags })
  let signal: AbortSignal | null = null
  return {
    config,
    log: openLog(config.logLevel === 'info' ? 'warn' : config.logLevel),
    // Only a command that asks for it hears the first signal; all others end by it.
    get signal() {
      signal ??= abortOnSignal()
      return signal
    },
    say: (sentence) => process.stderr.write(`${escapeLines(sentence)}\n`),
    sayFindings: (findings) => process.stderr.write(printFindings(findings, lookOf(process.stderr))),
    answer: (json, value, text) => process.stdout.write(json ? `${JSON.stringify(value)}\n` : text),
    refuse(json, refusal) {
      if (json) process.stdout.write(`${JSON.stringify(refusal)}\n`)
      else process.stderr.write(`${escapeLines(refusal.message)}\n`)
      process.exitCode = 1
    },
  }
}

/** Opens the store for the time of `work`. */
export async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(config)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

function abortOnSignal(): AbortSignal {
  const abort = new AbortController()
  const onSignal = () => {
    if (abort.signal.aborted) {
      process.stderr.write('ended at once: messages that were on their way from here are uncertain now\n')
      process.exit(1)
    }
    abort.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return abort.signal
}
