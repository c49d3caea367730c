/** `pressrun import` on the command line. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Command, Option } from 'commander'
import { InputError } from '../errors.js'
import { isCalendarDate } from '../issue/date.js'
import { isWebUrl } from '../issue/links.js'
import type { Publication } from '../issue/publication.js'
import { readPublication } from '../issue/read.js'
import { importPosts } from './import.js'
import { IMPORT_KINDS, type ImportKind } from './import-kind.js'
import { printFiles, printReport } from './import-report.js'
import { openTerminal } from './terminal.js'

interface ImportOptions {
  readonly from?: ImportKind
  readonly only?: string[]
  readonly out?: string
  readonly list?: boolean
  readonly keepBroken?: boolean
  readonly date?: string
  readonly site?: string
  readonly json?: boolean
}

export function addImportCommand(program: Command): void {
  program
    .command('import <path>')
    .description('make issue files of a text, Markdown, a saved page, or an export of another program')
    .addOption(new Option('--from <kind>', 'what it is (default: look)').choices(IMPORT_KINDS))
    .option('--only <names...>', 'these posts alone, drafts and pages too')
    .option('--list', 'only say what would be written')
    .option('--out <dir>', 'folder to write into (default: issues/)')
    .option('--date <day>', 'the day of a post that has none, as 2026-03-31')
    .option('--site <url>', 'the former site, for links and images that do not name it')
    .option('--keep-broken', 'also write what is no valid issue yet')
    .option('--json', 'print one JSON document')
    .action(async (source: string, options: ImportOptions, command: Command) => {
      const { config, say, answer } = openTerminal(command)
      const { from = null, only = [], list = false, keepBroken = false, json = false } = options
      const report = await importPosts({
        source,
        from,
        only,
        outDir: path.resolve(options.out ?? path.join(config.root, 'issues')),
        isDry: list,
        keepsBroken: keepBroken,
        date: readDay(options.date),
        site: readSite(options.site),
        publication: await publicationOf(config.root),
      })
      if (!json) say(printReport(report))
      answer(json, report, printFiles(report))
      if (report.posts.some(({ result }) => result === 'failed')) process.exitCode = 1
    })
}

function readDay(date: string | undefined): string | null {
  if (date === undefined || isCalendarDate(date)) return date ?? null
  throw new InputError(`--date ${date} is not a day of the calendar; write it as 2026-03-31`)
}

function readSite(site: string | undefined): string | null {
  if (site === undefined || isWebUrl(site)) return site ?? null
  throw new InputError(`--site ${site} is no web address; write it as https://example.com`)
}

/** What a root without `newsletter.yaml` would say: the first thing one does with it may be an import. */
async function publicationOf(root: string): Promise<Pick<Publication, 'lang' | 'template' | 'timeZone'>> {
  const isMissing = !existsSync(path.join(root, 'issues', 'newsletter.yaml'))
  return isMissing ? { lang: 'en', template: 'digest', timeZone: null } : readPublication(root)
}
