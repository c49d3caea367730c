/** What only a person can decide, on the command line: the uncertain ones, and a database that may be a copy. */

import { type Command, Option } from 'commander'
import { isIdle, ringEngine } from '../app/ring.js'
import { InputError } from '../errors.js'
import { adoptCommand, printAdoption } from './adopt.js'
import { readPerson } from './person.js'
import { printResolved, resolveCommand } from './resolve.js'
import { readSendId } from './send-id.js'
import { openTerminal, withStore } from './terminal.js'

interface ResolveFlags {
  readonly resend?: boolean
  readonly leave?: boolean
  readonly address?: string
  readonly by?: string
  readonly json?: boolean
}

export function addDecisionCommands(program: Command): void {
  program
    .command('resolve <send>')
    .description('decide about those of whom nobody can know whether they got it')
    .addOption(new Option('--resend', 'send to them again, with the same Message-ID').conflicts('leave'))
    .option('--leave', 'leave them as they are')
    .option('--address <address>', 'only this one')
    .option('--by <name>', 'who decides; else the user of this machine')
    .option('--json', 'print one JSON document')
    .action(async (send: string, flags: ResolveFlags, command: Command) => {
      const { config, answer, log, refuse, say } = openTerminal(command)
      if (!flags.resend && !flags.leave)
        throw new InputError('say what is to be done: --resend or --leave (pressrun resolve --help)')
      const json = flags.json ?? false
      await withStore(config, async (store) => {
        const resolved = await resolveCommand(
          {
            sendId: readSendId(send),
            decision: flags.resend ? 'resend' : 'leave',
            address: flags.address ?? null,
            by: readPerson(flags.by),
          },
          { config, store },
        )
        if (resolved.kind === 'refused') {
          const { send, state, message } = resolved
          return refuse(json, { send, state, message })
        }
        const { kind: _, ...decided } = resolved
        const text = printResolved(decided)
        answer(json, { ...decided, message: text.trimEnd() }, text)
        if (decided.tooYoung > 0) process.exitCode = 1
        if (decided.decided === 0 || !flags.resend) return
        if (!(await ringEngine(config, { store, log })))
          say('no engine runs here; pressrun start goes on with it')
      })
    })

  program
    .command('adopt')
    .description('a copied, restored or long silent database sends from now on; held sends go on')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      const { config, log, answer, say } = openTerminal(command)
      const adoption = await withStore(config, (store) => adoptCommand(config, { store, log }))
      answer(json, adoption, printAdoption(adoption))
      if (adoption.released.length > 0 && isIdle(config)) say('no engine runs here; pressrun start delivers')
    })
}
