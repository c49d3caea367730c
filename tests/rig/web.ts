/** The public web over a test's database, on a free port. */

import { buildWeb, type WebContext } from '../../src/web/app.js'
import { trustProxies } from '../../src/web/client-address.js'
import { NO_HOOKS } from '../../src/web/hooks/routes.js'
import { type RunningServer, serve } from '../../src/web/server.js'

export type TestWeb = Pick<WebContext, 'db' | 'keys' | 'hits' | 'now' | 'log'> & Partial<WebContext>

/** As `buildWeb`; what is not given is a publication that nobody has told of, and a machine without ills. */
export function buildTestWeb(context: TestWeb) {
  return buildWeb({
    publication: async () => null,
    publicUrl: async () => 'http://127.0.0.1:4321',
    isProxy: trustProxies([]),
    ills: async () => ({}),
    hooks: {
      settings: NO_HOOKS,
      rules: { softBounces: null },
      fetchText: async (url) => {
        throw new Error(`nobody expected ${url} to be fetched`)
      },
    },
    ...context,
  })
}

/** Its public URL is where it listens, unless another is given. */
export async function serveTestWeb(context: TestWeb): Promise<RunningServer> {
  const server: RunningServer = await serve({
    web: buildTestWeb({ publicUrl: async () => server.url, ...context }),
    host: '127.0.0.1',
    port: 0,
  })
  return server
}
