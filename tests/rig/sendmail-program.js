#!/usr/bin/env node
/**
 * A small sendmail. Reads a message on its standard input and keeps it in the folder beside it named `kept`, unless the
 * recipient's local part says otherwise: exit-N-* (after reading), early-N-* (before reading), hang-*, die-* (kept, then
 * killed), partial-* (reads a little, then killed).
 * Notes each start in `calls`: its arguments and its environment.
 */

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.dirname(process.argv[1])
const to = process.argv.at(-1)
const [, how, code] = /^(exit|early|hang|die|partial|slow)-?(\d*)/.exec(to) ?? []

appendFileSync(
  path.join(folder, 'calls'),
  `${JSON.stringify({ args: process.argv.slice(2), env: Object.keys(process.env) })}\n`,
)
if (how === 'early') end(Number(code))
const chunks = []
for await (const chunk of process.stdin) {
  if (how === 'partial') process.kill(process.pid, 'SIGKILL')
  chunks.push(chunk)
}
const bytes = Buffer.concat(chunks)
if (how === 'exit') end(Number(code))
mkdirSync(path.join(folder, 'kept'), { recursive: true })
writeFileSync(path.join(folder, 'kept', `${process.pid}`), bytes)
appendFileSync(
  path.join(folder, 'ledger'),
  `${JSON.stringify({ to, from: process.argv[process.argv.indexOf('-f') + 1], file: `${process.pid}` })}\n`,
)
if (how === 'die') process.kill(process.pid, 'SIGKILL')
if (how === 'hang') setInterval(() => {}, 1_000)
if (how === 'slow') setTimeout(() => {}, 300)

function end(status) {
  process.stderr.write(`sendmail: not today, said with ${status}\n`)
  process.exit(status)
}
