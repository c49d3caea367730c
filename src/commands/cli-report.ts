/** What became of a Send on the command line: report, deliveries. */

import { type Command, Option } from 'commander'
import { DELIVERY_STATES } from '../db/schema.js'
import { InputError } from '../errors.js'
import { printReport } from '../report/print.js'
import { readDeliveryState, writeDeliveries } from './deliveries.js'
import { reportCommand } from './report.js'
import { readSendId } from './send-id.js'
import { openTerminal, withStore } from './terminal.js'

export function addReportCommands(program: Command): void {
  program
    .command('report <send>')
    .description('what became of a send: states, opens, clicks, unsubscribes')
    .option('--json', 'print one JSON document')
    .action(async (send: string, { json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const result = await withStore(config, ({ db }) => reportCommand(readSendId(send), db))
      answer(json, result, printReport(result))
    })

  program
    .command('deliveries <send>')
    .description('everyone of a send, one a line: address, state, reason, attempts, reply')
    .addOption(new Option('--state <state>', 'in one state').choices(DELIVERY_STATES))
    .option('--address <address>', "one person's, with all that happened to it, in order")
    .option('--json', 'print one JSON document')
    .option('--csv', 'print a table for a spreadsheet')
    .action(async (send: string, options: DeliveriesFlags, command: Command) => {
      const { config } = openTerminal(command)
      const request = {
        sendId: readSendId(send),
        state: readDeliveryState(options.state),
        address: options.address ?? null,
        format: readFormat(options),
      }
      await withStore(config, ({ db }) => writeDeliveries(request, { query: db.query, out: process.stdout }))
    })
}

interface DeliveriesFlags {
  readonly state?: string
  readonly address?: string
  readonly json?: boolean
  readonly csv?: boolean
}

function readFormat({ json = false, csv = false }: DeliveriesFlags): 'text' | 'json' | 'csv' {
  if (json && csv) throw new InputError('--json, --csv: it is written as one of them; leave one out')
  if (json) return 'json'
  return csv ? 'csv' : 'text'
}
