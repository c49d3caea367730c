/** The local inboxes of a root as one thing to ask: lists, messages, and the pictures that messages show. */

import { openRecent } from '../../recent.js'
import type { InboxFolder, StudioContext } from '../context.js'
import type { InboxMessage, InboxPage, InboxRow } from './api.js'
import { fieldOf, fieldsOf, type Header } from './fields.js'
import { type InboxList, openInboxList } from './list.js'
import { readLinks } from './mail-links.js'
import { readMessage } from './message.js'
import type { Message } from './parse.js'
import { openIssuePictures } from './pictures.js'
import { explainUnsubscribe } from './unsubscribe.js'

/** Read whole and kept for the questions that follow on one; each may be 30 MB. */
const KEPT_MESSAGES = 3
const KEPT_PICTURES = 20

interface Place {
  readonly given: InboxFolder
  readonly list: InboxList
}

export interface Found {
  readonly row: InboxRow
  readonly message: Message
  /** Absolute. */
  readonly file: string
}

export interface Inboxes {
  page(wanted: {
    readonly folder: string | null
    readonly before: number | null
    readonly query: string
  }): Promise<InboxPage>
  /** These are null when there is no such message. */
  find(folder: string, number: number): Promise<Found | null>
  view(folder: string, number: number): Promise<InboxMessage | null>
  /** By `SHA256.EXT`: of the issues as they are, or of a Send. Null when nobody here has it. */
  picture(folder: string, file: string): Promise<Uint8Array<ArrayBuffer> | null>
}

export function openInboxes({
  inboxFolders,
  root,
  log,
}: Pick<StudioContext, 'inboxFolders' | 'root' | 'log'>): Inboxes {
  const places = new Map(
    inboxFolders.map((given): [string, Place] => [given.name, { given, list: openInboxList(given.folder) }]),
  )
  const ofIssues = openIssuePictures(root)
  const messages = openRecent(KEPT_MESSAGES, (key) => {
    const [sizeBytes = '', , ...file] = key.split(' ')
    return readMessage(file.join(' '), Number(sizeBytes))
  })
  const pictures = openRecent(KEPT_PICTURES, findPicture)

  const page: Inboxes['page'] = async ({ folder, before, query }) => {
    const counted = await Promise.all(
      [...places].map(async ([name, { list }]) => ({ name, count: await list.count() })),
    )
    const folders = counted.filter(({ name, count }) => count > 0 || name === folder)
    const shown = folders.find(({ name }) => name === folder) ?? folders[0]
    const place = shown && places.get(shown.name)
    if (shown === undefined || place === undefined) return { folders, folder: null, rows: [], before: null }
    return { folders, folder: shown.name, ...(await place.list.page({ before, query })) }
  }

  const find: Inboxes['find'] = async (folder, number) => {
    const list = places.get(folder)?.list
    const row = (await list?.row(number)) ?? null
    if (list === undefined || row === null) return null
    const file = list.fileOf(number)
    try {
      // Size and time of the file are in its key: an inbox that begins anew gives the same number to another message.
      return { row, file, message: await messages(`${row.sizeBytes} ${row.arrivedAt} ${file}`) }
    } catch (error) {
      if (isAbsence(error)) return null
      throw error
    }
  }

  const view: Inboxes['view'] = async (folder, number) => {
    const found = await find(folder, number)
    const place = places.get(folder)
    if (found === null || place === undefined) return null
    const { row, message } = found
    const { header, html, text, parts, notes } = message
    const sendId = sendOf(header)
    const links = sendId === null ? null : await known(place.given.readLinks(sendId))
    return {
      ...row,
      folder,
      fields: header.fields,
      hasHtml: html !== null,
      text,
      links: readLinks({ html, text, links }),
      parts: parts.map((part) => part.view),
      messageId: fieldOf(header, 'message-id') || null,
      unsubscribe: explainUnsubscribe(header),
      signatures: fieldsOf(header, 'dkim-signature').map((value) => ({
        domain: tagOf(value, 'd'),
        selector: tagOf(value, 's'),
      })),
      notes,
    }
  }

  /** A store that does not answer keeps nobody from reading a message: then this is not known. */
  async function known<T>(asked: Promise<T | null> | undefined): Promise<T | null> {
    try {
      return (await asked) ?? null
    } catch (error) {
      log.warn({ err: error }, 'the store beside an inbox does not answer')
      return null
    }
  }

  async function findPicture(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const [folder = '', sha256 = ''] = key.split(' ')
    const ofIssue = await ofIssues.find(sha256)
    if (ofIssue !== null) return ofIssue
    const ofSend = await known(places.get(folder)?.given.readImage(sha256))
    return ofSend === null ? null : new Uint8Array(ofSend)
  }

  return {
    page,
    find,
    view,
    picture: (folder, file) => pictures(`${folder} ${file.split('.')[0]}`),
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** Feedback-ID names it; a notice or a test is of none. */
function sendOf(header: Header): number | null {
  const id = Number(/^send-([1-9]\d{0,9}):/.exec(fieldOf(header, 'feedback-id'))?.[1] ?? 0)
  return id > 0 && fieldOf(header, 'x-pressrun-test') === '' ? id : null
}

function tagOf(signature: string, name: string): string {
  return new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*([^;\\s]{1,253})`).exec(signature)?.[1] ?? ''
}
