/** `pressrun subscribers …` on the command line. */

import { type Command, Option } from 'commander'
import { SUBSCRIPTION_STATUSES } from '../db/schema.js'
import { addRightsCommands } from './cli-rights.js'
import { addImportCommands } from './cli-subscribers-import.js'
import { readPerson } from './person.js'
import { allowAddress, printAllowed } from './subscribers-allow.js'
import { readSubscriptionStatus, writeSubscribers } from './subscribers-list.js'
import { printSubscriber, showSubscriber } from './subscribers-show.js'
import { printSuppression, suppressAddress } from './subscribers-suppress.js'
import { printTags, tagSubscriber } from './subscribers-tag.js'
import { printSuppressions, suppressionsCommand } from './suppressions.js'
import { openTerminal, withStore } from './terminal.js'

export function addSubscriberCommands(program: Command): void {
  const subscribers = program.command('subscribers').description('who is on the lists')

  addImportCommands(program, subscribers)
  addRightsCommands(subscribers)

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
      const record = await withStore(config, ({ db, keys, now }) =>
        showSubscriber({ address, db, keys, now }),
      )
      answer(json, record, printSubscriber(record))
    })

  subscribers
    .command('suppress <address>')
    .description('never mail an address again, in any send')
    .option('--reason <words>', 'why')
    .option('--by <name>', 'who decides; else the user of this machine')
    .option('--json', 'print one JSON document')
    .action(
      async (
        address: string,
        options: { reason?: string; by?: string; json?: boolean },
        command: Command,
      ) => {
        const { config, answer } = openTerminal(command)
        const request = { address, reason: options.reason ?? null, by: readPerson(options.by) }
        const suppressed = await withStore(config, ({ db, keys, now }) =>
          suppressAddress({ ...request, db, keys, now }),
        )
        answer(options.json ?? false, suppressed, printSuppression(suppressed))
      },
    )

  subscribers
    .command('allow <address>')
    .description('take a suppression back; what was left stays left')
    .option('--by <name>', 'who decides; else the user of this machine')
    .option('--json', 'print one JSON document')
    .action(async (address: string, options: { by?: string; json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const by = readPerson(options.by)
      const allowed = await withStore(config, ({ db, keys, now }) =>
        allowAddress({ address, by, db, keys, now }),
      )
      answer(options.json ?? false, allowed, printAllowed(allowed))
    })

  addTagCommand(subscribers, { name: 'tag', how: 'add', description: 'put words on a person, for filters' })
  addTagCommand(subscribers, { name: 'untag', how: 'remove', description: 'take them off again' })

  program
    .command('suppressions')
    .description('how many addresses are never mailed, why, and since when')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const counted = await withStore(config, ({ db }) => suppressionsCommand(db.query))
      answer(json, counted, printSuppressions(counted))
    })
}

function addTagCommand(
  subscribers: Command,
  {
    name,
    how,
    description,
  }: { readonly name: string; readonly how: 'add' | 'remove'; readonly description: string },
): void {
  subscribers
    .command(`${name} <address> <tags...>`)
    .description(description)
    .option('--json', 'print one JSON document')
    .action(async (address: string, tags: string[], options: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const tagged = await withStore(config, ({ db }) => tagSubscriber({ address, tags, how }, db.query))
      answer(options.json ?? false, tagged, printTags(tagged, how))
    })
}
