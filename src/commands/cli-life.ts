/** A Send's life on the command line: pause, resume, cancel, supersede, repeat. */

import type { Command } from 'commander'
import { ringEngine } from '../app/ring.js'
import type { Store } from '../app/store.js'
import { findSend } from '../send/send.js'
import { cancelCommand } from './cancel.js'
import type { ChangeAnswer } from './change.js'
import { sayIfCopied } from './copied.js'
import { pauseCommand } from './pause.js'
import { readPerson } from './person.js'
import { repeatCommand } from './repeat.js'
import type { RepeatAnswer } from './repeated.js'
import { resumeCommand } from './resume.js'
import { readSendId } from './send-id.js'
import { supersedeCommand } from './supersede.js'
import { openTerminal, type Terminal, withStore } from './terminal.js'

interface Flags {
  readonly by?: string
  readonly json?: boolean
}

export function addLifeCommands(program: Command): void {
  steer(program, 'pause', 'stop a send for now; what is in flight finishes', (sendId, { store, by }) =>
    pauseCommand(sendId, { query: store.db.query, by }),
  )
  steer(program, 'resume', 'go on with a paused send', (sendId, { store }) => resumeCommand(sendId, store))
  steer(program, 'cancel', 'end a send for good; who has not got it yet gets nothing of it', cancelCommand)

  program
    .command('supersede <send>')
    .description('stop a send, and go on with the corrected issue for those it had not reached')
    .option('--unchanged', 'go on with the same issue, after a cancel that was none of your wish')
    .option('--by <name>', 'who decides; else the user of this machine')
    .option('--json', 'print one JSON document')
    .action(async (send: string, options: Flags & { unchanged?: boolean }, command: Command) => {
      const terminal = openTerminal(command)
      const issue = options.unchanged ? 'pinned' : 'corrected'
      const request = { sendId: readSendId(send), by: readPerson(options.by), issue } as const
      await repeating(terminal, { ...options, sendId: request.sendId }, (store) =>
        supersedeCommand(request, { config: terminal.config, store, say: terminal.say }),
      )
    })

  program
    .command('repeat <send>')
    .description('send once more, only to those who failed in a send that is over')
    .option('--corrected', 'the issue as its file is now, not as it was sent')
    .option('--by <name>', 'who decides; else the user of this machine')
    .option('--json', 'print one JSON document')
    .action(async (send: string, options: Flags & { corrected?: boolean }, command: Command) => {
      const terminal = openTerminal(command)
      const issue = options.corrected ? 'corrected' : 'pinned'
      const request = { sendId: readSendId(send), by: readPerson(options.by), issue } as const
      await repeating(terminal, { ...options, sendId: request.sendId }, (store) =>
        repeatCommand(request, { config: terminal.config, store, say: terminal.say }),
      )
    })
}

interface SteerContext {
  readonly store: Store
  readonly by: string
}

function steer(
  program: Command,
  verb: string,
  description: string,
  change: (sendId: number, context: SteerContext) => Promise<ChangeAnswer>,
): void {
  program
    .command(`${verb} <send>`)
    .description(description)
    .option('--by <name>', 'who decides; else the user of this machine')
    .option('--json', 'print one JSON document')
    .action(async (send: string, { by, json = false }: Flags, command: Command) => {
      const terminal = openTerminal(command)
      const sendId = readSendId(send)
      const person = readPerson(by)
      await withStore(terminal.config, async (store) => {
        const { refused, ...answer } = await change(sendId, { store, by: person })
        if (json || !refused) terminal.answer(json, answer, `${answer.message}\n`)
        else terminal.say(answer.message)
        if (refused) process.exitCode = 1
        else if (answer.changed) await ring(terminal, { store, state: answer.state })
      })
    })
}

async function repeating(
  terminal: Terminal,
  { sendId: earlierId, json = false }: Flags & { readonly sendId: number },
  work: (store: Store) => Promise<RepeatAnswer>,
): Promise<void> {
  await withStore(terminal.config, async (store) => {
    const answer = await work(store)
    if (answer.kind === 'created') {
      const { sendId, state, message } = answer
      terminal.answer(json, { send: sendId, state, message }, `${sendId}\n`)
      if (!json) terminal.say(message)
      return ring(terminal, { store, state })
    }
    const { state } = await findSend(store.db.query, earlierId)
    if (answer.kind === 'blocked') terminal.sayFindings(answer.build.findings)
    const message =
      answer.kind === 'refused' ? answer.message : 'nothing was changed; mend what is marked error first'
    terminal.refuse(json, { send: earlierId, state, message })
  })
}

/** An engine that hears it need not wait for its next pass; without one a person has to know. */
async function ring(
  { config, log, say }: Terminal,
  { store, state }: { readonly store: Store; readonly state: string },
): Promise<void> {
  const isHeard = await ringEngine(config, { store, log })
  if (state === 'paused' || state === 'cancelled') return
  if (!isHeard) say('no engine runs here; pressrun start goes on with it')
  await sayIfCopied(store, { config, say })
}
