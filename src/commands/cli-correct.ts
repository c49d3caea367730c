/** `pressrun correct` on the command line. */

import type { Command } from 'commander'
import { correctCommand, printChanges } from './correct.js'
import { openTerminal, withStore } from './terminal.js'

interface Flags {
  readonly note?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function addCorrectCommand(program: Command): void {
  program
    .command('correct <issue>')
    .description('publish the corrected issue on its web page, without sending it')
    .option('--note <text>', 'what was corrected, for readers')
    .option('--dry-run', 'only show what differs')
    .option('--json', 'print one JSON document')
    .action(async (slugOrPath: string, flags: Flags, command: Command) => {
      const { note = null, dryRun: isDryRun = false, json = false } = flags
      const terminal = openTerminal(command)
      await withStore(terminal.config, async (store) => {
        const answer = await correctCommand(
          { slugOrPath, note, isDryRun },
          { config: terminal.config, store },
        )
        if (answer.kind === 'corrected' || answer.kind === 'foreseen') {
          const { slug, hash, hashBefore, changes, message } = answer
          const document = { issue: slug, hash, was: hashBefore, published: !isDryRun, changes, message }
          terminal.answer(json, document, printChanges(changes))
          if (!json) terminal.say(message)
          return
        }
        if (answer.kind === 'blocked') terminal.sayFindings(answer.build.findings)
        const message =
          answer.kind === 'refused' ? answer.message : 'nothing was changed; mend what is marked error first'
        terminal.refuse(json, { send: null, state: null, message })
      })
    })
}
