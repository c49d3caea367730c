/**
 * script: what people write: a BullMQ job a recipient, Handlebars and nodemailer's pool for each. Kept honest and tuned:
 * the template is compiled once, one HMAC signs all of a message's links, the jobs lie ready when time starts, and
 * nothing is written down anywhere.
 */

import { mkdtempSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openLog } from '../src/log.js'
import { startPrivateRedis } from '../src/queue/private-redis.js'
import { runProgram } from './process.js'
import type { Course, Run } from './run.js'

export interface ScriptRequest {
  readonly redis: string
  readonly port: number
  readonly connections: number
  readonly messages: number
  readonly warmUp: number
  readonly templateFile: string
}

/** Rates are compared; so few are enough. */
const MOST_MESSAGES = 2_000
const WARM_UP = 300

export async function runScript(course: Course, templateFile: string): Promise<Run> {
  const folder = mkdtempSync(path.join(course.folder, 'script-'))
  const messages = Math.min(course.recipients, MOST_MESSAGES)
  const redis = await startPrivateRedis(folder, openLog('warn'))
  const request: ScriptRequest = {
    redis: redis.address,
    port: course.receiverPort,
    connections: course.connections,
    messages,
    warmUp: Math.min(WARM_UP, messages),
    templateFile,
  }
  try {
    const child = fileURLToPath(new URL('script-child.js', import.meta.url))
    return JSON.parse(await runProgram(process.execPath, [child, JSON.stringify(request)], { cwd: folder }))
  } finally {
    await redis.close()
  }
}
