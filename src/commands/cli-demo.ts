/** `pressrun demo` on the command line. */

import type { Command } from 'commander'
import { demo } from './demo.js'
import { openTerminal } from './terminal.js'

/** Kept out of the help: it is what `npm run demo` runs. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo', { hidden: true })
    .option('--stay', 'let its web be looked at until Ctrl-C')
    .action(({ stay = false }: { stay?: boolean }, command: Command) =>
      demo(openTerminal(command), { stays: stay }),
    )
}
