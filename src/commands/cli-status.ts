/** Where Sends stand on the command line: sends, status. */

import type { Command } from 'commander'
import { isIdle } from '../app/ring.js'
import { printStatus } from '../report/print.js'
import type { Status } from '../report/status.js'
import { describeComplaints } from './bounces.js'
import { readSendId } from './send-id.js'
import { printSends, sendsCommand } from './sends.js'
import { type FullStatus, statusCommand, watchStatus } from './status.js'
import { openTerminal, withStore } from './terminal.js'

export function addStatusCommands(program: Command): void {
  program
    .command('sends')
    .description('every send there is')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const sends = await withStore(config, ({ db }) => sendsCommand(db))
      answer(json, sends, printSends(sends))
    })

  program
    .command('status <send>')
    .description('where a send stands')
    .option('--watch', 'until it is finished')
    .option('--json', 'print one JSON document')
    .action(async (send: string, options: { watch?: boolean; json?: boolean }, command: Command) => {
      const terminal = openTerminal(command)
      const { config, answer, say } = terminal
      const sendId = readSendId(send)
      if (options.watch && isIdle(config)) say('no engine runs here; pressrun start delivers')
      const status: Status & Partial<FullStatus> = await withStore(config, ({ db, now }) =>
        options.watch
          ? watchStatus(sendId, { query: db.query, stream: process.stderr, signal: terminal.signal })
          : statusCommand(sendId, { query: db.query, now, pace: config.pace }),
      )
      answer(options.json ?? false, status, printStatus(status))
      const { complaints } = status
      if (complaints !== undefined && complaints.level !== 'fine') say(describeComplaints(complaints))
      if (!options.watch && isIdle(config)) {
        if (status.state === 'sending') say('no engine runs here; pressrun start delivers')
        else if (status.state === 'scheduled' && Date.parse(status.scheduledAt ?? '') < Date.now())
          say('its time is past and no engine runs here; pressrun start goes on with it')
      }
    })
}
