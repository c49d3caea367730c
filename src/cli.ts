#!/usr/bin/env node
/**
 * The command line. Machine output (`--json`) is one JSON document on stdout and nothing else there; progress and logs
 * go to stderr. Exit 0: done. 1: it ran and the answer is no. 2: the input or the call is wrong.
 */

import process from 'node:process'
import { Command, CommanderError, Option } from 'commander'
import { kindsOf } from './commands/kinds.js'
import { escapeLines } from './compile/escape.js'
import { InputError } from './errors.js'
import { VERSION } from './version.js'

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

await main(process.argv)
// What is left open belongs to a server that went away (BullMQ tries it for ever); the command itself is done.
process.stdout.write('', () => process.exit())

async function main(argv: readonly string[]): Promise<void> {
  try {
    const program = makeProgram()
    // What stands before it can only be --root, which is read here and once more with the command.
    const [name] = program.parseOptions(argv.slice(2)).operands
    for (const { add } of kindsOf(name)) await add(program)
    await program.parseAsync(argv)
  } catch (error) {
    process.exitCode = exitCodeFor(error)
  }
}

function makeProgram(): Command {
  return (
    new Command('pressrun')
      .description('Write an issue as a file, send it to a list, know what became of every message.')
      .version(VERSION)
      .addOption(
        new Option('--root <dir>', 'where issues/, templates/ and .data/ lie').default(
          '.',
          'the current folder',
        ),
      )
      // What it repeats of the call may have been typed by a program.
      .configureOutput({ outputError: (text, write) => write(escapeLines(text)) })
      .exitOverride()
      .showHelpAfterError('(pressrun --help lists the commands)')
  )
}

function exitCodeFor(error: unknown): number {
  // Commander has said what is wrong with the call; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof InputError) {
    // Names of files and words of relays stand in it as they came.
    process.stderr.write(`${escapeLines(error.message)}\n`)
    return 2
  }
  if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') {
    process.stderr.write('the database is held by another process; try again when that one is done\n')
    return 1
  }
  if (error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code))) {
    process.stderr.write('.data/pressrun.db: is damaged; put back the one from a backup\n')
    return 2
  }
  process.stderr.write(`pressrun failed: ${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}
