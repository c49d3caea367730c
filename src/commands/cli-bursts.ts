/** `pressrun bursts`: many who left from one network at once, and the way to bring them back together. */

import type { Command } from 'commander'
import { cleanName } from '../audience/field.js'
import { escapeText } from '../compile/escape.js'
import { InputError } from '../errors.js'
import { alignColumns, type Cell, formatNumber } from '../report/columns.js'
import { type ListedBurst, listBursts, type UndoneBurst, undoBurst } from '../track/bursts-undo.js'
import { openTerminal, withStore } from './terminal.js'

export function addBurstCommands(program: Command): void {
  const bursts = program
    .command('bursts')
    .description('many who left from one network within minutes')
    .option('--json', 'print one JSON document')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const all = await withStore(config, ({ db }) => listBursts(db.query))
      answer(json, all.map(toJson), printBursts(all))
    })

  bursts
    .command('undo <burst>')
    .description('bring back all of them who have not acted since; --by says who answers for it')
    .requiredOption('--by <name>', 'who answers for it, for the record')
    .option('--json', 'print one JSON document')
    .action(async (burst: string, options: { by: string; json?: boolean }, command: Command) => {
      const { config, answer } = openTerminal(command)
      const by = cleanName(options.by)
      if (by === '') throw new InputError('--by: is empty; give a name')
      const id = readBurst(burst)
      const undone = await withStore(config, ({ db, keys, now }) =>
        undoBurst(id, { query: db.query, keys, now, by }),
      )
      // Of both commands, wherever it stands.
      answer(command.optsWithGlobals<{ json?: boolean }>().json ?? false, undone, printUndone(undone))
    })
}

function readBurst(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InputError(`"${text}" is no burst; pressrun bursts lists those there are, by number`)
  return Number(text)
}

function toJson({ since, until, undoneAt, ...burst }: ListedBurst) {
  return {
    ...burst,
    since: iso(since),
    until: iso(until),
    undoneAt: undoneAt === null ? null : iso(undoneAt),
  }
}

function printBursts(bursts: readonly ListedBurst[]): string {
  if (bursts.length === 0)
    return 'no bursts: nobody has left in crowds from one network, as far as the engine has looked (some minutes back)\n'
  const rows = bursts.map(({ id, people, how, network, since, until, undoneAt, undoneBy }): Cell[] => [
    id,
    people,
    how,
    network,
    `${short(since)} to ${short(until)}`,
    undoneAt === null ? '' : `undone ${short(undoneAt)} by ${escapeText(undoneBy ?? '')}`,
  ])
  return `${alignColumns([['burst', 'people', 'how', 'network', 'when (UTC)', ''], ...rows]).join('\n')}\n`
}

function printUndone({ burst, restored, back, left }: UndoneBurst): string {
  const parts = [
    `${formatNumber(restored)} subscriptions are active again`,
    ...(back === 0 ? [] : [`${formatNumber(back)} were already`]),
    ...(left === 0
      ? []
      : [`${formatNumber(left)} stay unsubscribed, for they have acted since or may not be mailed`]),
  ]
  return `burst ${burst}: ${parts.join('; ')}\n`
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function short(at: number): string {
  return iso(at).slice(0, 16).replace('T', ' ')
}
