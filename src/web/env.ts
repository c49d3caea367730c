/** What Hono's context carries here: Node's own request, for the client's address, and whose pages these are. */

import type { HttpBindings } from '@hono/node-server'
import type { FaceOf } from './face.js'

export interface WebEnv {
  Bindings: HttpBindings
  Variables: { face: FaceOf }
}
