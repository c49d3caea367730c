#!/usr/bin/env node
/**
 * A receiver that misbehaves on purpose, as a process of its own that shares no code with the sender. What it has
 * accepted stands in its ledger before its 250 leaves, so a test can compare the sender's books with the truth.
 *
 *   node tests/rig/chaos-smtp.js --ledger FILE [--port 0] [--seed N] [--save-dir DIR] [--delay-ms N] [--slow-ms N]
 *                                [--drop P] [--defer P] [--refuse P] [--stall P] [--busy P] [--garble P]
                                [--cut-first connect:N,ehlo:N,mail:N]
 *
 * Prints {"port":…} when it listens; ends on SIGTERM. By the recipient's local part:
 *   bob* bounce-*    550 5.1.1 for ever         dora* grey-*   451 4.7.1 the first time, then accepted
 *   defer-N-*        451 N times                full-*         452 4.2.2 for ever
 *   content-*        554 5.6.0 at the dot       policy-*       550 5.7.1
 *   slow-*           the 250 comes --slow-ms late
 *   cut-PHASE-*      once, the line is cut at: rcpt, data, body (in the middle), dot (nothing kept),
 *                    reply (kept and in the ledger, the 250 never sent)
 *   stall-*          once, kept, and never answered     garble-*   once, kept, and answered with no SMTP reply
 *   busy-*           once, 421 4.3.2 and the line is closed
 *   anything else    250
 * --drop, --defer, --refuse, --stall, --busy, --garble are shares (0.01) of the messages that are cut at a random phase,
 * get a 451 or a 550, or what the names above say. What befalls an address at its n-th attempt depends on the seed, the
 * address and n alone, not on what goes on beside it. --cut-first cuts the first N of a kind, whoever they are for.
 *
 * A line of the ledger: {"to","messageId","began","at"}, began when MAIL FROM came, at when it was kept (ms since 1970).
 */

import { createHash } from 'node:crypto'
import { mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    ledger: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'save-dir': { type: 'string' },
    'delay-ms': { type: 'string', default: '0' },
    'slow-ms': { type: 'string', default: '500' },
    drop: { type: 'string', default: '0' },
    defer: { type: 'string', default: '0' },
    refuse: { type: 'string', default: '0' },
    stall: { type: 'string', default: '0' },
    busy: { type: 'string', default: '0' },
    garble: { type: 'string', default: '0' },
    'cut-first': { type: 'string', default: '' },
  },
})
if (options.ledger === undefined) throw new Error('--ledger FILE is missing')
const saveDir = options['save-dir']
if (saveDir !== undefined) mkdirSync(saveDir, { recursive: true })

const PHASES = ['rcpt', 'data', 'body', 'dot', 'reply']
/** Kind → how many are still to be cut. */
const cutFirst = new Map(
  options['cut-first']
    .split(',')
    .filter((part) => part !== '')
    .map((part) => [part.split(':')[0], Number(part.split(':')[1])]),
)
const END = Buffer.from('\r\n.\r\n')

const ledger = openSync(options.ledger, 'a')
/** How often an address was named. */
const attempts = new Map()
let kept = 0

/**
 * What happens to an address at this attempt: { cut: phase }, { refuse: line }, { refuseAtDot: line }, { busy },
 * { stall }, { garble }, { delayMs } or {}.
 */
function decide(address) {
  const attempt = (attempts.get(address) ?? 0) + 1
  attempts.set(address, attempt)
  const [, cutAt] = /^cut-([a-z]+)-/.exec(address) ?? []
  const [, times] = /^defer-(\d+)-/.exec(address) ?? []
  if (/^(bob|bounce-)/.test(address)) return { refuse: '550 5.1.1 no such user' }
  if (/^policy-/.test(address)) return { refuse: '550 5.7.1 refused by policy' }
  if (/^full-/.test(address)) return { refuse: '452 4.2.2 mailbox full' }
  if (/^(dora|grey-)/.test(address)) return attempt === 1 ? { refuse: '451 4.7.1 greylisted' } : {}
  if (times !== undefined) return attempt <= Number(times) ? { refuse: '451 4.3.0 try again later' } : {}
  if (/^content-/.test(address)) return { refuseAtDot: '554 5.6.0 content refused' }
  if (cutAt !== undefined) return attempt === 1 ? { cut: cutAt } : {}
  const [, oddity] = /^(stall|garble|busy)-/.exec(address) ?? []
  if (oddity !== undefined) return attempt === 1 ? { [oddity]: true } : {}
  if (/^slow-/.test(address)) return { delayMs: Number(options['slow-ms']) }
  return roll(address, attempt)
}

function roll(address, attempt) {
  const share = (what) => {
    const digest = createHash('sha256').update(`${options.seed} ${what} ${attempt} ${address}`).digest()
    return digest.readUInt32BE(0) / 2 ** 32
  }
  if (share('drop') < Number(options.drop)) return { cut: PHASES[Math.floor(share('phase') * PHASES.length)] }
  if (share('defer') < Number(options.defer)) return { refuse: '451 4.3.0 not now' }
  if (share('refuse') < Number(options.refuse)) return { refuse: '550 5.1.1 no such user' }
  for (const oddity of ['stall', 'busy', 'garble'])
    if (share(oddity) < Number(options[oddity])) return { [oddity]: true }
  return { delayMs: Number(options['delay-ms']) }
}

/** True for the first N of a kind that --cut-first names. */
function isCutFirst(kind) {
  const left = cutFirst.get(kind) ?? 0
  cutFirst.set(kind, left - 1)
  return left > 0
}

function serve(socket) {
  let input = Buffer.alloc(0)
  /** Where in `input` the search for the end of a body goes on. */
  let searched = 0
  let isBody = false
  let isWaiting = false
  let sender = null
  let recipient = null
  let began = 0
  let fate = {}

  const say = (line) => socket.write(`${line}\r\n`)
  const forget = () => {
    sender = null
    recipient = null
    fate = {}
  }

  /** Takes one command or body off the input; false when more has to come first. */
  function step() {
    if (isBody) return takeBody()
    const end = input.indexOf('\r\n')
    if (end === -1) return false
    const line = input.toString('utf8', 0, end)
    input = input.subarray(end + 2)
    obey(line)
    return true
  }

  function obey(line) {
    const verb = line.slice(0, 4).toUpperCase()
    if (isCutFirst(verb.toLowerCase())) {
      socket.destroy()
    } else if (verb === 'EHLO') {
      socket.write(
        '250-chaos.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 31457280\r\n',
      )
    } else if (verb === 'HELO') {
      say('250 chaos.test')
    } else if (verb === 'MAIL') {
      sender = addressIn(line)
      began = Date.now()
      say('250 2.1.0 sender ok')
    } else if (verb === 'RCPT') {
      obeyRcpt(addressIn(line))
    } else if (verb === 'DATA') {
      if (recipient === null) say('554 5.5.1 no valid recipients')
      else if (fate.cut === 'data') socket.destroy()
      else {
        isBody = true
        searched = 0
        say('354 go ahead')
      }
    } else if (verb === 'RSET') {
      forget()
      say('250 2.0.0 reset')
    } else if (verb === 'QUIT') {
      socket.end('221 2.0.0 bye\r\n')
    } else {
      say('500 5.5.2 not known here')
    }
  }

  function obeyRcpt(address) {
    if (sender === null || recipient !== null) {
      say('503 5.5.1 one MAIL, then one RCPT')
      return
    }
    fate = decide(address)
    if (fate.cut === 'rcpt') {
      socket.destroy()
    } else if (fate.busy) {
      socket.end('421 4.3.2 chaos.test closes\r\n')
    } else if (fate.refuse !== undefined) {
      say(fate.refuse)
    } else {
      recipient = address
      say('250 2.1.5 recipient ok')
    }
  }

  function takeBody() {
    if (fate.cut === 'body' && input.length > 0) {
      socket.destroy()
      return false
    }
    const isEmpty = input.subarray(0, 3).toString('latin1') === '.\r\n'
    const end = isEmpty ? -2 : input.indexOf(END, searched)
    if (end === -1) {
      searched = Math.max(0, input.length - END.length)
      return false
    }
    const body = input.subarray(0, end + 2)
    input = input.subarray(end + END.length)
    isBody = false
    finish(body)
    return true
  }

  function finish(body) {
    const { cut, refuseAtDot, stall, garble, delayMs = 0 } = fate
    if (cut === 'dot') {
      socket.destroy()
      return
    }
    if (refuseAtDot === undefined) keep({ to: recipient, began, body })
    forget()
    if (cut === 'reply') socket.destroy()
    else if (stall) isWaiting = true
    else if (garble) say('\u00ff\u0000 kept, or so it seems')
    else if (delayMs === 0) say(refuseAtDot ?? '250 2.0.0 kept')
    else sayLater(refuseAtDot ?? '250 2.0.0 kept', delayMs)
  }

  function sayLater(line, delayMs) {
    isWaiting = true
    setTimeout(() => {
      isWaiting = false
      if (socket.destroyed) return
      say(line)
      work()
    }, delayMs)
  }

  function work() {
    while (!isWaiting && !socket.destroyed && step());
  }

  socket.setNoDelay(true)
  socket.on('data', (chunk) => {
    input = input.length === 0 ? chunk : Buffer.concat([input, chunk])
    work()
  })
  // A sender that is killed in the middle is what many a test is about.
  socket.on('error', () => {})
  if (isCutFirst('connect')) socket.destroy()
  else say('220 chaos.test ESMTP')
}

function keep({ to, began, body }) {
  kept += 1
  const headerEnd = body.indexOf('\r\n\r\n')
  const header = body.toString('latin1', 0, headerEnd === -1 ? body.length : headerEnd)
  const messageId = /^Message-ID:\s*(<[^<>\s]*>)/im.exec(header)?.[1] ?? null
  if (saveDir !== undefined) {
    const plain = body.toString('latin1').replace(/(^|\r\n)\./g, '$1')
    writeFileSync(path.join(saveDir, `${String(kept).padStart(6, '0')}.eml`), plain, 'latin1')
  }
  writeSync(ledger, `${JSON.stringify({ to, messageId, began, at: Date.now() })}\n`)
}

function addressIn(line) {
  return /<(.*?)>/.exec(line)?.[1] ?? ''
}

const sockets = new Set()
const server = createServer((socket) => {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
  serve(socket)
})
server.listen(Number(options.port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`)
})
process.on('SIGTERM', () => {
  server.close()
  for (const socket of sockets) socket.destroy()
})
