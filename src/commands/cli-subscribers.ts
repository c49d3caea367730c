/** `pressrun subscribers …` on the command line. */

import { type Command, Option } from 'commander'
import { SUBSCRIPTION_STATUSES } from '../db/schema.js'
import { importFile, printImport } from './subscribers-import.js'
import { readSubscriptionStatus, writeSubscribers } from './subscribers-list.js'
import { printSubscriber, showSubscriber } from './subscribers-show.js'
import { printSuppression, suppressAddress } from './subscribers-suppress.js'
import { openTerminal, withStore } from './terminal.js'

export function addSubscriberCommands(program: Command): void {
  const subscribers = program.command('subscribers').description('who is on the lists')

  subscribers
    .command('import <file>')
    .description('add the people of a CSV file (header: address,name, then attributes) to a list')
    .requiredOption('--list <name>', 'the list')
    .option('--create-list', 'make the list when there is none of that name')
    .option('--dry-run', 'say what would happen, write nothing')
    .option('--json', 'print one JSON document')
    .action(async (file: string, options: ImportFlags, command: Command) => {
      const { config, answer } = openTerminal(command)
      const result = await withStore(config, ({ db, keys, now }) =>
        importFile({
          file,
          list: options.list,
          missingList: options.createList ? 'create' : 'refuse',
          mode: options.dryRun ? 'foresee' : 'write',
          db,
          keys,
          now,
        }),
      )
      answer(options.json ?? false, result, printImport(result, file))
      if (result.rows > 0 && result.refused === result.rows) process.exitCode = 1
    })

  subscribers
    .command('list')
    .description('everyone, with list and status')
    .option('--list <name>', 'of one list')
    .addOption(new Option('--status <status>', 'with one status').choices(SUBSCRIPTION_STATUSES))
    .option('--json', 'print one JSON document')
    .action(async (options: { list?: string; status?: string; json?: boolean }, command: Command) => {
      const { config } = openTerminal(command)
      const request = {
        list: options.list ?? null,
        status: readSubscriptionStatus(options.status),
        format: options.json ? ('json' as const) : ('text' as const),
      }
      await withStore(config, ({ db, keys }) => writeSubscribers(request, { db, keys, out: process.stdout }))
    })

  subscribers
    .command('show <address>')
    .description('all that is known about one address')
    .option('--json', 'print one JSON document')
    .action(async (address: string, { json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const record = await withStore(config, ({ db, keys }) => showSubscriber({ address, db, keys }))
      answer(json, record, printSubscriber(record))
    })

  subscribers
    .command('suppress <address>')
    .description('never mail an address again, in any send')
    .option('--reason <words>', 'why')
    .option('--json', 'print one JSON document')
    .action(async (address: string, options: { reason?: string; json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const suppressed = await withStore(config, ({ db, keys, now }) =>
        suppressAddress({ address, reason: options.reason ?? null, db, keys, now }),
      )
      answer(options.json ?? false, suppressed, printSuppression(suppressed))
    })
}

interface ImportFlags {
  readonly list: string
  readonly createList?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}
