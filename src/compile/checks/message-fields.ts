/**
 * I03, I04: fields of the finished Message that large providers judge a sender by. They are read from the bytes as they
 * go to the wire, as a receiver does.
 */

import { isAligned } from '../../organisation.js'
import type { Check, CheckInput, Found } from './check.js'

const I03: Check = {
  id: 'I03',
  title: 'From, Reply-To, Message-ID and Date are sound',
  isWaivable: false,
  severities: ['error'],
  run: (input) => {
    const fields = readFields(input.wire)
    return [
      ...describeFrom(fields, input),
      ...describeReplyTo(fields),
      ...describeMessageId(fields),
      ...describeDate(fields),
    ]
  },
}

const I04: Check = {
  id: 'I04',
  title: 'one click in the mail program unsubscribes (RFC 8058)',
  isWaivable: false,
  severities: ['error'],
  run: (input) => {
    const fields = readFields(input.wire)
    return [...describeLeave(fields, input), ...describeLeavePost(fields)]
  },
}

export const MESSAGE_CHECKS: readonly Check[] = [I03, I04]

interface Field {
  /** In small letters. */
  readonly name: string
  /** With its folds. */
  readonly raw: string
  /** Unfolded. */
  readonly value: string
}

function readFields(wire: Uint8Array): readonly Field[] {
  const [header = ''] = Buffer.from(wire).toString('utf8').split('\r\n\r\n', 1)
  return header.split(/\r\n(?![ \t])/).map((line) => {
    const colon = line.indexOf(':')
    const raw = line.slice(colon + 1)
    return { name: line.slice(0, colon).toLowerCase(), raw, value: raw.replace(/\r\n/g, '').trim() }
  })
}

function valuesOf(fields: readonly Field[], name: string): readonly Field[] {
  return fields.filter((field) => field.name === name)
}

function error(message: string, hint: string, file?: string): Found {
  return { severity: 'error', message, hint, line: null, ...(file === undefined ? {} : { file }) }
}

const PUBLICATION = 'issues/newsletter.yaml'

function describeFrom(fields: readonly Field[], { isLive }: CheckInput): readonly Found[] {
  const from = valuesOf(fields, 'from')
  const domain = domainOf(from[0]?.value ?? '')
  if (from.length !== 1 || domain === null)
    return [
      error(
        'the message has not exactly one sender in From',
        'write from: Name <address@example.org>',
        PUBLICATION,
      ),
    ]
  return isLive && !isMailDomain(domain)
    ? [
        error(
          `From is at ${domain}, which no receiver can answer to`,
          'write an address at a domain of your own',
          PUBLICATION,
        ),
      ]
    : []
}

function describeReplyTo(fields: readonly Field[]): readonly Found[] {
  const replyTo = valuesOf(fields, 'reply-to')
  return replyTo.length > 1 || replyTo.some(({ value }) => domainOf(value) === null)
    ? [error('Reply-To is not one address', 'write reply-to: Name <address@example.org>', PUBLICATION)]
    : []
}

/** RFC 5322 section 3.6.4; of another organisation's domain filters think that it was forged. */
function describeMessageId(fields: readonly Field[]): readonly Found[] {
  const [id, ...others] = valuesOf(fields, 'message-id')
  const domain = /^<[^<>@\s]+@([^<>@\s]+)>$/.exec(id?.value ?? '')?.[1]
  const from = domainOf(valuesOf(fields, 'from')[0]?.value ?? '')
  if (domain === undefined || others.length > 0)
    return [error('the message has not exactly one Message-ID', 'Pressrun writes it; this is a bug, tell us')]
  return from === null || isAligned(domain, from, 'relaxed')
    ? []
    : [
        error(
          `the Message-ID is of ${domain}, and From of ${from}`,
          'Pressrun writes it; this is a bug, tell us',
        ),
      ]
}

function describeDate(fields: readonly Field[]): readonly Found[] {
  const dates = valuesOf(fields, 'date')
  const isSound = /^(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d{2}:\d{2}(?::\d{2})? [+-]\d{4}$/.test(
    dates[0]?.value ?? '',
  )
  return dates.length === 1 && isSound
    ? []
    : [error('the message has not exactly one Date', 'Pressrun writes it; this is a bug, tell us')]
}

/** RFC 2369 and 8058: URLs in angle brackets; the one for one click is https, and a fold within one breaks it. */
function describeLeave(fields: readonly Field[], { isLive, compiled }: CheckInput): readonly Found[] {
  const [leave, ...others] = valuesOf(fields, 'list-unsubscribe')
  if (leave === undefined || others.length > 0)
    return [
      error('the message has not exactly one List-Unsubscribe', 'Pressrun writes it; this is a bug, tell us'),
    ]
  const urls = [...leave.raw.matchAll(/<([^<>]*)>/g)].map(([, url = '']) => url)
  const rest = leave.value.replace(/<[^<>]*>/g, '')
  if (urls.length === 0 || !/^[\s,]*$/.test(rest) || urls.some((url) => /\s/.test(url)))
    return [
      error(
        `List-Unsubscribe cannot be read: ${leave.value}`,
        'URLs stand in angle brackets, whole, with commas between',
      ),
    ]
  const isMailto = (url: string) => /^mailto:/i.test(url)
  const web = urls.filter((url) => !isMailto(url))
  if (web.length !== 1 || urls.filter(isMailto).length > 1)
    return [
      error(`List-Unsubscribe holds ${urls.join(' and ')}`, 'one https address, and at most one mailto'),
    ]
  return isLive && !/^https:/i.test(web[0] ?? '')
    ? [
        error(
          `unsubscribing leads over ${compiled.publication.publicUrl}, which is not encrypted; Gmail and Yahoo want https`,
          'put a proxy that does TLS in front, and write https:// in PUBLIC_URL or newsletter.yaml',
          PUBLICATION,
        ),
      ]
    : []
}

function describeLeavePost(fields: readonly Field[]): readonly Found[] {
  const posts = valuesOf(fields, 'list-unsubscribe-post')
  return posts.length === 1 && posts[0]?.value === 'List-Unsubscribe=One-Click'
    ? []
    : [
        error(
          'the message lacks List-Unsubscribe-Post: List-Unsubscribe=One-Click',
          'Pressrun writes it; this is a bug, tell us',
        ),
      ]
}

/** The domain of a field with one mailbox, null of any other. */
function domainOf(value: string): string | null {
  const address = /<([^<>]+)>\s*$/.exec(value)?.[1] ?? value
  return /^[^\s@,<>]+@([^\s@,<>]+)$/.exec(address.trim())?.[1] ?? null
}

function isMailDomain(domain: string): boolean {
  return (
    domain.includes('.') &&
    !/(?:^|\.)(?:local|localhost|localdomain|internal|lan|home\.arpa|invalid)$/i.test(domain)
  )
}
