/** The way to a relay through an HTTP proxy (CONNECT), where `proxy=` names one. TLS begins behind it, with the relay. */

import type { Socket } from 'node:net'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import openTunnel from 'nodemailer/lib/smtp-connection/http-proxy-client'
import type { RelaySettings } from './relay-url.js'

/** The options with the socket to use, when there is a proxy. Rejects with nodemailer's error. */
export async function throughProxy(
  options: Readonly<SMTPConnection.Options>,
  { proxy, host, port }: Pick<RelaySettings, 'proxy' | 'host' | 'port'>,
): Promise<SMTPConnection.Options> {
  if (proxy === null) return options
  const connection = await new Promise<Socket>((resolve, reject) =>
    openTunnel(proxy, port, host, (error, socket) =>
      error ? reject(describe(error, proxy)) : resolve(socket),
    ),
  )
  return { ...options, connection }
}

/** Whatever it was, the relay has not been asked. The URL of a proxy may hold a password. */
function describe(error: Error, proxy: string): Error {
  const cause = error.message || ('code' in error ? String(error.code) : '')
  return Object.assign(new Error(`proxy ${new URL(proxy).host}: ${cause}`, { cause: error }), {
    code: 'EPROXY',
  })
}
