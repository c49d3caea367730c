/** `pressrun preview` on the command line. */

import type { Command } from 'commander'
import { openPreview } from './preview.js'
import { aborted } from './start.js'
import { openTerminal } from './terminal.js'

export function addPreviewCommand(program: Command): void {
  program
    .command('preview')
    .description('show issues as readers will get them, while they are written; on this machine alone')
    .option('--port <port>', 'where it is looked at (default: STUDIO_PORT, 4322)')
    .action(async ({ port }: { port?: string }, command: Command) => {
      const { config, log, signal, say } = openTerminal(
        command,
        port === undefined ? {} : { STUDIO_PORT: port },
      )
      const studio = await openPreview(config, log)
      process.stdout.write(`${studio.url}\n`)
      say('The studio is open; Ctrl-C ends it.')
      await aborted(signal)
      await studio.close()
    })
}
