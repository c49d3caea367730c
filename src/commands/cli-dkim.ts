/** `pressrun dkim …` on the command line. */

import { type Command, InvalidArgumentError } from 'commander'
import { newKeys, printMadeKeys } from './dkim-new.js'
import { printKey, showKeys } from './dkim-show.js'
import { openTerminal } from './terminal.js'

export function addDkimCommands(program: Command): void {
  const dkim = program.command('dkim').description('keys that sign messages, and their DNS records')

  dkim
    .command('new <domain>')
    .description('make a key for the domain of the From address; prints the DNS record to publish')
    .option('--selector <name>', 'the name of the key in DNS; else one made of the date')
    .option('--ed25519', 'a second, Ed25519 key too; only that one where there is an RSA key')
    .option('--bits <number>', 'the size of the RSA key', readBits, 2_048)
    .option('--json', 'print one JSON document')
    .action((domain: string, flags: NewFlags, command: Command) => {
      const { config, answer } = openTerminal(command)
      const request = {
        domain,
        selector: flags.selector ?? null,
        bits: flags.bits,
        withEd25519: flags.ed25519 ?? false,
      }
      const made = newKeys(request, { config, now: Date.now })
      answer(flags.json ?? false, made, printMadeKeys(made))
    })

  dkim
    .command('show <domain>')
    .description('the DNS records of the keys of a domain')
    .option('--json', 'print one JSON document')
    .action((domain: string, { json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const keys = showKeys(domain, config)
      answer(json, { keys }, keys.map(printKey).join('\n'))
    })
}

interface NewFlags {
  readonly selector?: string
  readonly ed25519?: boolean
  readonly bits: number
  readonly json?: boolean
}

function readBits(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`"${text}" is no number of bits; write one like 2048`)
}
