/** `pressrun subscribers import`, `undo`, `export` and `pressrun imports` on the command line. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { keepHeapSmall } from '../app/heap.js'
import type { ImportRequest } from '../audience/import.js'
import { ORIGINS } from '../audience/origin/origins.js'
import { IMPORT_MODES, type ImportMode } from '../audience/standing.js'
import { ENCODINGS, type Encoding } from '../audience/text-file.js'
import { SUBSCRIPTION_STATUSES } from '../db/schema.js'
import { InputError } from '../errors.js'
import { PUBLICATION_FILE, type Publication } from '../issue/publication.js'
import { readPublication } from '../issue/read.js'
import { CSV_HELP } from './csv-file.js'
import { openImportBar } from './import-bar.js'
import { importsCommand, printImports } from './imports.js'
import { exportCommand, printExport } from './subscribers-export.js'
import { importFile, printImport } from './subscribers-import.js'
import { readSubscriptionStatus } from './subscribers-list.js'
import { printUndo, readImportId, undoCommand } from './subscribers-undo.js'
import { openTerminal, withStore } from './terminal.js'
import { openVerdictFile } from './verdict-file.js'

export function addImportCommands(program: Command, subscribers: Command): void {
  subscribers
    .command('import <file>')
    .description('add the people of a CSV file (header: address,name, then attributes) to a list')
    .requiredOption('--list <name>', 'the list')
    .option('--create-list', 'make the list when there is none of that name')
    .addOption(
      new Option(
        '--mode <mode>',
        'add: new people and fields only; update: the file wins; set: the list becomes the file',
      )
        .choices(IMPORT_MODES)
        .default('update'),
    )
    .addOption(
      new Option('--from <tool>', 'whose export it is, so that who has left there stays away').choices([
        ...ORIGINS.map(({ name }) => name),
        'csv',
      ]),
    )
    .option(
      '--map <column=field>',
      'what a column is for: address, name, first_name, last_name, tags, an attribute, or nothing to leave it out',
      readMapping,
      new Map<string, string>(),
    )
    .addOption(new Option('--encoding <name>', 'else told from the bytes').choices(ENCODINGS))
    .option('--verdicts <file>', 'write what becomes of each row to a CSV file')
    .option('--dry-run', 'say what would happen, write nothing')
    .option('--yes', 'with --mode set: take those off the list whom the file does not name')
    .option('--json', 'print one JSON document')
    .addHelpText('after', CSV_HELP)
    .action(importAction)

  subscribers
    .command('export')
    .description('a list as a CSV file, which subscribers import reads back')
    .requiredOption('--list <name>', 'the list')
    .addOption(new Option('--status <status>', 'with one status').choices(SUBSCRIPTION_STATUSES))
    .option('--segment <name or filter>', 'some of the list')
    .requiredOption('--out <file>', 'where to; - is stdout')
    .option('--json', 'print one JSON document about it')
    .addHelpText('after', CSV_HELP)
    .action(exportAction)

  subscribers
    .command('undo <import>')
    .description('undo a whole import, by its number; pressrun imports lists them')
    .option('--dry-run', 'say what would happen, write nothing')
    .option('--json', 'print one JSON document')
    .action(async (number: string, options: { dryRun?: boolean; json?: boolean }, command: Command) => {
      keepHeapSmall()
      const { config, answer } = openTerminal(command)
      const how = options.dryRun ? 'foresee' : 'write'
      const request = { importId: readImportId(number), how } as const
      const result = await withStore(config, (store) => undoCommand(request, store))
      answer(options.json ?? false, result, printUndo(result, how))
    })

  program
    .command('imports')
    .description('the files that were imported, newest first')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const lines = await withStore(config, ({ db }) => importsCommand(db))
      answer(json, lines, printImports(lines))
    })
}

interface ImportFlags {
  readonly list: string
  readonly createList?: boolean
  readonly mode: ImportMode
  readonly from?: string
  readonly map: ReadonlyMap<string, string>
  readonly encoding?: Encoding
  readonly verdicts?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

async function importAction(file: string, options: ImportFlags, command: Command): Promise<void> {
  keepHeapSmall()
  const { config, answer, say } = openTerminal(command)
  const isAsked = options.mode === 'set' && !options.yes && !options.dryRun
  const { attributes } = await readDeclared(config.root)
  const verdicts = options.verdicts === undefined ? null : await openVerdictFile(options.verdicts)
  const bar = openImportBar(process.stderr, () => performance.now())
  const work = withStore(config, ({ db, keys, now }) =>
    importFile({
      file,
      list: options.list,
      missingList: options.createList ? 'create' : 'refuse',
      how: options.dryRun || isAsked ? 'foresee' : 'write',
      mode: options.mode,
      encoding: options.encoding ?? null,
      map: options.map,
      from: readFrom(options.from),
      attributes,
      db,
      keys,
      now,
      onProgress: bar.draw,
      ...(verdicts === null ? {} : { onVerdicts: verdicts.write }),
    }),
  )
  const result = await work
    .catch(async (error: unknown) => {
      await verdicts?.abandon()
      throw error
    })
    .finally(bar.close)
  await verdicts?.close()
  answer(options.json ?? false, result, printImport(result, file))
  if (isAsked) say('--mode set takes people off the list; with --yes it does what is said here')
  if (isAsked || (result.rows > 0 && result.refused === result.rows)) process.exitCode = 1
}

function readFrom(name: string | undefined): ImportRequest['from'] {
  return name === 'csv' ? 'csv' : (ORIGINS.find((origin) => origin.name === name) ?? null)
}

/** `"E-Mail=address"`; a column's name may hold an equals sign, a field's can't. */
function readMapping(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.lastIndexOf('=')
  const column = text.slice(0, Math.max(at, 0)).trim()
  if (column === '') throw new InvalidArgumentError('write it as "COLUMN=field", such as "E-Mail=address"')
  if (before.has(column)) throw new InputError(`--map: ${JSON.stringify(column)} is named twice`)
  return new Map([...before, [column, text.slice(at + 1).trim()]])
}

interface ExportFlags {
  readonly list: string
  readonly status?: string
  readonly segment?: string
  readonly out: string
  readonly json?: boolean
}

async function exportAction(options: ExportFlags, command: Command): Promise<void> {
  const { config, answer, say } = openTerminal(command)
  const request = {
    list: options.list,
    status: readSubscriptionStatus(options.status),
    segment: options.segment ?? null,
    out: options.out,
  }
  const publication = await readDeclared(config.root)
  const exported = await withStore(config, ({ db, keys, now }) =>
    exportCommand(request, { db, keys, now, publication }),
  )
  // With -, stdout is the file.
  if (exported.file === null) say(`${exported.rows} of List ${exported.list}`)
  else answer(options.json ?? false, exported, printExport(exported))
}

/** What `issues/newsletter.yaml` says of people; a root without one declares nothing. */
async function readDeclared(
  root: string,
): Promise<Pick<Publication, 'attributes' | 'segments' | 'timeZone'>> {
  return existsSync(path.join(root, PUBLICATION_FILE))
    ? readPublication(root)
    : { attributes: [], segments: [], timeZone: null }
}
