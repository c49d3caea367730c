/**
 * One local inbox as a list, the newest first. Numbers come from the names of the files, whom a message is for from the
 * ledger, the rest from heads that are read once: 20,000 messages are a list of names until someone searches them.
 */

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { InboxRow } from './api.js'
import { type Head, readHead } from './head.js'
import { openLedger } from './ledger.js'

const MESSAGE_FILE = /^(\d{6,12})\.eml$/
const PAGE_ROWS = 200
/** Files open at once. */
const AT_ONCE = 64

export interface InboxList {
  count(): Promise<number>
  page(wanted: { readonly before: number | null; readonly query: string }): Promise<{
    readonly rows: readonly InboxRow[]
    /** What to ask `before` for what is older; null at the end. */
    readonly before: number | null
  }>
  /** Null when there is no such message. */
  row(number: number): Promise<InboxRow | null>
  /** Absolute. */
  fileOf(number: number): string
}

export function openInboxList(folder: string): InboxList {
  const ledger = openLedger(folder)
  const heads = new Map<number, Head>()

  /** Ascending. */
  async function numbers(): Promise<readonly number[]> {
    // The ledger first: what it names lies there already, and a list that is older than it would miss that.
    if (await ledger.look()) heads.clear()
    const names = await readdir(folder).catch(() => [])
    return names
      .flatMap((name) => MESSAGE_FILE.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((one, other) => one - other)
  }

  async function readRow(number: number): Promise<InboxRow | null> {
    const head = heads.get(number) ?? (await readHead(fileOf(number)))
    if (head === null) return null
    heads.set(number, head)
    const { headerTo, ...row } = head
    const recipients = ledger.recipientsOf(number)
    return { ...row, number, to: recipients.length > 0 ? recipients : headerTo }
  }

  async function page({ before, query }: { readonly before: number | null; readonly query: string }) {
    const wanted = query.trim().toLowerCase()
    const older = (await numbers()).filter((number) => before === null || number < before).reverse()
    const rows: InboxRow[] = []
    const step = wanted === '' ? PAGE_ROWS : AT_ONCE
    for (let at = 0; at < older.length && rows.length < PAGE_ROWS; at += step) {
      const read = await readRows(older.slice(at, at + step))
      rows.push(...read.filter((row) => wanted === '' || isFound(row, wanted)))
    }
    const shown = rows.slice(0, PAGE_ROWS)
    const last = shown.at(-1)?.number
    const hasMore = rows.length >= PAGE_ROWS && last !== undefined && older.at(-1) !== last
    return { rows: shown, before: hasMore ? last : null }
  }

  async function readRows(wanted: readonly number[]): Promise<readonly InboxRow[]> {
    const rows: (InboxRow | null)[] = []
    for (let at = 0; at < wanted.length; at += AT_ONCE)
      rows.push(...(await Promise.all(wanted.slice(at, at + AT_ONCE).map(readRow))))
    return rows.filter((row) => row !== null)
  }

  function fileOf(number: number): string {
    return path.join(folder, `${String(number).padStart(6, '0')}.eml`)
  }

  return {
    count: async () => (await numbers()).length,
    page,
    async row(number) {
      if (await ledger.look()) heads.clear()
      return readRow(number)
    },
    fileOf,
  }
}

function isFound({ from, to, subject }: InboxRow, wanted: string): boolean {
  const words = [from.name, from.address, ...to, subject]
  return words.some((text) => text.toLowerCase().includes(wanted))
}
