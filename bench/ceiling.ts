/** ceiling: Postfix's smtp-source, in C, with one constant message. It keeps its connections and no records. */

import { once } from 'node:events'
import { collect, launch } from './process.js'
import { postfixProgram } from './receiver.js'
import type { Course, Run } from './run.js'

export async function runCeiling(course: Course): Promise<Run> {
  const { receiverPort, connections, recipients, messageFile, folder } = course
  const args = [
    ...['-d', '-s', `${connections}`, '-m', `${recipients}`, '-F', messageFile],
    ...['-f', 'brief@harbour.example.com', '-t', 'reader@example.org', `127.0.0.1:${receiverPort}`],
  ]
  const began = performance.now()
  const child = launch(postfixProgram('smtp-source'), args, { cwd: folder })
  const stderr = collect(child.stderr)
  const [code] = (await once(child, 'close')) as [number | null]
  const seconds = (performance.now() - began) / 1_000
  if (code !== 0) throw new Error(`smtp-source ended with ${code}: ${stderr()}`)
  return { messages: recipients, seconds, cpuMs: null, peakBytes: null }
}
