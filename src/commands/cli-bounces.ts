/** `pressrun bounces` on the command line. */

import type { Command } from 'commander'
import { InputError } from '../errors.js'
import { readComingBack, readFeedbackOf } from '../report/coming-back.js'
import { printComingBack, printFeedback } from './bounces.js'
import { openTerminal, withStore } from './terminal.js'

export function addBouncesCommands(program: Command): void {
  const bounces = program
    .command('bounces')
    .description('what came back: bounces, complaints, and what nobody understood')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const report = await withStore(config, ({ db, now }) => readComingBack({ query: db.query, now }))
      const isAwaited =
        config.bouncesListen !== null ||
        config.bounces !== null ||
        Object.values(config.hooks).some((hook) => hook !== null)
      answer(json, report, printComingBack(report, { isAwaited }))
    })

  bounces
    .command('show <number>')
    .description('one of them, with the letter as it came where nobody understood it')
    .option('--json', 'print one JSON document')
    .action(async (number: string, _options: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const id = /^[1-9]\d{0,14}$/.test(number) ? Number(number) : 0
      const shown = await withStore(config, ({ db }) => readFeedbackOf(db.query, id))
      if (shown === null)
        throw new InputError(
          `there is no "${number}" among what came back; pressrun bounces lists it by number`,
        )
      // Of both commands, wherever it stands.
      answer(command.optsWithGlobals<{ json?: boolean }>().json ?? false, shown, printFeedback(shown))
    })
}
