/**
 * Postmark signs nothing: a secret stands in the URL it was given, as the password of Basic authentication (RFC 7617) or at the
 * path's end.
 */

import { parseJson } from '../../json.js'
import { readPostmark } from '../../track/feedback/read-postmark.js'
import { type HookRequest, isSame, NO_JSON, type ReadHook, unproven } from './hook.js'

export function postmarkHook(secret: string): ReadHook {
  return (request) => {
    if (!isSame(givenSecret(request), secret)) return unproven('the secret is missing or another')
    const body = parseJson(request.body.toString('utf8'))
    return body === undefined ? NO_JSON : readPostmark(body)
  }
}

function givenSecret({ header, secret }: HookRequest): string {
  const [, credentials = ''] = /^basic +(\S+)$/i.exec(header('authorization')) ?? []
  if (credentials === '') return secret
  const pair = Buffer.from(credentials, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}
