/** `pressrun new` on the command line: issues and templates to begin with. */

import type { Command } from 'commander'
import { newIssue } from './new-issue.js'
import { newTemplate } from './new-template.js'
import { openTerminal } from './terminal.js'

export function addNewCommands(program: Command): void {
  const group = program.command('new').description('begin an issue or a template')

  group
    .command('issue <title>')
    .description('write an issue file with the next number, to be filled in')
    .option('--date <date>', 'its day, as 2026-03-31 (default: today)')
    .option('--template <name>', 'a folder below templates/ (default: the publication’s)')
    .action(async (title: string, flags: { date?: string; template?: string }, command: Command) => {
      const { config, say } = openTerminal(command)
      const { date = null, template = null } = flags
      const file = await newIssue({ root: config.root, title, date, template, now: new Date() })
      process.stdout.write(`${file}\n`)
      say('Write in place of each TODO; "pressrun check" says what is left.')
    })

  group
    .command('template <name>')
    .description('copy a template into a folder of its own, with a README of what to change')
    .option('--from <template>', 'the one to begin with', 'digest')
    .action(async (name: string, { from }: { from: string }, command: Command) => {
      const { config } = openTerminal(command)
      const files = await newTemplate({ root: config.root, name, from })
      process.stdout.write(files.map((file) => `${file}\n`).join(''))
    })
}
