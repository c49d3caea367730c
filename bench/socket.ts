/** socket: nodemailer's SMTPConnection writing one ready Buffer over and over, in a process of its own; no records. */

import { fileURLToPath } from 'node:url'
import { runProgram } from './process.js'
import type { Course, Run } from './run.js'

export interface SocketRequest {
  readonly port: number
  readonly connections: number
  readonly messages: number
  readonly warmUp: number
  readonly messageFile: string
}

const WARM_UP = 5_000

export async function runSocket(course: Course): Promise<Run> {
  const { receiverPort: port, connections, recipients: messages, messageFile, folder } = course
  const request: SocketRequest = {
    port,
    connections,
    messages,
    warmUp: Math.min(WARM_UP, messages),
    messageFile,
  }
  const child = fileURLToPath(new URL('socket-child.js', import.meta.url))
  return JSON.parse(await runProgram(process.execPath, [child, JSON.stringify(request)], { cwd: folder }))
}
