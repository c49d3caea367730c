/** Where a thread's or child's entry file lies. Node 20 can't load TypeScript there, so sources point at the build. */

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** `name` is the entry beside the caller, without extension. */
export function entryFile(callerUrl: string, name: string): string {
  const beside = fileURLToPath(new URL(`./${name}.js`, callerUrl))
  if (existsSync(beside)) return beside
  const built = beside.replace(/([/\\])(src|workers)([/\\])/, '$1dist$1$2$3')
  if (existsSync(built)) return built
  throw new Error(`${beside} is not built; run npm run build`)
}
