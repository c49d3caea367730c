/** Signs as Amazon SNS does, with a certificate of a day that openssl makes, and shows it as the world outside would. */

import { execFileSync } from 'node:child_process'
import { createSign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:bounces'
export const CERTIFICATE_URL =
  'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem'
export const CONFIRM_URL = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=abc`

export interface SnsSigner {
  readonly certificate: string
  /** A message with its Signature; `changes` are signed with it. */
  sign(changes: Readonly<Record<string, string>>): Readonly<Record<string, string>>
}

const SIGNED_OF_NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
const SIGNED_OF_OTHERS = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']

export function makeSnsSigner(): SnsSigner {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-sns-'))
  const at = (name: string) => path.join(folder, name)
  const { key, certificate } = (() => {
    try {
      execFileSync(
        'openssl',
        [
          ...[
            'req',
            '-x509',
            '-newkey',
            'rsa:2048',
            '-nodes',
            '-days',
            '1',
            '-subj',
            '/CN=sns.amazonaws.com',
          ],
          ...['-keyout', at('key'), '-out', at('pem')],
        ],
        { stdio: 'ignore' },
      )
      return { key: readFileSync(at('key'), 'utf8'), certificate: readFileSync(at('pem'), 'utf8') }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })()
  return {
    certificate,
    sign(changes) {
      const message: Record<string, string> = {
        Type: 'Notification',
        MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
        TopicArn: TOPIC,
        Message: '{}',
        Timestamp: '2026-11-26T09:00:00.000Z',
        SignatureVersion: '2',
        SigningCertURL: CERTIFICATE_URL,
        ...changes,
      }
      const names = message.Type === 'Notification' ? SIGNED_OF_NOTIFICATION : SIGNED_OF_OTHERS
      const signed = names
        .filter((name) => message[name] !== undefined)
        .map((name) => `${name}\n${message[name]}\n`)
        .join('')
      const hash = message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256'
      return { ...message, Signature: createSign(hash).update(signed).sign(key, 'base64') }
    },
  }
}
