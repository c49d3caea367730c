/** `pressrun subscribers data`, `tracking`, `erase`: rights that a person uses by letter. */

import type { Command } from 'commander'
import { replyTimeoutMs } from '../app/relay-check.js'
import { InputError } from '../errors.js'
import { readPerson } from './person.js'
import { eraseAddress, printErased, takeData } from './subscribers-rights.js'
import { printTracking, trackAddress } from './subscribers-tracking.js'
import { openTerminal, withStore } from './terminal.js'

interface TrackingFlags {
  readonly off?: boolean
  readonly on?: boolean
  readonly by?: string
  readonly json?: boolean
}

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
    .command('tracking <address>')
    .description('whether anything is kept of what one person opens and clicks')
    .option('--off', 'nothing, in all that they were ever sent')
    .option('--on', 'again, from the next issue on')
    .option('--by <name>', 'who decides; else the user of this machine')
    .option('--json', 'print one JSON document')
    .action(async (address: string, options: TrackingFlags, command: Command) => {
      const { config, answer } = openTerminal(command)
      if ((options.on ?? false) === (options.off ?? false))
        throw new InputError('subscribers tracking wants one of --off and --on')
      const tracking = options.off ? 'off' : 'on'
      const by = readPerson(options.by)
      const done = await withStore(config, ({ db, now }) => trackAddress({ address, tracking, by, db, now }))
      answer(options.json ?? false, done, printTracking(done))
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
