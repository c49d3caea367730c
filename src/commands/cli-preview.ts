/** `pressrun preview` on the command line. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { openBrowser } from './open-browser.js'
import { issueAddress, openPreview } from './preview.js'
import { aborted } from './start.js'
import { openTerminal } from './terminal.js'

const HELP = `
A file that is saved is seen at once: an issue, a template, newsletter.yaml, words.txt, a picture. The page works
without a network, and nothing leaves this machine; nothing can be sent from it but a test to addresses in TEST_TO.
`

export function addPreviewCommand(program: Command): void {
  program
    .command('preview')
    .argument('[issue]', 'slug or path of the issue to begin with')
    .description('show issues as readers will get them, while they are written; on this machine alone')
    .option('--port <port>', 'where it is looked at, 0 for any free one (default: STUDIO_PORT, 4322)')
    .option('--open', 'open it in the browser')
    .addHelpText('after', HELP)
    .action(
      async (issue: string | undefined, { port, open }: { port?: string; open?: true }, command: Command) => {
        const { config, log, signal, say } = openTerminal(
          command,
          port === undefined ? {} : { STUDIO_PORT: port },
        )
        const at = issue === undefined ? '' : await issueAddress(config.root, issue)
        const studio = await openPreview(config, log)
        const url = `${studio.url}${at}`
        process.stdout.write(`${url}\n`)
        if (!existsSync(path.join(config.root, 'issues')))
          say(`there is no folder issues/ in ${config.root} yet; what comes into it is shown`)
        if (open === true && !(await openBrowser(url)))
          say(`no browser could be opened; open ${url} yourself`)
        say('The studio is open; Ctrl-C ends it.')
        await aborted(signal)
        await studio.close()
      },
    )
}
