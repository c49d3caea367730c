/** What became of a Send on the command line: report, deliveries, verify. */

import { type Command, Option } from 'commander'
import { DELIVERY_STATES } from '../db/schema.js'
import { InputError } from '../errors.js'
import { REPORT_TABLES } from '../report/csv.js'
import { DELIVERY_COLUMNS } from '../report/delivery-columns.js'
import { CSV_HELP } from './csv-file.js'
import { readDeliveryState, writeDeliveries, writeDeliveriesFile } from './deliveries.js'
import { kindOfFile } from './file-kind.js'
import { REPORT_FORMATS, type ReportFlags, readReportForm, writeReport, writeReportFile } from './report.js'
import { readSendId } from './send-id.js'
import { openTerminal, withStore } from './terminal.js'
import { printVerification, verifyCommand } from './verify.js'

const DELIVERIES_HELP = `
The table of --csv ("report --csv deliveries" writes it, too):
${DELIVERY_COLUMNS.map(({ name, means }) => `  ${name.padEnd(20)} ${means}`).join('\n')}

An empty field: nothing of the kind is known. hard: the address is no good; soft:
a full mailbox and the like, or an address behind it that we did not write to;
policy, content: it is about us, not them. Times are in UTC. The lines add up to the numbers of the report. --json says the same, as
openedAt for opened_at; with --address the table is what happened, in order.
`

export function addReportCommands(program: Command): void {
  program
    .command('report <send>')
    .description('what became of a send: states, readers, links, lanes, what came after')
    .addOption(new Option('--format <format>', 'how it is written').choices(REPORT_FORMATS))
    .option('--csv [table]', `one table for a spreadsheet: ${REPORT_TABLES.join(', ')}, deliveries`)
    .option('--json', 'print one JSON document')
    .option(
      '--out <file>',
      'into a new file, as its name says: .html (one page that needs nothing else), .json, .csv, .txt',
    )
    .option('--force', 'replace the file')
    .addHelpText('after', CSV_HELP)
    .action(async (send: string, options: ReportOptions, command: Command) => {
      const { config, say } = openTerminal(command)
      const { file, replaces } = readPlace(options, 'report.html')
      const request = { sendId: readSendId(send), form: readReportForm(options) }
      await withStore(config, ({ db: { query }, now }) =>
        file === null
          ? writeReport(request, { query, now, out: process.stdout })
          : writeReportFile({ ...request, file, replaces }, { query, now }),
      )
      if (file !== null) say(`the report is in ${file}`)
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
    .option(
      '--out <file>',
      'into a new file, as its name says: .csv, .json, .txt; its owner alone may read it',
    )
    .option('--force', 'replace the file')
    .addHelpText('after', DELIVERIES_HELP + CSV_HELP)
    .action(async (send: string, options: DeliveriesFlags, command: Command) => {
      const { config, say } = openTerminal(command)
      const { file, replaces } = readPlace(options, 'deliveries.csv')
      const request = {
        sendId: readSendId(send),
        state: readDeliveryState(options.state),
        address: options.address ?? null,
        format: readFormat(options),
      }
      await withStore(config, async ({ db: { query } }) => {
        if (file === null) await writeDeliveries(request, { query, out: process.stdout })
        else await writeDeliveriesFile({ ...request, file, replaces }, { query })
      })
      if (file !== null) say(`the deliveries are in ${file}`)
    })

  program
    .command('verify <send>')
    .description('prove the record of a send; exit 1 when it does not hold')
    .option(
      '--ledger <file>',
      'compare with what the receivers accepted: JSON lines {"to","messageId"}. Of other sends it may hold more; of this one it has to hold all, since who is not in it is told as missing',
    )
    .option('--json', 'print one JSON document')
    .action(async (send: string, options: { ledger?: string; json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const verification = await withStore(config, (store) =>
        verifyCommand(readSendId(send), { store, ledgerFile: options.ledger ?? null }),
      )
      answer(options.json ?? false, verification, printVerification(verification))
      if (!verification.isClean) process.exitCode = 1
    })
}

interface PlaceFlags {
  readonly out?: string
  readonly force?: boolean
}

type ReportOptions = ReportFlags & PlaceFlags

/** Null: stdout. */
function readPlace({ out, force: replaces = false }: PlaceFlags, example: string) {
  const file = out ?? null
  if (file === null && replaces)
    throw new InputError(`--force: replaces a file; name it, as in --out ${example}`)
  return { file, replaces }
}

interface DeliveriesFlags extends PlaceFlags {
  readonly state?: string
  readonly address?: string
  readonly json?: boolean
  readonly csv?: boolean
}

function readFormat({ json = false, csv = false, out }: DeliveriesFlags): 'text' | 'json' | 'csv' {
  if (json && csv) throw new InputError('--json, --csv: it is written as one of them; leave one out')
  const kind = kindOfFile(out, json ? 'json' : csv ? 'csv' : null) ?? 'text'
  if (kind === 'html') throw new InputError(`--out: ${out} is the name of a page; report --out writes one`)
  return kind
}
