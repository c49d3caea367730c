/** The editor's commands on the command line: import, check, build. */

import type { Command } from 'commander'
import { readSigningKeys } from '../app/signing.js'
import { makeSigner } from '../send/dkim/signer.js'
import { writeBuild } from './build.js'
import { checkIssues, isBlocked, printCheck } from './check.js'
import { addImportCommand } from './cli-import.js'
import { compileFor, hasErrors, printFindings } from './prepare.js'
import { openTerminal } from './terminal.js'
import { writeSampleMessage } from './write-sample.js'

export function addIssueCommands(program: Command): void {
  addImportCommand(program)

  program
    .command('check [issues...]')
    .description('check issues before anyone receives them (default: all)')
    .option('--json', 'print one JSON document')
    .action(async (names: string[], { json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const checked = await checkIssues(names, { config })
      answer(json, checked, printCheck(checked))
      if (isBlocked(checked)) process.exitCode = 1
    })

  program
    .command('build <issue>')
    .description('write email.html, email.txt, web.html, message.eml and manifest.json')
    .requiredOption('--out <dir>', 'folder to write into')
    .option('--json', 'print one JSON document')
    .action(
      async (name: string, { out, json = false }: { out: string; json?: boolean }, command: Command) => {
        const { config, say, answer } = openTerminal(command)
        const build = await compileFor(config, name)
        const findings = printFindings(build)
        if (findings !== '') say(findings.trimEnd())
        const signer = makeSigner({ keys: readSigningKeys(config).signing })
        const files = [
          ...(await writeBuild(build.compilation, out)),
          await writeSampleMessage(build.compilation, out, signer),
        ]
        answer(json, { hash: build.compilation.hash, files }, `${files.map((file) => `${file}\n`).join('')}`)
        if (hasErrors(build)) process.exitCode = 1
      },
    )
}
