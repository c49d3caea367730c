import { describe, expect, test } from 'vitest'
import { readHeaderField } from './header-field.js'

test.each([
  ['Organization', 'Grüße vom Hafen'],
  ['List-Help', '<https://example.com/help>, <mailto:help@example.com?subject=help>'],
  ['List-Post', 'NO'],
  ['Archived-At', '<https://example.com/41>'],
  ['BIMI-Selector', 'v=BIMI1; s=default'],
  ['X-Campaign', 'spring'],
])('%s: %s may be set', (name, value) => {
  expect(readHeaderField(name, value)).toEqual({ name, value })
})

test('a name is written as its standard writes it, and a value is one line', () => {
  expect(readHeaderField('list-help', '<https://example.com/help>,\n  <mailto:help@example.com>')).toEqual({
    name: 'List-Help',
    value: '<https://example.com/help>, <mailto:help@example.com>',
  })
})

test.each([
  ['Bcc', 'a message goes to one subscriber, who stands in To'],
  ['to', 'a message goes to one subscriber, who stands in To'],
  ['From', 'the sender is the key "from"'],
  ['Resent-From', 'the sender is the key "from"'],
  ['Reply-To', 'it is the key "reply-to"'],
  ['Subject', 'it is the key "subject" of an issue'],
  ['List-Unsubscribe', 'Pressrun writes it for every message'],
  ['Feedback-ID', 'Pressrun writes it for every message'],
  ['Content-Type', 'it says how a message is encoded, which Pressrun decides'],
  ['MIME-Version', 'it says how a message is encoded, which Pressrun decides'],
  ['DKIM-Signature', 'it is for mail servers to write'],
  ['Received', 'it is for mail servers to write'],
  ['Return-Path', 'it changes where mail goes'],
  ['X-SMTPAPI', 'a relay may read recipients from it'],
  ['X-MC-BccAddress', 'a relay may read recipients from it'],
  ['Organisation', 'did you mean "Organization"?'],
  ['Organization: x\r\nBcc', 'did you mean "Organization"?'],
  ['X-Ümlaut', expect.stringMatching(/^the fields are /)],
  ['', expect.stringMatching(/^the fields are /)],
])('%j cannot be set, and the answer says why', (name, why) => {
  const read = readHeaderField(name, 'x')

  expect('problem' in read && read.problem.split(' cannot be set: ')[1]).toEqual(why)
})

describe('a value that cannot stand in its field is refused', () => {
  test.each([
    ['List-Help', 'https://example.com/help', 'wants URLs in angle brackets'],
    ['List-Help', '<javascript:alert(1)>', 'wants URLs in angle brackets'],
    ['List-Help', '<https://hafen-grüße.example/>', 'is not ASCII'],
    ['Organization', '', 'wants one line of text'],
    ['Organization', ['a', 'b'], 'wants one line of text'],
    ['X-Name', '{{subscriber.name}}', 'a field is the same for everyone'],
    ['X-Nul', 'a\u0000b', 'U+0000 is a control character'],
    ['X-Long', 'é'.repeat(500), 'is longer than 800 octets; make it shorter'],
  ])('%s: %j', (name, value, why) => {
    const read = readHeaderField(name, value)

    expect('problem' in read && read.problem).toContain(why)
  })
})
