/** `pressrun subscribers …` on the command line. */

import { type Command, Option } from 'commander'
import { SUBSCRIPTION_STATUSES } from '../db/schema.js'
import { addImportCommands } from './cli-subscribers-import.js'
import { readSubscriptionStatus, writeSubscribers } from './subscribers-list.js'
import { printSubscriber, showSubscriber } from './subscribers-show.js'
import { printSuppression, suppressAddress } from './subscribers-suppress.js'
import { openTerminal, withStore } from './terminal.js'

export function addSubscriberCommands(program: Command): void {
  const subscribers = program.command('subscribers').description('who is on the lists')

  addImportCommands(program, subscribers)

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
