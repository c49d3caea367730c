/**
 * Where SNS may be asked: at the region's own host that the configured topic names, over TLS, and nowhere else. A URL in a POST
 * was written by anyone.
 */

import { parseTopicArn } from '../../sns-topic.js'

/** `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-….pem` */
export function isCertificateUrl(url: string, topic: string): boolean {
  const parsed = snsUrl(url, topic)
  return parsed !== null && /^\/[\w-]{1,200}\.pem$/.test(parsed.pathname) && parsed.search === ''
}

/** The one question that is answered by a GET: whether this topic may send here. */
export function isConfirmUrl(url: string, topic: string): boolean {
  const parsed = snsUrl(url, topic)
  return (
    parsed !== null &&
    parsed.pathname === '/' &&
    parsed.searchParams.get('Action') === 'ConfirmSubscription' &&
    parsed.searchParams.get('TopicArn') === topic
  )
}

function snsUrl(url: string, topic: string): URL | null {
  const host = hostOf(topic)
  if (host === null || !URL.canParse(url)) return null
  const parsed = new URL(url)
  const isPlain = parsed.username === '' && parsed.password === '' && parsed.port === '' && parsed.hash === ''
  return parsed.protocol === 'https:' && parsed.hostname === host && isPlain ? parsed : null
}

function hostOf(topic: string): string | null {
  const named = parseTopicArn(topic)
  return named && `sns.${named.region}.amazonaws.com${named.partition === 'aws-cn' ? '.cn' : ''}`
}
