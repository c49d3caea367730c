/** The AWS SDK, as far as it is used here; it is loaded only when a relay wants it, and an operator installs it himself. */

import { z } from 'zod'
import type { SesSettings } from './ses-url.js'
import { mistake } from './url-query.js'

const SDK = '@aws-sdk/client-sesv2'

export interface SesClient {
  send(command: unknown, options?: { readonly abortSignal?: AbortSignal }): Promise<{ MessageId?: string }>
  destroy(): void
  readonly config: { region?: () => Promise<string> }
}

export interface SesSdk {
  readonly client: SesClient
  readonly SendEmailCommand: new (input: unknown) => unknown
  readonly GetAccountCommand: new (input: unknown) => unknown
}

type Constructor<T> = new (input: unknown) => T
const isClass = <T>() => z.custom<Constructor<T>>((value) => typeof value === 'function')
const sdkSchema = z.object({
  SESv2Client: isClass<SesClient>(),
  SendEmailCommand: isClass<unknown>(),
  GetAccountCommand: isClass<unknown>(),
})

/** Throws InputError when it is not installed. */
export async function loadSesSdk(settings: SesSettings): Promise<SesSdk> {
  // By a name that the compiler does not follow: it may not be there.
  const name: string = SDK
  const loaded: unknown = await import(name).catch((error: unknown) => {
    throw isMissing(error)
      ? mistake(
          `ses:// wants the package ${SDK}, which is not installed; npm install ${SDK} beside pressrun adds it`,
        )
      : error
  })
  const { SESv2Client, SendEmailCommand, GetAccountCommand } = sdkSchema.parse(loaded)
  const { region, credentials, endpoint, maxConnections, replyTimeoutMs } = settings
  const client = new SESv2Client({
    region,
    ...(credentials === null ? {} : { credentials }),
    ...(endpoint === null ? {} : { endpoint }),
    // SendEmail may have been heard though its answer was lost: the SDK must never repeat it.
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: replyTimeoutMs,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      httpsAgent: { maxSockets: maxConnections },
    },
  })
  return { client, SendEmailCommand, GetAccountCommand }
}

const CONNECTION_TIMEOUT_MS = 30_000

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
}
