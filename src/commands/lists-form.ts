/** `pressrun lists form NAME`: the form to put on other sites, where people can subscribe to a List. */

import { findList } from '../audience/list.js'
import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'
import { readerLanguage } from '../issue/reader-language.js'
import { writeSnippet } from '../web/public/subscribe-snippet.js'

export interface FormRequest {
  readonly name: string
  /** BCP 47 tag; English where it is none of ours. */
  readonly lang: string
  readonly publicUrl: string
}

/** Throws InputError when there is no such List, or nobody may subscribe to it by themselves. */
export async function writeListForm(
  { name, lang, publicUrl }: FormRequest,
  { query }: { readonly query: Query },
): Promise<string> {
  const list = await findList(query, name)
  if (!list.isPublic || !list.isOpen)
    throw new InputError(
      `nobody can subscribe to ${list.name} by themselves; pressrun lists edit ${list.name} --public --open lets them`,
    )
  return writeSnippet({ list, publicUrl, lang: readerLanguage(lang) })
}
