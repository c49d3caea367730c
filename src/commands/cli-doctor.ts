/** Before a live Send, on the command line: doctor. */

import type { Command } from 'commander'
import { isSound, printExamination } from '../doctor/print.js'
import { doctorCommand, readDnsServer, toAnswer } from './doctor.js'
import { openTerminal } from './terminal.js'

const DEFAULT_COLUMNS = 80

interface DoctorFlags {
  readonly dns?: string
  readonly relaySigns?: boolean
  readonly json?: boolean
}

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'look at all that a live send needs: DNS, relays, web, clock, Redis, database; exit 1 when it would fail',
    )
    .option('--dns <server>', "ask this DNS server, as in 192.0.2.53 (default: this machine's)")
    .option('--relay-signs', 'the relay signs with DKIM; it can not be seen from here')
    .option('--json', 'print one JSON document')
    .action(async ({ dns, relaySigns = false, json = false }: DoctorFlags, command: Command) => {
      const { config, answer } = openTerminal(command)
      const examination = await doctorCommand(config, {
        dnsServer: dns === undefined ? null : readDnsServer(dns),
        relaySigns,
      })
      const { isTTY, columns } = process.stdout
      const look = {
        columns: isTTY ? (columns ?? DEFAULT_COLUMNS) : null,
        hasColour: isTTY === true && process.stdout.hasColors(),
      }
      answer(json, toAnswer(examination), printExamination(examination, look))
      // An answer that nobody gave is none: who relies on the exit code must not send on it.
      if (!isSound(examination.findings)) process.exitCode = 1
    })
}
