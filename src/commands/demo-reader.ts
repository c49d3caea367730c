/** A reader of the demo: opens the message in the inbox and does over HTTP what a mail program would. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

export interface ReceivedMessage {
  readonly file: string
  readonly pixelUrl: string
  readonly clickUrls: readonly string[]
  readonly unsubscribeUrl: string
}

const MAIL_PROGRAM = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Demo/1.0',
  accept: 'text/html,image/*;q=0.8',
  'accept-language': 'en',
}

/** Finds the message that the inbox keeps for an address. */
export async function findMessage(inboxFolder: string, address: string): Promise<ReceivedMessage> {
  const ledger = await readFile(path.join(inboxFolder, 'ledger.jsonl'), 'utf8')
  const entry = ledger
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { to: string; file: string })
    .find(({ to }) => to === address)
  if (!entry) throw new Error(`the inbox has no message for ${address}`)
  const file = path.join(inboxFolder, entry.file)
  const source = decodeParts((await readFile(file, 'utf8')).replaceAll('\r\n', '\n'))
  const unique = (pattern: RegExp) => [...new Set([...source.matchAll(pattern)].map(([url]) => url))]
  const [pixelUrl = ''] = unique(/https?:\/\/[^\s"<>]+\/o\/[\w-]+\.gif/g)
  const [unsubscribeUrl = ''] = unique(/https?:\/\/[^\s"<>]+\/u\/[\w-]+/g)
  return { file, pixelUrl, unsubscribeUrl, clickUrls: unique(/https?:\/\/[^\s"<>]+\/c\/[\w-]+\/\d+/g) }
}

/** Header and parts as text (RFC 2045 sections 6.7 and 6.8), enough for ASCII URLs. */
function decodeParts(source: string): string {
  return source
    .split(/^--=_\S+$/m)
    .map((part) =>
      /^Content-Transfer-Encoding: base64$/m.test(part)
        ? Buffer.from(part.slice(part.indexOf('\n\n')), 'base64').toString('utf8')
        : part
            .replace(/=\n/g, '')
            .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    )
    .join('\n')
}

export async function open({ pixelUrl }: ReceivedMessage): Promise<void> {
  await request(pixelUrl, {})
}

/** Follows the redirect no further than its answer: where it leads is not ours. Returns that URL. */
export async function click({ clickUrls }: ReceivedMessage, index: number): Promise<string> {
  const answer = await request(clickUrls[index] ?? '', { redirect: 'manual' })
  return answer.headers.get('location') ?? ''
}

/** As a mail program's own button does it (RFC 8058). */
export async function unsubscribeByOneClick({ unsubscribeUrl }: ReceivedMessage): Promise<void> {
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  await request(unsubscribeUrl, { method: 'POST', body })
}

/** A security scanner: asks for every link before anyone reads. */
export async function scan({ clickUrls }: ReceivedMessage): Promise<void> {
  for (const url of clickUrls) await request(url, { method: 'HEAD', redirect: 'manual' })
}

async function request(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, { ...init, headers: MAIL_PROGRAM })
  await answer.arrayBuffer()
  if (answer.status >= 400) throw new Error(`${url} answered ${answer.status}`)
  return answer
}
