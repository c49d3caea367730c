/** The editor's commands on the command line: check, build. */

import type { Command } from 'commander'
import { readSigningKeys } from '../app/signing.js'
import { InputError } from '../errors.js'
import { NO_LIMIT, NOTHING } from '../issue/tracking.js'
import { makeSigner } from '../send/dkim/signer.js'
import { writeBuild } from './build.js'
import { printVerification, verifyBuild } from './build-verify.js'
import { checkIssues, isBlocked, printCheck } from './check.js'
import { lookOf } from './findings.js'
import { readCommit } from './git-commit.js'
import { compileFor, hasErrors } from './prepare.js'
import { openTerminal, type Terminal } from './terminal.js'
import { writeSampleMessage } from './write-sample.js'

export function addIssueCommands(program: Command): void {
  program
    .command('check [issues...]')
    .description('check issues before anyone receives them (default: all)')
    .option('--links', 'also ask the sites that issues link to whether the pages are there')
    .option('--json', 'print one JSON document')
    .action(async (names: string[], { links = false, json = false }: CheckFlags, command: Command) => {
      const { config, answer, say } = openTerminal(command)
      const checked = await checkIssues(names, {
        config,
        links: links ? { config, say, now: Date.now } : null,
      })
      answer(json, checked, printCheck(checked, lookOf(process.stdout)))
      if (isBlocked(checked)) process.exitCode = 1
    })

  program
    .command('build [issue]')
    .description('write email.html, email.txt, web.html, message.eml and manifest.json')
    .option('--out <dir>', 'folder to write into')
    .option('--no-tracking', 'as send --no-tracking makes it')
    .option('--verify <hash>', 'compile anew and compare with that build: its hash, or its manifest.json')
    .option('--json', 'print one JSON document')
    .action(async (name: string | undefined, options: BuildFlags, command: Command) => {
      const { out, verify } = options
      const terminal = openTerminal(command)
      if (verify !== undefined && out !== undefined)
        throw new InputError('--verify writes nothing; leave --out out')
      if (verify !== undefined) await verifyEarlier({ verify, name: name ?? null }, terminal, options)
      else if (name === undefined || out === undefined)
        throw new InputError('build wants an issue and --out DIR, or --verify HASH')
      else await buildInto({ name, out }, terminal, options)
    })
}

interface CheckFlags {
  readonly links?: boolean
  readonly json?: boolean
}

interface BuildFlags {
  readonly out?: string
  readonly verify?: string
  readonly tracking: boolean
  readonly json?: boolean
}

async function buildInto(
  { name, out }: { readonly name: string; readonly out: string },
  { config, say, sayFindings, answer }: Terminal,
  { json = false, tracking }: BuildFlags,
): Promise<void> {
  const build = await compileFor(config, name, { tracking: tracking ? NO_LIMIT : NOTHING })
  sayFindings(build.findings)
  if (build.compilation.compiled.images.length > 0 && config.smtpUrl === null)
    say('the pictures in these files show while the engine runs: pressrun start')
  const signer = makeSigner({ keys: readSigningKeys(config).signing })
  const files = [
    ...(await writeBuild(build, { outDir: out, commit: await readCommit(config.root) })),
    await writeSampleMessage(build.compilation, out, signer),
  ]
  answer(json, { hash: build.compilation.hash, files }, `${files.map((file) => `${file}\n`).join('')}`)
  if (hasErrors(build)) process.exitCode = 1
}

async function verifyEarlier(
  { verify, name }: { readonly verify: string; readonly name: string | null },
  { config, answer }: Terminal,
  { json = false }: BuildFlags,
): Promise<void> {
  const verified = await verifyBuild({ wanted: verify, slugOrPath: name }, { config })
  answer(json, verified, printVerification(verified))
  if (!verified.same) process.exitCode = 1
}
