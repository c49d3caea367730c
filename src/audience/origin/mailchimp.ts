/**
 * Mailchimp writes a file for each state: `subscribed_…`, `unsubscribed_…`, `cleaned_…`, `nonsubscribed_…`, the latter with
 * columns of their own. Those columns count for every row of theirs, whether it has a date in them or not.
 */

import type { Said } from '../person.js'
import { evidenceOf, firstTime } from './evidence.js'
import { ADDRESS, FIRST_NAME, LAST_NAME, noneOf, type Origin, TAGS } from './origin.js'

/** What people give who report the mail. */
const COMPLAINT = /spam|abuse/i

export const mailchimp: Origin = {
  name: 'mailchimp',
  title: 'Mailchimp',
  signs: ['Email Address', 'LEID', 'EUID'],
  isHeader: (names) =>
    names.has('email address') && ['leid', 'euid', 'optin_time'].some((sign) => names.has(sign)),
  columns: {
    'email address': ADDRESS,
    'first name': FIRST_NAME,
    'last name': LAST_NAME,
    tags: TAGS,
    ...noneOf(
      'member_rating',
      'optin_time',
      'optin_ip',
      'confirm_time',
      'confirm_ip',
      'latitude',
      'longitude',
    ),
    ...noneOf(
      'gmtoff',
      'dstoff',
      'timezone',
      'cc',
      'region',
      'last_changed',
      'leid',
      'euid',
      'notes',
      'email_type',
    ),
    ...noneOf(
      'unsub_time',
      'unsub_campaign_title',
      'unsub_campaign_id',
      'unsub_reason',
      'unsub_reason_other',
    ),
    ...noneOf('clean_time', 'clean_campaign_title', 'clean_campaign_id'),
  },
  rest: 'attributes',
  said(field, { file, has }): Said {
    const asked = field('optin_time')
    const confirmed = field('confirm_time')
    const holds = (state: string) => new RegExp(`(?:^|[/\\\\])${state}_[^/\\\\]*$`, 'i').test(file)
    const hasBoth = has('clean_time') && has('unsub_time')
    const isCleaned = holds('cleaned') || (hasBoth ? field('clean_time') !== '' : has('clean_time'))
    const hasLeft = holds('unsubscribed') || (hasBoth ? field('unsub_time') !== '' : has('unsub_time'))
    const hasComplained = COMPLAINT.test(field('unsub_reason'))
    return {
      status: hasLeft ? 'unsubscribed' : holds('nonsubscribed') ? 'pending' : 'active',
      leftBy: 'person',
      suppressed: isCleaned ? 'cleaned by Mailchimp' : hasComplained ? 'complained at Mailchimp' : null,
      wishes: null,
      joinedAt: firstTime(confirmed, asked),
      evidence: evidenceOf({
        from: 'Mailchimp',
        asked,
        askedFrom: field('optin_ip'),
        confirmed,
        confirmedFrom: field('confirm_ip'),
        left: field('unsub_time'),
        cleaned: field('clean_time'),
        reason: field('unsub_reason'),
      }),
    }
  },
}
