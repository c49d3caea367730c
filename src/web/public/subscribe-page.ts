/** The page where people subscribe, and what it says when they have. */

import type { List } from '../../audience/list.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'
import type { Rhythm } from '../../report/rhythm.js'
import { type Html, html, type Page } from '../page.js'
import { SUBSCRIBE_WORDS } from '../words/subscribe.js'

/** What a form carries that nobody types; its stamp is for these. */
export interface FormOrigin {
  readonly from: 'page' | 'form'
  /** Where the form stands, if elsewhere: an origin. */
  readonly page: string
}

export interface SubscribeView {
  readonly list: List
  readonly lang: ReaderLanguage
  readonly rhythm: Rhythm | null
  readonly stamp: string
  readonly origin: FormOrigin
  readonly typed: { readonly address: string; readonly name: string }
  /** `missing`: the address; `onceMore`: it came from another site. */
  readonly why: 'opened' | 'onceMore' | 'missing'
}

/**
 * What a browser holds an address to before it is sent; by `type=email` alone it takes `a@b`. Once sent, the answer is the same
 * whatever was typed.
 */
export const ADDRESS_PATTERN = String.raw`.+@.+\..+`

/** A machine fills in whatever is there; browsers know of no such field, and fill in nothing. */
export const TRAP = 'message'

type Parts = Omit<Page, 'face'>

export function subscribePage(view: SubscribeView): Parts {
  const { list, lang, rhythm, why } = view
  const words = SUBSCRIBE_WORDS[lang]
  const often = rhythm === null ? null : html`<p class="facts">${words.rhythm[rhythm]}</p>\n`
  const topics =
    list.topics.length === 0
      ? null
      : html`<p class="facts">${words.topics} ${list.topics.map(({ title }) => title).join(', ')}.</p>\n`
  const about = list.description === '' ? null : html`<p class="lead">${list.description}</p>\n`
  const onceMore = why === 'onceMore' ? html`<p class="notice" role="status">${words.onceMore}</p>\n` : null
  return {
    lang,
    heading: words.heading(list.title),
    body: html`${about}${often}${topics}${onceMore}${form(view)}
<p class="facts">${words.privacy}</p>`,
    languages: 'offered',
  }
}

/** It posts to its own address, in the language it is read in. */
function form({ lang, stamp, origin, typed, why }: SubscribeView): Html {
  const words = SUBSCRIBE_WORDS[lang]
  const problem = why === 'missing' ? html`<span class="error" id="why">${words.addressMissing}</span>` : null
  const marks = why === 'missing' ? { html: ' aria-invalid="true" aria-describedby="why" autofocus' } : null
  return html`<form method="post" accept-charset="utf-8">
<p class="field"><label for="address">${words.address}</label>
<input type="email" id="address" name="address" value="${typed.address}" required maxlength="254" pattern="${ADDRESS_PATTERN}" title="${words.addressLike}" autocomplete="email" inputmode="email" spellcheck="false" autocapitalize="none"${marks}>${problem}</p>
<p class="field"><label for="name">${words.name} <span class="facts">(${words.optional})</span></label>
<input id="name" name="name" value="${typed.name}" maxlength="100" autocomplete="name"></p>
<div class="away" aria-hidden="true"><label for="${TRAP}">${words.leaveEmpty}</label>
<input id="${TRAP}" name="${TRAP}" value="" tabindex="-1" autocomplete="off"></div>
<input type="hidden" name="stamp" value="${stamp}">
<input type="hidden" name="from" value="${origin.from}">
<input type="hidden" name="page" value="${origin.page}">
<input type="hidden" name="lang" value="${lang}">
<button>${words.button}</button>
</form>`
}

/** The same whoever was written down, and if nobody was. */
export function sentPage(lang: ReaderLanguage): Parts {
  const words = SUBSCRIBE_WORDS[lang]
  return {
    lang,
    heading: words.sent,
    body: html`<p class="lead">${words.sentWhat}</p>
<p>${words.sentHint} <a href="?lang=${lang}">${words.again}</a></p>`,
  }
}

export function snippetPage({
  list,
  lang,
  snippet,
}: {
  readonly list: List
  readonly lang: ReaderLanguage
  readonly snippet: string
}): Parts {
  const words = SUBSCRIBE_WORDS[lang]
  return {
    lang,
    heading: words.form(list.title),
    body: html`<p class="lead">${words.formWhat}</p>
<pre tabindex="0"><code>${snippet}</code></pre>`,
    languages: 'offered',
  }
}
