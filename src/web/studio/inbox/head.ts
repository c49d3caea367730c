/** What the list says of a message, from the first bytes of its file alone: a message may be 30 MB long. */

import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { addressParser } from 'postal-mime'
import type { HeaderField, Mailbox } from './api.js'
import { fieldOf, fieldsOf, type Header, readHeader } from './fields.js'

/** Most headers end within the first; none of ours is longer than the second. */
const FIRST_BYTES = 4 * 1024
const MAX_BYTES = 64 * 1024
const MAX_SUBJECT = 500
const MAX_ADDRESSES = 50
const NAMES: ReadonlySet<string> = new Set(['from', 'to', 'subject', 'x-pressrun-test'])

export interface Head {
  readonly from: Mailbox
  /** What To says, which is not always whom it is for. */
  readonly headerTo: readonly string[]
  readonly subject: string
  readonly isTest: boolean
  /** When the file was written, ms since 1970. */
  readonly arrivedAt: number
  readonly sizeBytes: number
}

/** A link might lead anywhere on this machine; an inbox writes none. Windows has no such flag. */
const NO_LINK = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)

/** Null when there is no such file. */
export async function readHead(file: string): Promise<Head | null> {
  const handle = await open(file, NO_LINK).catch(() => null)
  if (handle === null) return null
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) return null
    const first = await handle.read(Buffer.allocUnsafe(FIRST_BYTES), 0, FIRST_BYTES, 0)
    const header = readHeader(first.buffer.subarray(0, first.bytesRead), NAMES)
    const { fields } =
      header.bodyAt < first.bytesRead || stats.size <= FIRST_BYTES ? header : await readLong(handle)
    return { ...headOf(fields), arrivedAt: Math.round(stats.mtimeMs), sizeBytes: stats.size }
  } finally {
    await handle.close()
  }
}

async function readLong(handle: FileHandle): Promise<Header> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(MAX_BYTES), 0, MAX_BYTES, 0)
  return readHeader(buffer.subarray(0, bytesRead), NAMES)
}

function headOf(fields: readonly HeaderField[]): Pick<Head, 'from' | 'headerTo' | 'subject' | 'isTest'> {
  const header = { fields }
  const subject = fieldOf(header, 'subject').slice(0, MAX_SUBJECT)
  const [from = { name: '', address: '' }] = mailboxes(fieldOf(header, 'from'))
  return {
    from,
    headerTo: fieldsOf(header, 'to')
      .flatMap(mailboxes)
      .slice(0, MAX_ADDRESSES)
      .map(({ address }) => address),
    subject,
    isTest: /^\[Test\b/i.test(subject) || fieldOf(header, 'x-pressrun-test') !== '',
  }
}

function mailboxes(value: string): readonly Mailbox[] {
  return addressParser(value.slice(0, MAX_BYTES), { flatten: true }).map(({ name, address = '' }) => ({
    name,
    address,
  }))
}
