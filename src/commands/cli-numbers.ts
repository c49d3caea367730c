/** The numbers of a Send made anew on the command line: judged by the rules of today, or only counted again. */

import type { Command } from 'commander'
import { formatNumber } from '../report/columns.js'
import { isRight, printRebuilt, rebuildCommand } from './rebuild.js'
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

  program
    .command('rebuild [send]')
    .description(
      'make the numbers of a send, or of all, anew from raw hits and deliveries; exit 1 when they were others',
    )
    .option('--json', 'print one JSON document')
    .action(async (send: string | undefined, { json = false }: { json?: boolean }, command: Command) => {
      const { config, answer, say } = openTerminal(command)
      const sendId = send === undefined ? null : readSendId(send)
      const rebuilt = await withStore(config, ({ db: { query }, now }) =>
        rebuildCommand(sendId, { query, now, onPage: sayNowAndThen(say) }),
      )
      answer(json, rebuilt, printRebuilt(rebuilt))
      if (!rebuilt.every(isRight)) process.exitCode = 1
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
