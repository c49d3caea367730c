/**
 * The ledger of a local inbox: who each message was accepted for. It only grows, so each look reads what is new; one that is
 * another file, or shorter, is that of an inbox which began anew.
 */

import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'

export const LEDGER_FILE = 'ledger.jsonl'

export interface Ledger {
  /** Reads on. True when the inbox has begun anew since the last look. */
  look(): Promise<boolean>
  /** Empty for a message it does not name. */
  recipientsOf(number: number): readonly string[]
}

export function openLedger(folder: string): Ledger {
  let recipients = new Map<number, string[]>()
  let seen = { file: '', offset: 0 }
  let rest: Buffer = Buffer.alloc(0)
  let looking: Promise<boolean> | null = null

  async function readOn(): Promise<boolean> {
    const handle = await openOrNull(path.join(folder, LEDGER_FILE))
    if (handle === null) return startAnew('')
    try {
      const { ino, birthtimeMs, size } = await handle.stat()
      const file = `${ino} ${birthtimeMs}`
      const isNew = (file !== seen.file || size < seen.offset) && startAnew(file)
      const bytes = await readFrom(handle, seen.offset, size)
      seen = { file, offset: seen.offset + bytes.length }
      take(Buffer.concat([rest, bytes]))
      return isNew
    } finally {
      await handle.close()
    }
  }

  function startAnew(file: string): true {
    recipients = new Map()
    seen = { file, offset: 0 }
    rest = Buffer.alloc(0)
    return true
  }

  /** The last line may be half written. */
  function take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(0x0a) + 1
    rest = bytes.subarray(end)
    for (const line of bytes.toString('utf8', 0, end).split('\n')) {
      const entry = readLine(line)
      if (entry === null) continue
      const known = recipients.get(entry.number)
      if (known === undefined) recipients.set(entry.number, [entry.to])
      else known.push(entry.to)
    }
  }

  return {
    recipientsOf: (number) => recipients.get(number) ?? [],
    look() {
      looking ??= readOn().finally(() => {
        looking = null
      })
      return looking
    },
  }
}

async function openOrNull(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r')
  } catch {
    // Not there yet, or not for us: then the headers say whom a message is for.
    return null
  }
}

async function readFrom(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, to - from))
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
  return buffer.subarray(0, bytesRead)
}

function readLine(line: string): { readonly number: number; readonly to: string } | null {
  try {
    const { to, file } = JSON.parse(line)
    return typeof to === 'string' && typeof file === 'string'
      ? { number: Number.parseInt(file, 10), to }
      : null
  } catch {
    return null
  }
}
