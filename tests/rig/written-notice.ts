/** A Notice of any kind in any language as a person gets it, without a database. */

import path from 'node:path'
import PostalMime from 'postal-mime'
import { compileNotice, type NoticeFace } from '../../src/compile/notice.js'
import type { NoticeKind } from '../../src/db/schema.js'
import { PLAIN_BRAND } from '../../src/issue/brand-file.js'
import type { ReaderLanguage } from '../../src/issue/reader-language.js'
import { makeKeys } from '../../src/link/token.js'
import { type NoticeToWrite, prepareNotice, writeNotice } from '../../src/send/notice/message.js'

const root = path.join(import.meta.dirname, '../..')
export const keys = makeKeys(['a secret for tests that is more than 32 characters'])
export const sender = {
  from: { name: 'The Harbour Brief', address: 'brief@harbour.example.com' },
  replyTo: { name: '', address: 'editors@harbour.example.com' },
  publicUrl: 'https://brief.harbour.example.com/letters',
}
export const face: NoticeFace = {
  name: 'The Harbour Brief',
  postalAddress: ['14 Old Customs House Lane', 'Port Marrow MR1 4QY'],
  brand: PLAIN_BRAND,
}
export const KINDS: readonly NoticeKind[] = [
  'confirm',
  'known',
  'moveFrom',
  'moveTo',
  'export',
  'erase',
  'comment',
]
const notice = (kind: NoticeKind, more: Partial<NoticeToWrite> = {}): NoticeToWrite => ({
  id: 7,
  kind,
  address: 'alice@example.org',
  list: 'Tides & Quays',
  createdAt: Date.UTC(2026, 10, 26, 6, 20),
  detail: {
    newAddress: 'alice@new.example.org',
    oldAddressMasked: 'a…@example.org',
    title: 'Shore power before berths',
    excerpt: 'Nobody asked the pilots.',
  },
  ...more,
})

export async function writeTestNotice(
  kind: NoticeKind,
  lang: ReaderLanguage,
  more: Partial<NoticeToWrite> = {},
) {
  const { notice: compiled, problems } = await compileNotice({ root, kind, lang, face })
  const message = writeNotice(prepareNotice(compiled), notice(kind, more), { sender, keys })
  const raw = Buffer.from(message.bytes)
  return { problems, message, raw, mail: await PostalMime.parse(raw) }
}

export type WrittenNotice = Awaited<ReturnType<typeof writeTestNotice>>
