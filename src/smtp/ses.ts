/**
 * The Transport that hands Messages to Amazon SES over its API, through nodemailer and the AWS SDK. SES writes Message-ID
 * and Date anew, so a DKIM signature of ours would not hold: it is left out, and SES signs by itself.
 */

import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import { InputError } from '../errors.js'
import { openHandOver } from './hand-over.js'
import { oneLine } from './reply.js'
import { readSesError } from './ses-answer.js'
import { loadSesSdk, type SesSdk } from './ses-sdk.js'
import type { SesSettings } from './ses-url.js'
import type { Reply, Transport, WireMessage } from './transport.js'
import { mistake } from './url-query.js'

export function openSes(settings: SesSettings): Transport {
  let sdk: Promise<SesSdk> | null = null
  const load = () => {
    sdk ??= loadSesSdk(settings)
    return sdk
  }
  const transport = openHandOver({
    terms: settings,
    timeoutMs: settings.replyTimeoutMs,
    verify: async () => verify(await load(), settings),
    async carry(message, cut) {
      try {
        return await carry(message, await load(), { settings, cut })
      } catch (error) {
        if (error instanceof InputError) return { kind: 'notEnded', cause: error.message, scope: 'relay' }
        return readSesError(error)
      }
    },
  })
  return {
    ...transport,
    async close(options) {
      await transport.close(options)
      ;(await sdk?.catch(() => null))?.client.destroy()
    },
  }
}

async function carry(
  { envelope, bytes }: WireMessage,
  { client, SendEmailCommand }: SesSdk,
  { settings, cut }: { readonly settings: SesSettings; readonly cut: AbortSignal },
): Promise<Reply> {
  const sesClient = {
    config: client.config,
    send: (command: unknown) => client.send(command, { abortSignal: cut }),
  }
  const transport = createTransport({ SES: { sesClient, SendEmailCommand } })
  const { response } = await transport.sendMail({
    envelope: { from: envelope.from, to: [envelope.to] },
    raw: Readable.from([withoutSignatures(bytes)]),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(settings.configurationSet === null
      ? {}
      : { ses: { ConfigurationSetName: settings.configurationSet } }),
  })
  return { kind: 'replied', code: 250, text: oneLine(`250 ${response}`), command: 'DATA', ended: true }
}

/** Our signatures stand in front of everything else. */
export function withoutSignatures(bytes: Uint8Array): Uint8Array {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (message.toString('latin1', at, at + 15).toLowerCase() === 'dkim-signature:') {
    do {
      const end = message.indexOf('\r\n', at)
      if (end === -1) return bytes
      at = end + 2
      // Folded lines begin with white space.
    } while (message[at] === 0x20 || message[at] === 0x09)
  }
  return at === 0 ? bytes : message.subarray(at)
}

/** Asks for the account, which tells a wrong key from a right one; a key that may only send is no fault. */
async function verify({ client, GetAccountCommand }: SesSdk, { name }: SesSettings): Promise<void> {
  try {
    await client.send(new GetAccountCommand({}))
  } catch (error) {
    const reply = readSesError(error)
    if (reply.kind === 'replied') return
    if (reply.kind === 'notEnded' && reply.scope === 'login') {
      if (reply.cause.startsWith('AccessDenied')) return
      throw mistake(`${name} refuses the key (${reply.cause}); check key, secret and region`)
    }
    throw mistake(`${name} cannot be reached (${reply.cause}); check region and network`)
  }
}
