/** What Hono's context carries in the studio. */

import type { HttpBindings } from '@hono/node-server'

export interface StudioEnv {
  Bindings: HttpBindings
}
