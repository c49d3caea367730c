/** `pressrun subscribers data`, `erase`: rights that a person uses by letter. */

import type { Command } from 'commander'
import { replyTimeoutMs } from '../app/relay-check.js'
import { eraseAddress, printErased, takeData } from './subscribers-rights.js'
import { openTerminal, withStore } from './terminal.js'

export function addRightsCommands(subscribers: Command): void {
  subscribers
    .command('data <address>')
    .description('all that is kept about one person, as JSON, for them')
    .action(async (address: string, _options: object, command: Command) => {
      const { config } = openTerminal(command)
      const data = await withStore(config, ({ db, keys, now }) => takeData({ address, db, keys, now }))
      process.stdout.write(`${JSON.stringify(data, null, 2)}\n`)
    })

  subscribers
    .command('erase <address>')
    .description('forget a person for good: only numbers and the hash of a suppression stay')
    .option('--yes', 'do it; nobody can undo it')
    .option('--json', 'print one JSON document')
    .action(async (address: string, options: { yes?: boolean; json?: boolean }, command: Command) => {
      const { config, answer, refuse } = openTerminal(command)
      const json = options.json ?? false
      if (!options.yes) {
        const message = `nobody can undo it: with --yes, ${address} is erased for good`
        refuse(json, { send: null, state: null, message })
        return
      }
      const erased = await withStore(config, ({ db, keys, now }) =>
        eraseAddress({ address, wireTimeoutMs: replyTimeoutMs(config), db, keys, now }),
      )
      answer(json, erased, printErased(erased))
    })
}
