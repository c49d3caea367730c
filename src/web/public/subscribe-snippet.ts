/** The form to put on other sites: plain HTML without script, cookie or picture. What is typed is shown here once more. */

import type { ReaderLanguage } from '../../issue/reader-language.js'
import { html } from '../page.js'
import { SUBSCRIBE_WORDS } from '../words/subscribe.js'
import { ADDRESS_PATTERN } from './subscribe-page.js'

export interface Snippet {
  readonly list: { readonly name: string; readonly title: string }
  readonly publicUrl: string
  readonly lang: ReaderLanguage
}

export function writeSnippet({ list, publicUrl, lang }: Snippet): string {
  const words = SUBSCRIBE_WORDS[lang]
  const action = `${publicUrl}/subscribe/${encodeURIComponent(list.name)}`
  return html`<form action="${action}" method="post" accept-charset="utf-8">
  <p>
    <label>${words.address}<br>
    <input type="email" name="address" required maxlength="254" pattern="${ADDRESS_PATTERN}" title="${words.addressLike}" autocomplete="email"></label>
    <input type="hidden" name="from" value="form">
    <input type="hidden" name="lang" value="${lang}">
    <button>${words.heading(list.title)}</button>
  </p>
</form>
`.html
}
