/** What became of a Send on the command line: report, deliveries. */

import { type Command, Option } from 'commander'
import { DELIVERY_STATES } from '../db/schema.js'
import { InputError } from '../errors.js'
import { REPORT_TABLES } from '../report/csv.js'
import { DELIVERY_COLUMNS } from '../report/delivery-columns.js'
import { readDeliveryState, writeDeliveries } from './deliveries.js'
import { REPORT_FORMATS, type ReportFlags, readReportForm, writeReport, writeReportFile } from './report.js'
import { readSendId } from './send-id.js'
import { openTerminal, withStore } from './terminal.js'

const DELIVERIES_HELP = `
The table of --csv ("report --csv deliveries" writes it, too):
${DELIVERY_COLUMNS.map(({ name, means }) => `  ${name.padEnd(20)} ${means}`).join('\n')}

An empty field: nothing of the kind is known. hard: the address is no good; soft:
a full mailbox and the like; policy, content: it is about us, not them. Times are
in UTC. The lines add up to the numbers of the report. --json says the same, as
openedAt for opened_at; with --address the table is what happened, in order.
`

export function addReportCommands(program: Command): void {
  program
    .command('report <send>')
    .description('what became of a send: states, readers, links, lanes, what came after')
    .addOption(new Option('--format <format>', 'how it is written').choices(REPORT_FORMATS))
    .option('--csv [table]', `one table for a spreadsheet: ${REPORT_TABLES.join(', ')}, deliveries`)
    .option('--json', 'print one JSON document')
    .option('--out <file>', 'into a new file; html is one page that needs nothing else')
    .option('--force', 'replace the file')
    .action(async (send: string, options: ReportOptions, command: Command) => {
      const { config, say } = openTerminal(command)
      const { out: file, force: replaces = false } = options
      if (file === undefined && replaces)
        throw new InputError('--force: replaces a file; name it, as in --out report.html')
      const request = { sendId: readSendId(send), form: readReportForm(options) }
      await withStore(config, ({ db: { query }, now }) =>
        file === undefined
          ? writeReport(request, { query, now, out: process.stdout })
          : writeReportFile({ ...request, file, replaces }, { query, now }),
      )
      if (file !== undefined) say(`the report is in ${file}`)
    })

  program
    .command('deliveries <send>')
    .description(
      'everyone of a send, one a line: address, state, reason, attempts, reply; as CSV and JSON what came after, too',
    )
    .addOption(new Option('--state <state>', 'in one state').choices(DELIVERY_STATES))
    .option('--address <address>', "one person's, with all that happened to it, in order")
    .option('--json', 'print one JSON document')
    .option('--csv', 'print a table for a spreadsheet')
    .addHelpText('after', DELIVERIES_HELP)
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

interface ReportOptions extends ReportFlags {
  readonly out?: string
  readonly force?: boolean
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
