/** `pressrun comments …` on the command line. */

import { type Command, Option } from 'commander'
import type { ConfirmedState } from '../track/moderate.js'
import { commentsCommand, printComments } from './comments.js'
import { decideCommand, printDecision } from './comments-decide.js'
import { readPerson } from './person.js'
import { openTerminal, withStore } from './terminal.js'

interface ListFlags {
  readonly state: ConfirmedState
  readonly all?: boolean
  readonly issue?: string
  readonly addresses?: boolean
}

export function addCommentCommands(program: Command): void {
  const comments = program
    .command('comments')
    .description('comments of readers that wait for your word')
    .addOption(
      new Option('--state <state>', 'those that are').choices(['held', 'shown', 'hidden']).default('held'),
    )
    .addOption(new Option('--all', 'whatever was decided').conflicts('state'))
    .option('--issue <slug>', 'under one issue')
    .option('--addresses', 'print whole addresses; else a…e@example.com')
    .option('--json', 'print one JSON document')
    .action(async (flags: ListFlags, command: Command) => {
      const { config, answer } = openTerminal(command)
      const request = {
        state: flags.all ? null : flags.state,
        issue: flags.issue ?? null,
        addresses: flags.addresses ? ('whole' as const) : ('masked' as const),
      }
      const found = await withStore(config, ({ db }) => commentsCommand(request, { query: db.query }))
      answer(isJson(command), found, printComments(found, request))
    })

  addDecision(comments, 'show', { to: 'shown', what: 'show comments to everybody' })
  addDecision(comments, 'hide', { to: 'hidden', what: 'show comments to nobody' })
  addDecision(comments, 'hold', { to: 'held', what: 'take a decision back' })
}

function addDecision(
  comments: Command,
  name: string,
  { to, what }: { readonly to: ConfirmedState; readonly what: string },
): void {
  comments
    .command(`${name} <id...>`)
    .description(what)
    .option('--by <name>', 'who decides; else the user of this machine')
    .option('--json', 'print one JSON document')
    .action(async (ids: readonly string[], { by }: { by?: string }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const request = { ids, to, by: readPerson(by) }
      const decided = await withStore(config, ({ db, now }) => decideCommand(request, { db, now }))
      answer(isJson(command), decided, printDecision(decided))
      if (decided.unknown.length > 0) process.exitCode = 1
    })
}

/** `comments` knows --json too, and takes it where it stands behind a name. */
function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json ?? false
}
