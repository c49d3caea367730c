/** `pressrun notices` on the command line. */

import type { Command } from 'commander'
import { readNotices } from '../report/notices.js'
import { printNotices } from './notices.js'
import { openTerminal, withStore } from './terminal.js'

export function addNoticeCommand(program: Command): void {
  program
    .command('notices')
    .description('mails that readers have asked for by an act of theirs, and what became of them')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const report = await withStore(config, ({ db }) => readNotices(db.query))
      answer(json, report, printNotices(report))
    })
}
