/** The page of preferences, written. It names nobody in full: whoever an issue was forwarded to may see it. */

import { READER_LANGUAGES, type ReaderLanguage } from '../../issue/reader-language.js'
import type { Tracking } from '../../issue/tracking.js'
import { maskAddress } from '../../track/mask.js'
import { PAUSES, UNTIL_RESUMED } from '../../track/pause.js'
import type { ListChoice, PersonPreferences } from '../../track/preferences.js'
import { sayAddress } from '../address.js'
import { type Html, html } from '../page.js'
import { PREFERENCES_WORDS, type PreferencesWords } from '../words/preferences.js'
import { SHELL_WORDS } from '../words/shell.js'
import { shownOf } from './preferences-form.js'

export interface PreferencesView {
  readonly preferences: PersonPreferences
  readonly lang: ReaderLanguage
  /** IANA name of the zone dates are said in. */
  readonly timeZone: string
  /** What is kept of those who do not mind. */
  readonly tracking: Pick<Tracking, 'opens' | 'clicks'>
  readonly now: number
  /** What was done. */
  readonly done: readonly (string | Html)[]
  /** What is wrong, whole. */
  readonly problem: string | null
  /** What was typed as the new address; wrong, where there is an answer to it. */
  readonly address: { readonly typed: string; readonly problem: string | null }
}

export function preferencesBody(view: PreferencesView): Html {
  const { preferences, lang, done, problem } = view
  const words = PREFERENCES_WORDS[lang]
  const masked = maskAddress(preferences.address)
  const isOn = preferences.lists.some(({ standing }) => standing === 'active' || standing === 'pending')
  return html`<p class="lead">${sayAddress(words.who, masked)}</p>
${done.length === 0 ? null : html`<div class="notice" role="status">${done.map((said) => html`<p>${said}</p>`)}</div>\n`}${
  problem === null ? null : html`<p class="error" role="alert">${problem}</p>\n`
}${listsForm(preferences, words)}
${pauseForm(view, words)}${trackingForm(view, words)}${isOn ? leaveAllForm(words) : null}${moveForm(view, words, masked)}
${dataForm(words, masked)}`
}

function listsForm(preferences: PersonPreferences, words: PreferencesWords): Html {
  const { lists, lang } = preferences
  const choices =
    lists.length === 0
      ? html`<p>${words.noLists}</p>`
      : html`<p class="hint">${words.listsHint}</p>\n${lists.map((list) => listChoice(list, words))}`
  const tongues = READER_LANGUAGES.map(
    (one) =>
      html`<option value="${one}" lang="${one}"${flag('selected', one === lang)}>${SHELL_WORDS[one].name}</option>\n`,
  )
  return html`<form method="post">
<input type="hidden" name="shown" value="${JSON.stringify(shownOf(preferences))}">
<fieldset><legend>${words.lists}</legend>
${choices}</fieldset>
${lists.filter(hasWishes).map((list) => wishes(list, words))}<p class="field"><label for="lang">${words.language}</label>
<select id="lang" name="lang"><option value=""${flag('selected', lang === null)}>${words.asBrowser}</option>
${tongues}</select></p>
<button name="act" value="save">${words.save}</button>
</form>`
}

function listChoice(list: ListChoice, words: PreferencesWords): Html {
  const { id, title, description, standing } = list
  const hints = [description, hintOf(standing, words)].filter((hint) => hint !== '')
  return choice({ name: 'list', value: String(id), isTicked: standing === 'active', label: title, hints })
}

function hintOf(standing: ListChoice['standing'], words: PreferencesWords): string {
  switch (standing) {
    case 'active':
      return ''
    case 'left':
      return words.leftHint
    case 'pending':
      return words.pendingHint
    case 'open':
      return words.joinHint
  }
}

function hasWishes({ standing, topics, hasMonthly }: ListChoice): boolean {
  return standing === 'active' && (topics.length > 0 || hasMonthly)
}

/** Below all Lists, so that what belongs to one does not stand between the others. */
function wishes(
  { id, title, topics, wanted, hasMonthly, monthly }: ListChoice,
  words: PreferencesWords,
): Html {
  const choices = topics.map((topic) =>
    choice({
      name: `topics.${id}`,
      value: topic.name,
      isTicked: wanted.includes(topic.name),
      label: topic.title,
    }),
  )
  const hint = topics.length === 0 ? null : html`<p class="hint">${words.topicsHint}</p>\n`
  const seldom = hasMonthly
    ? choice({ name: `monthly.${id}`, value: '1', isTicked: monthly, label: words.monthly })
    : null
  return html`<fieldset><legend>${words.wishes(title)}</legend>
${hint}${choices}${seldom}</fieldset>\n`
}

interface Choice {
  readonly name: string
  readonly value: string
  readonly isTicked: boolean
  readonly label: string
  readonly hints?: readonly string[]
}

function choice({ name, value, isTicked, label, hints = [] }: Choice): Html {
  const below = hints.map((hint) => html`<span class="hint">${hint}</span>`)
  return html`<label class="choice"><input type="checkbox" name="${name}" value="${value}"${flag('checked', isTicked)}><span>${label}${below}</span></label>\n`
}

function pauseForm(view: PreferencesView, words: PreferencesWords): Html | null {
  const on = view.preferences.lists.filter(({ standing }) => standing === 'active')
  if (on.length === 0) return null
  const paused = on.filter(({ pausedUntil }) => (pausedUntil ?? 0) > view.now)
  const resume = html`<button class="quiet" name="act" value="resume">${words.resume}</button>`
  const options = PAUSES.map((pause) => html`<option value="${pause}">${words.pauses[pause]}</option>`)
  const begin = html`<p class="field"><label for="pause">${words.pauseFor}</label>
<select id="pause" name="pause">${options}</select></p>
<button class="quiet" name="act" value="pause">${words.pauseButton}</button>`
  const buttons = [...(paused.length < on.length ? [begin] : []), ...(paused.length > 0 ? [resume] : [])]
  return html`<form method="post">
<fieldset><legend>${words.pause}</legend>
<p class="hint">${words.pauseHint}</p>
${sayPaused(on, paused, { view, words })}<div class="actions">${buttons}</div>
</fieldset>
</form>
`
}

/** Most often all of them, and to the same day; else each by its name. */
function sayPaused(
  on: readonly ListChoice[],
  paused: readonly ListChoice[],
  { view, words }: { readonly view: PreferencesView; readonly words: PreferencesWords },
): readonly Html[] {
  const ends = new Set(paused.map(({ pausedUntil }) => pausedUntil))
  const isOne = paused.length === on.length && ends.size === 1
  return (isOne ? paused.slice(0, 1) : paused).map(({ title, pausedUntil }) => {
    const until = sayPause(pausedUntil ?? 0, { ...view, words })
    return html`<p>${isOne ? until : `${title}: ${until}`}</p>\n`
  })
}

export function sayPause(
  until: number,
  {
    lang,
    timeZone,
    words,
  }: Pick<PreferencesView, 'lang' | 'timeZone'> & { readonly words: PreferencesWords },
): string {
  if (until >= UNTIL_RESUMED) return words.pausedOpen
  return words.pausedUntil(
    new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { dateStyle: 'long', timeZone }).format(until),
  )
}

/** Nothing to choose where nobody is tracked. */
function trackingForm(
  { preferences: { isUntracked }, tracking: { opens, clicks } }: PreferencesView,
  words: PreferencesWords,
): Html | null {
  if (!opens && !clicks) return null
  const what = opens && clicks ? 'both' : opens ? 'opens' : 'clicks'
  const [hint, act, button] = isUntracked
    ? [words.untrackedHint, 'track', words.trackButton]
    : [words.trackingHint[what], 'untrack', words.untrackButton]
  return html`<form method="post">
<fieldset><legend>${words.tracking}</legend>
<p class="hint">${hint}</p>
<button class="quiet" name="act" value="${act}">${button}</button>
</fieldset>
</form>
`
}

function leaveAllForm(words: PreferencesWords): Html {
  return html`<form method="post">
<fieldset><legend>${words.everything}</legend>
<p class="hint">${words.everythingHint}</p>
<button class="quiet" name="act" value="leaveAll">${words.everythingButton}</button>
</fieldset>
</form>
`
}

function moveForm(
  { address: { typed, problem } }: PreferencesView,
  words: PreferencesWords,
  masked: string,
): Html {
  const error =
    problem === null ? null : html`\n<span class="error" id="address-problem" role="alert">${problem}</span>`
  const isWrong =
    problem === null ? null : { html: ' aria-invalid="true" aria-describedby="address-problem" autofocus' }
  return html`<form method="post" novalidate>
<fieldset><legend>${words.address}</legend>
<p class="hint">${sayAddress(words.addressHint, masked)}</p>
<p class="field"><label for="address">${words.newAddress}</label>
<input id="address" name="address" type="email" autocomplete="email" maxlength="254" value="${typed}"${isWrong}>${error}</p>
<button class="quiet" name="act" value="move">${words.addressButton}</button>
</fieldset>
</form>`
}

function dataForm(words: PreferencesWords, masked: string): Html {
  return html`<form method="post">
<fieldset><legend>${words.data}</legend>
<p class="hint">${sayAddress(words.dataHint, masked)}</p>
<p class="actions"><button class="quiet" name="act" value="export">${words.exportButton}</button>
<button class="danger" name="act" value="erase">${words.eraseButton}</button></p>
</fieldset>
</form>`
}

function flag(name: 'checked' | 'selected', isSet: boolean): Html | null {
  return isSet ? { html: ` ${name}` } : null
}
