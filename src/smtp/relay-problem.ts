/** Why a relay cannot be used, as a sentence for the person who wrote SMTP_URL; never with the password. */

import { InputError } from '../errors.js'
import type { RelaySettings } from './relay-url.js'
import { causeOf, readReply, type WireError } from './reply.js'

export function describeRelayProblem(error: WireError, settings: RelaySettings): InputError {
  const message = sentence(error, settings)
  return new InputError([{ where: 'SMTP_URL', line: null, message }], { cause: error })
}

function sentence(error: WireError, { host, port, wire, login }: RelaySettings): string {
  const relay = `${host}:${port}`
  const systemCode = String(error.originalCode ?? error.code ?? '')
  const reply = typeof error.response === 'string' ? readReply(error.response) : null
  const cause = causeOf(error)

  if (error.code === 'EAUTH' && reply !== null && reply.code < 500)
    return `${relay} cannot check the login for "${login?.user}" now (${cause}); try again later`
  if (error.code === 'EAUTH' && reply === null)
    return `${relay} could not be asked for the login of "${login?.user}" (${cause}); ${
      login?.oauth ? 'check accessUrl, clientId and clientSecret' : 'check authMethod'
    }`
  if (error.code === 'EAUTH' && (reply?.code === 538 || /\b(?:STARTTLS|5\.7\.11)\b/.test(cause)))
    return `${relay} takes the login for "${login?.user}" over TLS only (${cause}); leave ignoreTLS out, or write smtps://`
  if (error.code === 'EAUTH')
    return `${relay} refused the login for "${login?.user}" (${cause}); check user name and password`
  if (error.code === 'ENOAUTH')
    return `${relay} offers no login; leave user name and password out, or use the port meant for submission`
  if (error.command === 'STARTTLS')
    return `${relay} does not start TLS (${cause}); use a port that does, or smtps:// where TLS comes first`
  if (error.code === 'EPROXY') return `${relay} is not reached (${cause}); check the option proxy`
  if (reply !== null) return `${relay} refused the connection (${cause}); ask whoever runs it`
  if (error.code === 'EDNS')
    return `the host "${host}" is not known (${systemCode}); check its spelling and the network`
  if (systemCode === 'ECONNREFUSED')
    return `nothing listens at ${relay} (${systemCode}); check host and port, and that the relay runs`
  if (systemCode === 'CERT_HAS_EXPIRED')
    return `${relay} shows a certificate that cannot be trusted (${cause}); whoever runs it has to renew it, if the clock here is right`
  if (isCertificateProblem(systemCode))
    return `${relay} shows a certificate that cannot be trusted (${cause}); write the host as the certificate names it, or name its authority in NODE_EXTRA_CA_CERTS`
  if (wire.secure && /wrong version number|packet length too long/i.test(cause))
    return `${relay} does not begin with TLS; write smtp:// instead of smtps://, or port 465`
  if (/greeting/i.test(cause))
    return `${relay} sends no greeting (${cause}); where TLS comes first, as on port 465, write smtps://`
  if (error.code === 'ETIMEDOUT' || systemCode === 'ETIMEDOUT')
    return `${relay} does not answer (${cause}); check host, port and firewall`
  return `${relay} cannot be used (${cause}); check host and port`
}

/** OpenSSL's verdicts as Node names them. */
function isCertificateProblem(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|CRL/.test(code)
}
