/** The Transport for Amazon SES, with the real SDK against an API on this machine: the contract, and what errors mean. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTransport } from '../../../src/smtp/open-transport.js'
import { withoutSignatures } from '../../../src/smtp/ses.js'
import { readSmtpUrls } from '../../../src/smtp/smtp-urls.js'
import type { Transport } from '../../../src/smtp/transport.js'
import { letter, yes } from '../../rig/letter.js'
import { startSes, type TestSes } from '../../rig/ses.js'
import { transportContract } from './transport.contract.js'

function open(url: string): Transport {
  const [settings] = readSmtpUrls(url)
  if (settings === undefined) throw new Error('no relay')
  return openTransport(settings)
}

transportContract('SES', async ({ manner, atOnce, patienceMs }) => {
  const ses = await startSes()
  if (manner === 'away') await ses.stop()
  return {
    transport: open(`${ses.url}&maxConnections=${atOnce}&socketTimeout=${patienceMs}`),
    to: manner === 'takes' || manner === 'away' ? 'alice@example.org' : `${manner}@example.org`,
    kept: ses.kept,
    close: ses.stop,
  }
})

describe('SES', () => {
  let ses: TestSes
  beforeEach(async () => {
    ses = await startSes()
  })
  afterEach(() => ses.stop())

  test.each([
    ['refuses', { kind: 'replied', code: 554, ended: true }],
    ['later', { kind: 'replied', code: 454, ended: true }],
    ['down', { kind: 'replied', code: 454, ended: true }],
    ['sender', { kind: 'replied', code: 553, command: 'MAIL', ended: false }],
    ['forbidden', { kind: 'notEnded', scope: 'login' }],
    ['broken', { kind: 'endedWithoutReply' }],
  ])('%s means %j, and is asked once', async (who, expected) => {
    const transport = open(ses.url)

    const reply = await transport.send(letter({ to: `${who}@example.org` }), { beforeEnd: yes })
    await transport.close()

    expect(reply).toMatchObject(expected)
    expect(ses.asked()).toBe(1)
    expect(ses.kept()).toEqual([])
  })

  test('a message whose answer is lost is not sent again by the SDK', async () => {
    const transport = open(ses.url)

    await transport.send(letter({ to: 'dies@example.org' }), { beforeEnd: yes })
    await transport.close()

    expect(ses.asked()).toBe(1)
    expect(ses.kept()).toHaveLength(1)
  })

  test('it is given the envelope, whatever the header says, and no signature that it would break', async () => {
    const transport = open(ses.url)
    const text = 'To: eve@example.net\r\nSubject: hello\r\n\r\nDKIM-Signature: in the text\r\n'

    await transport.send(letter({ text: `DKIM-Signature: v=1;\r\n\tb=x\r\nDKIM-Signature: y\r\n${text}` }), {
      beforeEnd: yes,
    })
    await transport.close()

    expect(ses.kept()).toEqual([
      { from: 'desk@press.example', to: 'alice@example.org', bytes: Buffer.from(text) },
    ])
  })

  test.each(['Subject: x\r\n\r\nDKIM-Signature: y\r\n', 'DKIM-Signature: never ends'])(
    'leaves %j as it is',
    (text) => {
      expect(Buffer.from(withoutSignatures(Buffer.from(text))).toString()).toBe(text)
    },
  )

  test.each([
    ['ses://', 'names no region of AWS'],
    ['ses://Nowhere', 'names no region of AWS'],
    ['ses://key@eu-central-1', 'wants both a key and its secret'],
    ['ses://eu-central-1?endpoint=http://192.0.2.1', 'option endpoint: is not an https:// URL'],
    ['ses://eu-central-1?endpoint=http://127.0.0.1.example.org', 'option endpoint: is not an https:// URL'],
  ])('refuses %s', (url, sentence) => {
    expect(() => readSmtpUrls(url)).toThrow(sentence)
  })
})
