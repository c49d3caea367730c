/**
 * Complaints: abuse reports (RFC 5965, RFC 6650), with recipients redacted or not, and Outlook.com's older form, which is a
 * forwarded message under a subject. Reports on authentication are about a domain, not a person.
 */

import type { Claim } from './feedback.js'
import { addressIn, type Fields, fieldOf, readFields } from './fields.js'
import type { Mail } from './read-mail.js'

/** Null when the Mail is no such report. */
export function readArf(mail: Mail): readonly Claim[] | null {
  const report = mail.parts.find(({ type }) => type === 'message/feedback-report')
  if (report !== undefined) return readReport(readFields(report.content.trimStart()), mail)
  if (isOutlookComplaint(mail)) return [{ kind: 'complained', type: 'abuse', recipient: junkedBy(mail) }]
  return isDmarcDigest(mail) ? [{ kind: 'nothing', why: 'authentication' }] : null
}

function readReport(report: Fields, mail: Mail): readonly Claim[] {
  const type = fieldOf(report, 'feedback-type')
    .toLowerCase()
    .replace(/[^a-z-]/g, '')
    .slice(0, 30)
  if (type === 'not-spam') return [{ kind: 'nothing', why: 'notSpam' }]
  if (type === 'auth-failure') return [{ kind: 'nothing', why: 'authentication' }]
  const named = [...(report.get('original-rcpt-to') ?? []), ...(report.get('removal-recipient') ?? [])]
  const recipients = new Set(named.map(addressIn).filter((address) => address !== null))
  const claims = [...recipients].map((recipient) => complained(type, recipient))
  return claims.length > 0 ? claims : [complained(type, junkedBy(mail))]
}

function complained(type: string, recipient: string | null): Claim {
  return { kind: 'complained', type: type === '' ? 'abuse' : type, recipient }
}

/** Junk Mail Reporting Program: `complaint about message from 192.0.2.1`, the message attached. */
function isOutlookComplaint({ fields, subject, parts }: Mail): boolean {
  return (
    /^complaint about message from\b/i.test(subject) &&
    (/@(hotmail|outlook|live|msn)\.com\b|microsoft/i.test(fieldOf(fields, 'from')) ||
      parts.some(({ content }) => /^x-hmxmroriginalrecipient:/im.test(content)))
  )
}

/** Outlook.com writes whose junk folder it was into the returned message's header. */
function junkedBy({ parts }: Mail): string | null {
  const returned = parts.find(({ type }) => /^(message\/(rfc822|global)|text\/rfc822-headers)$/.test(type))
  if (returned === undefined) return null
  return addressIn(fieldOf(readFields(returned.content), 'x-hmxmroriginalrecipient'))
}

/** RFC 7489 section 7.2.1.1 gives the subject. */
function isDmarcDigest({ subject }: Mail): boolean {
  return /^report domain: \S+ submitter: /i.test(subject)
}
