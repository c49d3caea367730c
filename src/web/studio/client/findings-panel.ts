/** What the checks say of the picture, by severity: the list of `pressrun check`, each leading to its place and its line. */

import type { DraftView, Finding } from '../api.js'
import { fill, make } from './dom.js'
import { countWords, type Group, groupFindings } from './found.js'
import { openPlace, placeLink } from './places.js'
import type { Reveal } from './reveal.js'
import type { StudioPage } from './studio-page.js'

export interface FindingsPanel {
  readonly element: HTMLElement
  /** Brings one that is listed to the reader. */
  focus(finding: Finding): void
}

export function openFindings({ draft, say, key }: StudioPage, reveal: Reveal): FindingsPanel {
  const heading = make('h2', { id: 'findings' }, 'Findings')
  const state = make('p', { class: 'state' })
  const groups = make('div')
  const element = make(
    'section',
    { class: 'findings', 'aria-labelledby': 'findings' },
    heading,
    state,
    groups,
  )
  let buttons = new Map<HTMLElement, Finding>()
  let told = ''
  let said = ''

  function show(shown: DraftView | null): void {
    state.textContent = shown === null ? '' : stateOf(shown)
    element.setAttribute('aria-busy', String(isChecking(shown)))
    element.classList.toggle('old', isChecking(shown))
    // While it is being checked what was found before stays, rather than jump away.
    if (isChecking(shown)) return
    list(shown)
    tell(shown)
  }

  /** A list that is the same stays, and with it who is at which finding. */
  function list(shown: DraftView | null): void {
    const text = JSON.stringify([shown?.slug, shown?.findings])
    if (text === told) return
    told = text
    const at = [...buttons.keys()].findIndex(isFocused)
    buttons = new Map()
    fill(groups, ...groupFindings(shown?.findings ?? []).map((group) => showGroup(group, shown)))
    if (at !== -1) [...buttons.keys()].at(Math.min(at, buttons.size - 1))?.focus()
  }

  /** Told when the number changes, not with each word that is written. */
  function tell(shown: DraftView | null): void {
    const words =
      shown === null || shown.findings === null ? '' : countWords(shown.findings) || 'nothing to mend'
    if (words !== '' && said !== '' && words !== said) say(`Checked: ${words}.`)
    said = words
  }

  function showGroup({ kind, title, findings }: Group, shown: DraftView | null): HTMLElement {
    const items = make('ol', {}, ...findings.map((finding) => showOne(finding, shown)))
    if (kind !== 'waived') return make('div', { class: kind }, make('h3', {}, title), items)
    return make('details', { class: kind }, make('summary', {}, title), items)
  }

  function showOne(finding: Finding, shown: DraftView | null): HTMLElement {
    const { id, message, hint, file, line, waived } = finding
    const isOwn = file === shown?.file
    const button = make('button', { onclick: () => lead(finding) }, message)
    buttons.set(button, finding)
    return make(
      'li',
      {},
      button,
      waived === null ? null : make('p', {}, `You let it pass: ${waived}`),
      hint === '' || waived !== null ? null : make('p', {}, hint),
      make(
        'p',
        { class: 'where' },
        make('abbr', { title: `Check ${id}` }, id),
        placeLink(file, line, { isOwn }),
      ),
    )
  }

  function lead({ file, line }: Finding): void {
    if (file !== draft.get()?.file) say(`It stands in ${file}, not in this issue.`)
    else {
      reveal(line)
      element.dispatchEvent(new Event('reveal', { bubbles: true }))
    }
  }

  function focus(finding: Finding): void {
    const [button] = [...buttons].find(([, one]) => sameAs(one, finding)) ?? []
    button?.closest('details')?.setAttribute('open', '')
    button?.focus()
  }

  /** Round and round; the first step goes to the first, or the last. */
  function step(by: 1 | -1): void {
    const all = [...buttons.keys()].filter((one) => one.checkVisibility())
    const at = all.findIndex(isFocused)
    const next = all.at(at === -1 ? (by === 1 ? 0 : -1) : (at + by) % all.length)
    if (next === undefined) say('Nothing is found.')
    next?.focus()
    next?.click()
  }

  function openAtHand(): void {
    const finding = [...buttons].find(([button]) => isFocused(button))?.[1]
    if (finding === undefined) say('Go to a finding first, with j or k.')
    else void openPlace(finding.file, finding.line)
  }

  key('j', 'Next finding', () => step(1))
  key('k', 'Finding before', () => step(-1))
  key('e', 'Open the finding’s line in the editor', openAtHand)
  draft.on(show)
  show(draft.get())
  return { element, focus }
}

function isFocused(element: HTMLElement): boolean {
  return element === document.activeElement
}

function sameAs(one: Finding, other: Finding): boolean {
  return (
    one.id === other.id && one.file === other.file && one.line === other.line && one.message === other.message
  )
}

function isChecking(shown: DraftView | null): boolean {
  return shown !== null && shown.findings === null && shown.problems.length === 0
}

function stateOf({ findings, problems, version }: DraftView): string {
  if (problems.length > 0)
    return version === 0 ? 'Checked once it can be shown.' : 'Of the last picture that was whole.'
  if (findings === null) return 'Checking…'
  if (findings.length === 0) return 'Nothing found: it is fit to send.'
  return findings.some(isBlocking) ? 'To be mended before it is sent.' : 'It is fit to send.'
}

function isBlocking({ severity, waived }: Finding): boolean {
  return severity === 'error' && waived === null
}
