/** The numbers of a Send made anew on the command line: reclassify. */

import type { Command } from 'commander'
import { formatNumber } from '../report/columns.js'
import { printReclassified, reclassifyCommand } from './reclassify.js'
import { readSendId } from './send-id.js'
import { openTerminal, withStore } from './terminal.js'

interface ReclassifyFlags {
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function addNumberCommands(program: Command): void {
  program
    .command('reclassify <send>')
    .description('judge anew, by the rules of today, who opened and clicked: people or machines')
    .option('--dry-run', 'only say what would change')
    .option('--json', 'print one JSON document')
    .action(async (send: string, { dryRun = false, json = false }: ReclassifyFlags, command: Command) => {
      const { config, answer, say } = openTerminal(command)
      const request = { sendId: readSendId(send), dryRun }
      const reclassified = await withStore(config, ({ db: { query }, now }) =>
        reclassifyCommand(request, { query, now, onPage: sayNowAndThen(say) }),
      )
      answer(json, reclassified, printReclassified(reclassified))
    })
}

const SAY_EVERY = 100_000

/** A large Send takes minutes. */
function sayNowAndThen(say: (sentence: string) => void): (hits: number) => void {
  let next = SAY_EVERY
  return (hits) => {
    if (hits < next) return
    say(`${formatNumber(hits)} hits`)
    next = hits + SAY_EVERY
  }
}
