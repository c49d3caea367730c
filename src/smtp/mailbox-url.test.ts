import { expect, test } from 'vitest'
import { InputError } from '../errors.js'
import { readMailboxUrls } from './mailbox-url.js'

function problemsOf(text: string): string {
  try {
    readMailboxUrls(text)
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  return ''
}

test('several mailboxes stand on one line', () => {
  const read = readMailboxUrls(
    'maildir:/var/mail/b%20b folder:///srv/bounces imaps://bo%40x:p%3Aw@mail.example.org/Back%20again pop3s://b:pw@pop.example.org:1995?ca=/etc/ca.pem',
  )

  expect(read).toEqual([
    { kind: 'maildir', name: 'maildir:/var/mail/b b', path: '/var/mail/b b' },
    { kind: 'folder', name: 'folder:/srv/bounces', path: '/srv/bounces' },
    {
      kind: 'imap',
      name: 'imaps://mail.example.org:993/Back again',
      host: 'mail.example.org',
      port: 993,
      isSecure: true,
      user: 'bo@x',
      password: 'p:w',
      box: 'Back again',
      caFile: null,
    },
    {
      kind: 'pop3',
      name: 'pop3s://pop.example.org:1995',
      host: 'pop.example.org',
      port: 1995,
      isSecure: true,
      user: 'b',
      password: 'pw',
      box: 'INBOX',
      caFile: '/etc/ca.pem',
    },
  ])
})

test('without TLS a password stays on this machine', () => {
  expect(readMailboxUrls('imap://b:pw@127.0.0.1:1143')).toMatchObject([{ isSecure: false, port: 1143 }])
  expect(problemsOf('pop3://b:hunter2@pop.example.org')).toBe(
    'BOUNCES: would send the password in the clear; write pop3s:// (without TLS only to this machine)',
  )
})

test.each([
  [
    'http://b:hunter2@example.org',
    /^BOUNCES: does not begin with maildir:, folder:, imaps:\/\/ or pop3s:\/\//,
  ],
  ['imaps://mail.example.org', /wants a user name and a password/],
  ['imaps://b:hunter2@/INBOX', /no URL that can be read|names no host/],
  ['imaps://b:hunter2%@mail.example.org', /% that begins no sign/],
  ['imaps://b:hunter2%0d%0a@mail.example.org', /control character/],
  ['imaps://b:hunter2@mail.example.org?tls=no', /option "tls" that is not known/],
  ['pop3s://b:hunter2@mail.example.org/Junk', /POP3 knows only one/],
  ['maildir:here', /write the whole path/],
  ['maildir:/a nonsense', /^BOUNCES: mailbox 2 does not begin/],
])('%s is refused with what would be right, and no password', (text, expected) => {
  expect(problemsOf(text)).toMatch(expected)
  expect(problemsOf(text)).not.toContain('hunter2')
})
