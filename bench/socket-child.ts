/** The process of `socket`: reads its request from the first argument, prints its Run. */

import { readFileSync } from 'node:fs'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { readUsage } from './process.js'
import type { Run } from './run.js'
import type { SocketRequest } from './socket.js'

// Written by socket.ts.
const request = JSON.parse(process.argv[2] ?? '{}') as SocketRequest
process.stdout.write(JSON.stringify(await run(request)))

async function run({ port, connections, messages, warmUp, messageFile }: SocketRequest): Promise<Run> {
  const bytes = readFileSync(messageFile)
  const wires = await Promise.all(Array.from({ length: connections }, () => connect(port)))
  await sendAll(wires, bytes, warmUp)
  const before = readUsage(process.pid)
  const began = performance.now()
  await sendAll(wires, bytes, messages)
  const seconds = (performance.now() - began) / 1_000
  const { cpuMs, peakBytes } = readUsage(process.pid)
  for (const wire of wires) wire.quit()
  return { messages, seconds, cpuMs: cpuMs - before.cpuMs, peakBytes }
}

function connect(port: number): Promise<SMTPConnection> {
  return new Promise((resolve, reject) => {
    const wire = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true })
    wire.once('error', reject)
    wire.connect((error) => (error ? reject(error) : resolve(wire)))
  })
}

async function sendAll(wires: readonly SMTPConnection[], bytes: Buffer, count: number): Promise<void> {
  let left = count
  await Promise.all(
    wires.map(async (wire) => {
      while (left > 0) {
        left -= 1
        await send(wire, bytes)
      }
    }),
  )
}

function send(wire: SMTPConnection, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    // A new envelope for each: nodemailer keeps what it has still to do in it.
    wire.send({ from: 'brief@harbour.example.com', to: ['reader@example.org'] }, bytes, (error) =>
      error ? reject(error) : resolve(),
    )
  })
}
