/**
 * A message of a local inbox, from its file. A long one is read in a thread of its own, which is given up after a while: the
 * studio goes on meanwhile, whatever a mail holds.
 */

import { open } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { entryFile } from '../../../thread.js'
import { readHeader } from './fields.js'
import { MAX_HEADER_BYTES, type Message, parseMessage } from './parse.js'

/** Some 100 ms of work; a thread takes as long to start. */
const SHORT_BYTES = 256 * 1024
const MAX_MESSAGE_BYTES = 40 * 1024 * 1024
const TIMEOUT_MS = 20_000

/** `sizeBytes` as the file has them. */
export async function readMessage(file: string, sizeBytes: number): Promise<Message> {
  if (sizeBytes > MAX_MESSAGE_BYTES) return readHeaderAlone(file, 'It is longer than 40 MB')
  if (sizeBytes > SHORT_BYTES) return readInThread(file)
  const handle = await open(file, 'r')
  try {
    return await parseMessage(await handle.readFile())
  } finally {
    await handle.close()
  }
}

async function readInThread(file: string): Promise<Message> {
  const worker = new Worker(entryFile(import.meta.url, 'parse-thread'), { workerData: file })
  let timer: NodeJS.Timeout | undefined
  const read = new Promise<Message | string>((resolve) => {
    worker.once('message', resolve)
    // The file is gone, which is seen when its header is read, or it takes more memory than a thread has.
    worker.once('error', () => resolve('It cannot be read'))
    timer = setTimeout(() => resolve('Reading it took more than 20 seconds'), TIMEOUT_MS)
  })
  try {
    const message = await read
    return typeof message === 'string' ? await readHeaderAlone(file, message) : message
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

async function readHeaderAlone(file: string, reason: string): Promise<Message> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0)
    const header = readHeader(buffer.subarray(0, bytesRead))
    const notes = [`${reason}: its parts are not unpacked. The source shows them.`]
    return { header, html: null, text: null, parts: [], notes }
  } finally {
    await handle.close()
  }
}
