/** The process of `script`: reads its request from the first argument, prints its Run. */

import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Queue, Worker } from 'bullmq'
import Handlebars from 'handlebars'
import { createTransport } from 'nodemailer'
import { connect } from '../src/queue/redis-address.js'
import { readUsage } from './process.js'
import type { Run } from './run.js'
import type { ScriptRequest } from './script.js'

const QUEUE = 'mails'
const ADD_AT_ONCE = 1_000
const SECRET = 'a secret of the bench with 32 characters and more'

interface Recipient {
  readonly id: number
  readonly address: string
  readonly name: string
}

// Written by script.ts and main.ts.
const request = JSON.parse(process.argv[2] ?? '{}') as ScriptRequest
process.stdout.write(JSON.stringify(await run(request)))

async function run({
  redis,
  port,
  connections,
  messages,
  warmUp,
  templateFile,
}: ScriptRequest): Promise<Run> {
  const template = JSON.parse(readFileSync(templateFile, 'utf8')) as { html: string; text: string }
  const html = Handlebars.compile(template.html)
  const text = Handlebars.compile(template.text)
  const transport = createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
  })
  const sendOne = async ({ id, address, name }: Recipient) => {
    const token = createHmac('sha256', SECRET).update(String(id)).digest('base64url').slice(0, 22)
    await transport.sendMail({
      from: 'The Harbour Brief <brief@harbour.example.com>',
      to: { name, address },
      subject: 'The bench',
      list: { unsubscribe: `https://news.example.com/u/${token}` },
      html: html({ name, token }),
      text: text({ name, token }),
    })
  }
  const connection = connect(redis, { maxRetriesPerRequest: null })
  const queue = new Queue<Recipient>(QUEUE, { connection })
  const worker = new Worker<Recipient>(QUEUE, ({ data }) => sendOne(data), {
    connection,
    // Twice as many jobs as connections: while one renders, another waits for its reply.
    concurrency: connections * 2,
    autorun: false,
    removeOnComplete: { count: 0 },
  })
  const failures: Error[] = []
  worker.on('failed', (_job, error) => failures.push(error))

  await addJobs(queue, warmUp)
  const warmed = completed(worker, warmUp)
  void worker.run()
  await warmed
  await worker.pause()
  await addJobs(queue, messages)
  const done = completed(worker, messages)
  const before = readUsage(process.pid)
  const began = performance.now()
  worker.resume()
  await done
  const seconds = (performance.now() - began) / 1_000
  const { cpuMs, peakBytes } = readUsage(process.pid)
  if (failures[0]) throw failures[0]
  await worker.close()
  await queue.close()
  transport.close()
  connection.disconnect()
  return { messages, seconds, cpuMs: cpuMs - before.cpuMs, peakBytes }
}

async function addJobs(queue: Queue<Recipient>, count: number): Promise<void> {
  for (let first = 0; first < count; first += ADD_AT_ONCE) {
    const jobs = Array.from({ length: Math.min(ADD_AT_ONCE, count - first) }, (_, index) => {
      const id = first + index
      return { name: 'mail', data: { id, address: `reader${id}@example.org`, name: `Reader ${id}` } }
    })
    await queue.addBulk(jobs)
  }
}

/** Resolves when so many jobs have ended, one way or the other. */
function completed(worker: Worker<Recipient>, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count
    const countDown = () => {
      left -= 1
      if (left > 0) return
      worker.off('completed', countDown).off('failed', countDown)
      resolve()
    }
    worker.on('completed', countDown).on('failed', countDown)
  })
}
