/** The Transport that runs a program: the contract, and what its exit codes mean. */

import { afterEach, expect, test } from 'vitest'
import { openTransport } from '../../../src/smtp/open-transport.js'
import { readSmtpUrls } from '../../../src/smtp/smtp-urls.js'
import type { Transport } from '../../../src/smtp/transport.js'
import { letter, yes } from '../../rig/letter.js'
import { makeSendmail, type TestSendmail } from '../../rig/sendmail.js'
import { type Manner, transportContract } from './transport.contract.js'

const RECIPIENTS: Readonly<Record<Manner, string>> = {
  takes: 'alice@example.org',
  away: 'alice@example.org',
  slow: 'slow@example.org',
  refuses: 'exit-67@example.org',
  later: 'exit-69@example.org',
  dies: 'die@example.org',
  silent: 'hang@example.org',
}

function open(url: string, query = ''): Transport {
  const [settings] = readSmtpUrls(`${url}?${query}`)
  if (settings === undefined) throw new Error('no relay')
  return openTransport(settings)
}

transportContract('sendmail', async ({ manner, atOnce, patienceMs }) => {
  const sendmail = makeSendmail()
  const query = `maxConnections=${atOnce}&socketTimeout=${patienceMs}`
  if (manner === 'away') sendmail.remove()
  return {
    transport: open(sendmail.url, query),
    to: RECIPIENTS[manner],
    kept: () =>
      sendmail.kept().map(({ to, bytes }) => ({
        to,
        bytes: Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
      })),
    close: async () => sendmail.remove(),
  }
})

let sendmail: TestSendmail = makeSendmail()
afterEach(() => sendmail.remove())

test.each([
  ['exit-65', { kind: 'replied', code: 554 }],
  ['exit-67', { kind: 'replied', code: 550, command: 'RCPT' }],
  ['exit-68', { kind: 'replied', code: 450 }],
  ['exit-69', { kind: 'replied', code: 450 }],
  ['exit-75', { kind: 'endedWithoutReply' }],
  ['exit-1', { kind: 'endedWithoutReply' }],
  ['exit-74', { kind: 'endedWithoutReply' }],
  ['exit-77', { kind: 'notEnded', scope: 'login' }],
  ['exit-78', { kind: 'notEnded', scope: 'relay' }],
  ['early-64', { kind: 'notEnded', scope: 'relay' }],
  // A large message is still on its way when it ends: it has not seen the end.
  ['early-75', { kind: 'notEnded', scope: 'message' }],
  ['partial', { kind: 'notEnded', scope: 'message' }],
])('%s means %j', async (who, expected) => {
  sendmail = makeSendmail()
  const text = `Subject: large\r\n\r\n${'lorem ipsum dolor\r\n'.repeat(100_000)}`

  const reply = await open(sendmail.url).send(letter({ to: `${who}@example.org`, text }), { beforeEnd: yes })

  expect(reply).toMatchObject(expected)
  expect(sendmail.kept()).toEqual([])
})

test('says what it was told', async () => {
  sendmail = makeSendmail()

  const reply = await open(sendmail.url).send(letter({ to: 'exit-78@example.org' }), { beforeEnd: yes })

  expect(reply).toMatchObject({ cause: 'sendmail exited with 78: sendmail: not today, said with 78' })
})

test('it gets its arguments as they stand in the URL, no shell, no secret of ours, and sender and recipient apart', async () => {
  sendmail = makeSendmail()
  const transport = open(sendmail.url, `arg=-oem&arg=${encodeURIComponent('; touch x $HOME `id`')}`)

  await transport.send(letter({}), { beforeEnd: yes })
  await transport.send({ ...letter({}), envelope: { from: '', to: 'alice@example.org' } }, { beforeEnd: yes })

  const given = ['-i', '-oem', '; touch x $HOME `id`', '-f']
  expect(sendmail.calls().map(({ args }) => args)).toEqual([
    [...given, 'desk@press.example', '--', 'alice@example.org'],
    [...given, '<>', '--', 'alice@example.org'],
  ])
  expect(
    sendmail
      .calls()[0]
      ?.env.filter((name) => !/^__/.test(name))
      .sort(),
  ).toEqual(['HOME', 'LANG', 'PATH'])
})

test('an address that a program would read as an option is given to none', async () => {
  sendmail = makeSendmail()

  const reply = await open(sendmail.url).send(letter({ to: '-oQ/tmp@example.org' }), { beforeEnd: yes })

  expect(reply).toMatchObject({ kind: 'notEnded', scope: 'message' })
  expect(sendmail.calls()).toEqual([])
})

test('a folder is no program', async () => {
  sendmail = makeSendmail()

  await expect(open('sendmail:/tmp').verify()).rejects.toThrow(
    'SMTP_URL: /tmp is no program; write sendmail:',
  )
})

test.each([
  ['sendmail:/bin/true%00x', 'names no absolute path'],
  ['sendmail:bin/sendmail', 'names no absolute path'],
  ['sendmail://host/usr/sbin/sendmail', 'names no absolute path'],
  ['sendmail:/usr/sbin/sendmail?arg=-t', 'option arg: holds one of'],
  ['sendmail:/usr/sbin/sendmail?arg=-oit', 'option arg: holds one of'],
  ['sendmail:/usr/sbin/sendmail?arg=-bs', 'option arg: holds one of'],
  ['sendmail:/usr/sbin/sendmail?shell=true', 'has an option "shell" that is not known'],
])('refuses %s', (url, sentence) => {
  sendmail = makeSendmail()
  expect(() => readSmtpUrls(url)).toThrow(`SMTP_URL: ${sentence}`)
})
