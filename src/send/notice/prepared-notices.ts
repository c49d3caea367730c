/** Notices as they were encoded for a kind, a language and a publication: compiled once, then kept in memory. */

import type { CompiledNotice, NoticeFace, NoticeInput } from '../../compile/notice.js'
import type { NoticeKind } from '../../db/schema.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'
import { type PreparedNotice, prepareNotice } from './message.js'

/** Seven kinds in four languages, of one publication; about 30 KB each. */
const MAX_KEPT = 28

export interface PreparedNotices {
  get(kind: NoticeKind, lang: ReaderLanguage): Promise<PreparedNotice>
}

export interface PreparedNoticesContext {
  /** As it is now; a change of it compiles anew. */
  readonly face: () => Promise<NoticeFace>
  readonly compile: (wanted: Omit<NoticeInput, 'root'>) => Promise<CompiledNotice>
}

export function keepPreparedNotices({ face, compile }: PreparedNoticesContext): PreparedNotices {
  const kept = new Map<string, Promise<PreparedNotice>>()
  return {
    async get(kind, lang) {
      const { name, postalAddress, brand } = await face()
      const wanted = { kind, lang, face: { name, postalAddress, brand } }
      const key = JSON.stringify(wanted)
      const known = kept.get(key)
      if (known !== undefined) return known
      const prepared = compile(wanted).then(prepareNotice)
      kept.set(key, prepared)
      // A failure is the asker's to see, and nobody's to keep.
      prepared.catch(() => kept.delete(key))
      const [oldest] = kept.keys()
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
      return prepared
    },
  }
}
