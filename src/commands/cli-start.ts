/** `pressrun start` on the command line. */

import { type Command, InvalidArgumentError } from 'commander'
import { PARTS, type Part } from '../app/parts.js'
import { openLog } from '../log.js'
import { startCommand } from './start.js'
import { openTerminal } from './terminal.js'

export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('the engine: web and workers; stays until it is told to end')
    .option('--only <parts>', `some of ${PARTS.join(', ')}, separated by commas`, readParts)
    .action(async ({ only = PARTS }: { only?: readonly Part[] }, command: Command) => {
      const { config, say, signal } = openTerminal(command)
      await startCommand({ config, log: openLog(config.logLevel), say, signal, parts: only })
    })
}

function readParts(text: string): readonly Part[] {
  const names = text.split(',').map((name) => name.trim())
  return names.map((name) => {
    const part = PARTS.find((one) => one === name)
    if (part === undefined)
      throw new InvalidArgumentError(`"${name}" is no part; there is ${PARTS.join(', ')}`)
    return part
  })
}
