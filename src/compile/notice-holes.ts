/** What differs from one Notice to the next, by the names of its holes. Apart, since whoever fills them compiles nothing. */

import type { NoticeBlanks } from './notice-words.js'

/** Where the button leads. */
export const URL_HOLE = 'url'

export const NOTICE_HOLES: Readonly<Record<Exclude<keyof NoticeBlanks, 'publication'>, string>> = {
  list: 'list',
  newAddress: 'new_address',
  oldAddress: 'old_address',
  title: 'title',
  excerpt: 'excerpt',
}
