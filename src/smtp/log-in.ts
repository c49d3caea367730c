/**
 * A login as nodemailer takes it: PLAIN, LOGIN or CRAM-MD5 with a password, XOAUTH2 with tokens that are fetched with the
 * refresh token and used until they expire, on all connections of a relay.
 */

import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import type { WireError } from './reply.js'

export interface Login {
  readonly user: string
  /** With `oauth` the refresh token. */
  readonly pass: string
  /** Null: the first that the relay offers. */
  readonly method: string | null
  readonly oauth: Readonly<{ clientId: string; clientSecret: string; accessUrl: string }> | null
}

/** Calls back as nodemailer does. Throws when the relay takes no logins. */
export function logIn(wire: SMTPConnection, login: Login, done: (error?: WireError | null) => void): void {
  if (!wire.allowsAuth)
    throw Object.assign(new Error('the relay offers no login (AUTH)'), { code: 'ENOAUTH', command: 'EHLO' })
  const { user, pass, method } = login
  const oauth2 = tokensOf(login)
  const auth = {
    user,
    pass,
    ...(method === null ? {} : { method }),
    ...(oauth2 === null ? {} : { oauth2 }),
  }
  wire.login(auth, done)
}

const tokens = new WeakMap<Login, XOAuth2>()

function tokensOf(login: Login): XOAuth2 | null {
  if (login.oauth === null) return null
  const known = tokens.get(login)
  if (known !== undefined) return known
  const fresh = new XOAuth2({ ...login.oauth, user: login.user, refreshToken: login.pass })
  tokens.set(login, fresh)
  return fresh
}
