/** `pressrun test` on the command line. */

import type { Command } from 'commander'
import { InputError } from '../errors.js'
import { isAllAccepted, type TestAnswer } from '../send/test-send/answer.js'
import { openTerminal } from './terminal.js'
import { printTest, testIssue } from './test.js'

export function addTestCommand(program: Command): void {
  program
    .command('test <issue>')
    .description('send an issue to a few addresses that TEST_TO allows, marked as a test and counted nowhere')
    .requiredOption(
      '--to <addresses>',
      'whom to, separated by commas; without SMTP_URL anyone, in the inbox here',
    )
    .option('--reader <json>', 'what is known of the reader, as in \'{"name":"Ines"}\'; else a sample')
    .option('--json', 'print one JSON document')
    .action(async (slugOrPath: string, { to, reader, json = false }: TestFlags, command: Command) => {
      const terminal = openTerminal(command)
      const values = reader === undefined ? null : readReader(reader)
      const { signal } = terminal
      const answer = await testIssue({ slugOrPath, to, values }, { ...terminal, signal, now: Date.now })
      terminal.answer(json, answer, printTest(answer))
      if (!json) for (const sentence of describeTrouble(answer)) terminal.say(sentence)
      if (!isAllAccepted(answer)) process.exitCode = 1
    })
}

interface TestFlags {
  readonly to: string
  readonly reader?: string
  readonly json?: boolean
}

/** One JSON object of strings. Throws InputError. */
function readReader(text: string): Readonly<Record<string, string>> {
  const values = parse(text)
  if (values === null)
    throw new InputError(
      `--reader: ${text} is no JSON object of texts; write it like '{"name":"Ines","city":"Selby"}'`,
    )
  if (Object.hasOwn(values, 'address'))
    throw new InputError(
      '--reader: a test is addressed to whom it goes to; leave "address" out, --to names it',
    )
  return values
}

function parse(text: string): Readonly<Record<string, string>> | null {
  try {
    const given: unknown = JSON.parse(text)
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
    const entries = Object.entries(given).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    )
    return entries.length === Object.keys(given).length ? Object.fromEntries(entries) : null
  } catch {
    return null
  }
}

function describeTrouble({ messages, errors }: TestAnswer): readonly string[] {
  const uncertain = messages.filter(({ state }) => state === 'uncertain').length
  return [
    ...(errors > 0 ? [`a send of it would be refused: mend what is marked error first`] : []),
    ...(uncertain > 0
      ? [
          `${uncertain} uncertain: handed over, and no reply came; look into the mailbox before you send it again`,
        ]
      : []),
  ]
}
