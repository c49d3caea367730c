/** `pressrun send` on the command line. */

import { type Command, Option } from 'commander'
import { InputError } from '../errors.js'
import { NO_LIMIT, NOTHING } from '../issue/tracking.js'
import { openBar } from '../report/bar.js'
import type { Status } from '../report/status.js'
import { writeScheduledTime } from '../send/scheduled-time.js'
import { hasErrors } from './prepare.js'
import { readSchedule, type ScheduleFlags } from './schedule.js'
import { dryRun, printOutlook, type SendAnswer, type SendRequest, sendAndRing, sendAndWait } from './send.js'
import { openTerminal, type Terminal } from './terminal.js'

export function addSendCommand(program: Command): void {
  program
    .command('send <issue>')
    .description('send an issue to a list, once; prints the number of the send')
    .requiredOption('--list <name>', 'the list')
    .option('--segment <filter>', 'only who of them a filter is true of, or one that newsletter.yaml names')
    .option('--at <time>', 'when, as in "2026-12-01 09:00"; compiled and checked now, the list read then')
    .option(
      '--zone <zone>',
      "the time zone of --at, as in Europe/Berlin; else the publication's or the machine's",
    )
    .option('--late <duration>', 'begin by itself up to this late, as in 30m; later ask (default: 6h)')
    .addOption(
      new Option('--uncertain <policy>', 'those whose reply nobody knows: hold them, or resend')
        .choices(['hold', 'resend'])
        .default('hold'),
    )
    .option('--no-tracking', 'without pixel and click redirect, whatever the files say')
    .option('--dry-run', 'say who would get it and who would not, write nothing')
    .option('--wait', 'stay until it is finished; without a running engine, be it')
    .option('--json', 'print one JSON document')
    .action(async (slugOrPath: string, options: SendFlags, command: Command) => {
      const terminal = openTerminal(command)
      const schedule = await readSchedule(options, { config: terminal.config, now: Date.now })
      if (schedule && options.wait)
        throw new InputError(
          '--wait: nobody stays until --at; leave one of them out, pressrun start sends it when it is due',
        )
      const uncertainPolicy = options.uncertain
      const { list: listName, segment = null } = options
      const tracking = options.tracking ? NO_LIMIT : NOTHING
      const request = { slugOrPath, listName, segment, schedule, uncertainPolicy, tracking }
      if (options.dryRun) await foresee(request, terminal, options.json ?? false)
      else if (options.wait) await waitForSend(request, terminal, options.json ?? false)
      else report(await sendAndRing(request, terminal), terminal, options.json ?? false)
    })
}

const NOT_FIT = 'mend what is marked error first'

interface SendFlags extends ScheduleFlags {
  readonly list: string
  readonly segment?: string
  readonly uncertain: 'hold' | 'resend'
  readonly tracking: boolean
  readonly dryRun?: boolean
  readonly wait?: boolean
  readonly json?: boolean
}

async function foresee(request: SendRequest, terminal: Terminal, json: boolean): Promise<void> {
  const foreseen = await dryRun(request, terminal)
  if (foreseen.kind === 'already') return report(foreseen, terminal, json)
  const { build, list, segment, outlook, schedule } = foreseen
  const time = schedule ? { scheduledAt: new Date(schedule.at).toISOString(), zone: schedule.zone } : {}
  terminal.sayFindings(build.findings)
  const refusal = hasErrors(build) ? { message: `it would not be sent; ${NOT_FIT}` } : {}
  const crowd = segment === null ? {} : { segment: { name: segment.name, filter: segment.filter } }
  const { tracking } = build.compilation.compiled.publication
  const told = tracking === undefined ? {} : { tracking }
  const answer = { issue: request.slugOrPath, list, ...crowd, ...outlook, ...time, ...told, ...refusal }
  terminal.answer(json, answer, printOutlook(foreseen))
  if (refusal.message === undefined) return
  terminal.say(refusal.message)
  process.exitCode = 1
}

function report(sent: SendAnswer, { say, answer, refuse }: Terminal, json: boolean): void {
  if (sent.kind === 'blocked') {
    refuse(json, { send: null, state: null, message: `not sent; ${NOT_FIT}` })
  } else if (sent.kind === 'already') {
    refuse(json, { send: sent.sendId, state: sent.state, message: sent.message })
  } else if (sent.kind === 'scheduled') {
    const { sendId, schedule } = sent
    const scheduledAt = new Date(schedule.at).toISOString()
    answer(
      json,
      { send: sendId, hash: sent.build.compilation.hash, scheduledAt, zone: schedule.zone },
      `${sendId}\n`,
    )
    say(
      `Send ${sendId} is scheduled for ${writeScheduledTime(schedule)}; an engine has to run then (pressrun start)`,
    )
  } else answer(json, { send: sent.sendId, hash: sent.build.compilation.hash }, `${sent.sendId}\n`)
}

async function waitForSend(request: SendRequest, terminal: Terminal, json: boolean): Promise<void> {
  const bar = openBar(process.stderr)
  const { sent, status } = await sendAndWait(request, { ...terminal, onStatus: bar.draw }).finally(bar.close)
  if (status === null) return report(sent, terminal, json)
  const message = describeStop(status)
  terminal.answer(json, message === null ? status : { ...status, message }, `${status.send}\n`)
  if (message === null) return
  terminal.say(message)
  process.exitCode = 1
}

/** Why it is not what was wished for; null when it is. */
function describeStop({ send, state, reason, sent, failed, bounced }: Status): string | null {
  if (state === 'finished')
    return sent === 0 && failed + bounced > 0 ? `nobody got it; pressrun report ${send} says why` : null
  const stands = `Send ${send} is ${state}${reason === null ? '' : `: ${reason}`}`
  // Most reasons say themselves what to do.
  if (state === 'cancelled' || reason?.includes('pressrun ')) return stands
  return state === 'paused'
    ? `${stands}; pressrun resume ${send} goes on with it`
    : `${stands}; pressrun start goes on with it`
}
