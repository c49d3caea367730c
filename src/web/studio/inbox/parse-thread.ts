/** The thread that reads one long message: its file's name comes in, what it says goes out. */

import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { parseMessage } from './parse.js'

if (parentPort === null) throw new Error('parse-thread is started by message.ts')
const message = await parseMessage(await readFile(String(workerData)))
parentPort.postMessage(message, [...new Set(message.parts.map(({ bytes }) => bytes.buffer))])
