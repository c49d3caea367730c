/** `pressrun lists …` on the command line. */

import process from 'node:process'
import { type Command, Option } from 'commander'
import { openPublication } from '../app/publication.js'
import { webUrl } from '../config.js'
import type { ListFlags } from './list-flags.js'
import { listsCommand, printLists } from './lists.js'
import { editList, printEdit } from './lists-edit.js'
import { writeListForm } from './lists-form.js'
import { newList, printNewList } from './lists-new.js'
import { printSegment, printSegments, readShow, segmentCommand, segmentsCommand } from './segment.js'
import { openTerminal, withStore } from './terminal.js'

interface WriteFlags extends ListFlags {
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function addListCommands(program: Command): void {
  addSegmentCommand(program)
  const lists = program
    .command('lists')
    .description('every list, and how many are on it')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const all = await withStore(config, ({ db, now }) => listsCommand(db.query, now()))
      answer(json, all, printLists(all))
    })

  addSettings(lists.command('new <name>').description('make a list; private and closed, unless you say so'))
    .option('--monthly', 'readers may ask for one issue a month at most')
    .action(async (name: string, flags: WriteFlags, command: Command) => {
      const { config, answer } = openTerminal(command)
      const made = await withStore(config, ({ db, now }) => newList(name, flags, { query: db.query, now }))
      answer(isJson(command), made, printNewList(made))
    })

  addSettings(lists.command('edit <name>').description('change what a list is like'))
    .addOption(new Option('--private', 'not in the archive').conflicts('public'))
    .addOption(new Option('--closed', 'nobody signs up by themselves').conflicts('open'))
    .option('--no-topics', 'readers get every issue')
    .option('--monthly', 'readers may ask for one issue a month at most')
    .option('--no-monthly', 'nobody more may ask for that')
    .action(async (name: string, flags: WriteFlags, command: Command) => {
      const { config, answer } = openTerminal(command)
      const edited = await withStore(config, ({ db }) => editList(name, flags, { query: db.query }))
      answer(isJson(command), edited, printEdit(edited))
    })

  lists
    .command('form <name>')
    .description('print a form to put on another site, where people can subscribe to a list')
    .option('--lang <tag>', 'its language: en, de, fr or es; else the publication’s')
    .action(async (name: string, { lang }: { lang?: string }, command: Command) => {
      const { config, log } = openTerminal(command)
      const form = await withStore(config, async ({ db: { query } }) => {
        const publication = await openPublication({ root: config.root, query, log })()
        const publicUrl = config.publicUrl ?? publication?.publicUrl ?? webUrl(config)
        return writeListForm({ name, publicUrl, lang: lang ?? publication?.lang ?? 'en' }, { query })
      })
      process.stdout.write(form)
    })
}

function addSegmentCommand(program: Command): void {
  program
    .command('segment <list> [filter]')
    .description('who on a list a filter is true of; without one, every segment of newsletter.yaml')
    .option('--show <number>', 'the first of them')
    .option('--json', 'print one JSON document')
    .action(async (listName: string, said: string | undefined, flags: SegmentFlags, command: Command) => {
      const { config, answer, say } = openTerminal(command)
      const show = flags.show === undefined ? 0 : readShow(flags.show)
      await withStore(config, async ({ db, keys, now }) => {
        const context = { root: config.root, query: db.query, keys, now }
        if (said === undefined) {
          const counts = await segmentsCommand(listName, context)
          return answer(flags.json ?? false, counts, printSegments(counts))
        }
        const counted = await segmentCommand({ listName, said, show }, context)
        answer(flags.json ?? false, counted, printSegment(counted))
        for (const name of counted.attributesOfNobody)
          say(`nobody on "${counted.list}" has an attribute "${name}"; look whether it is written right`)
      })
    })
}

interface SegmentFlags {
  readonly show?: string
  readonly json?: boolean
}

function addSettings(command: Command): Command {
  return command
    .option('--title <title>', 'what readers see as its name')
    .option('--description <text>', 'who may be on it and what it brings')
    .option('--public', 'its issues stand in the archive, for everyone')
    .option('--open', 'people may sign up to it; it has to be public')
    .option('--topics <topics>', 'what readers may choose: "harbour: Harbour news, fishing: Fishing"')
    .option('--dry-run', 'say what would be, write nothing')
    .option('--json', 'print one JSON document')
}

/** `lists` knows --json too, and takes it where it stands behind a name. */
function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json ?? false
}
