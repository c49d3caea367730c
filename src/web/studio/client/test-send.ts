/** The test send: a dialog that says where it goes and to whom it may, sends it, and tells what became of each message. */

import type { TestAnswer, TestLine, TestView, TestWish } from '../api.js'
import { ask, Refused } from './ask.js'
import { fill, make } from './dom.js'
import { isUnseen } from './draft.js'
import { NOBODY, type Reader } from './state.js'
import type { StudioPage } from './studio-page.js'

/** Whom the last one went to, in this browser. */
const REMEMBERED = 'pressrun.test-to'

export function openTestSend(page: StudioPage): HTMLElement {
  const to = make('input', {
    id: 'test-to',
    name: 'to',
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'you@example.org, colleague@example.org',
    'aria-describedby': 'test-where',
    oninput: showButton,
  })
  const reader = make('select', { id: 'test-reader', onchange: () => void look() })
  const where = make('p', { id: 'test-where', class: 'where' })
  const what = make('p', { class: 'what' })
  const button = make('button', { class: 'primary', type: 'submit' })
  const answer = make('div', { class: 'answer', role: 'status' })
  const dialog = make(
    'dialog',
    { class: 'test-send', 'aria-labelledby': 'test-heading' },
    make(
      'form',
      { onsubmit: send },
      make('h2', { id: 'test-heading' }, 'Test send'),
      where,
      make('label', { for: 'test-to' }, 'Addresses'),
      to,
      make('label', { for: 'test-reader' }, 'Written for'),
      reader,
      what,
      make(
        'div',
        { class: 'acts' },
        button,
        make('button', { type: 'button', onclick: () => dialog.close() }, 'Close'),
      ),
    ),
    answer,
  )
  let isSending = false
  /** What is asked last counts; an answer that comes after it doesn't. */
  let asked = 0

  function open(): void {
    if (page.store.get().place.kind !== 'issue' || dialog.open) return
    if (isUnseen(page.draft.get())) {
      page.say('There is nothing yet that could be sent.')
      return
    }
    to.value = localStorage.getItem(REMEMBERED) ?? ''
    fill(reader, ...readers().map(({ label }, index) => make('option', { value: index }, label)))
    fill(answer)
    showButton()
    dialog.showModal()
    to.focus()
    void look()
  }

  /** What the server knows of it: where it goes, and how many messages it comes to. */
  async function look(): Promise<void> {
    const mine = ++asked
    const isMine = () => mine === asked
    const view = await quietly(isMine, () =>
      ask<TestView>(`${path()}?values=${encodeURIComponent(JSON.stringify(chosen().values))}`),
    )
    if (view === null || !isMine()) return
    fill(where, describeWay(view))
    fill(what, describeVariants(view.variants), describeErrors())
  }

  function describeErrors(): string {
    const errors = (page.draft.get()?.findings ?? []).filter(
      ({ severity, waived }) => severity === 'error' && waived === null,
    ).length
    if (errors === 0) return ''
    return ` ${count(errors, 'error')} would stop a send; a test goes out with ${errors === 1 ? 'it' : 'them'}.`
  }

  async function send(event: Event): Promise<void> {
    event.preventDefault()
    if (isSending || addressesIn(to.value).length === 0) return
    isSending = true
    showButton()
    fill(answer)
    const wish: TestWish = { to: to.value, values: chosen().values }
    const at = path()
    // Whoever has gone on to another issue meanwhile is told, and not below that one's form.
    const isThere = () => path() === at
    const sent = await quietly(isThere, () => ask<TestAnswer>(at, wish))
    isSending = false
    showButton()
    if (sent === null) return
    localStorage.setItem(REMEMBERED, wish.to)
    if (isThere()) fill(answer, make('h3', {}, summaryOf(sent)), listOf(sent))
    page.say(summaryOf(sent))
  }

  /** Null: it was refused, and why stands below the form, unless somebody else's answer is awaited there by now. */
  async function quietly<T>(isAwaited: () => boolean, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      const said = error instanceof Refused ? error.problems : [{ message: 'the studio does not answer' }]
      if (isAwaited()) fill(answer, ...said.map(({ message }) => make('p', { class: 'refused' }, message)))
      return null
    }
  }

  function showButton(): void {
    const { length } = addressesIn(to.value)
    button.disabled = isSending || length === 0
    fill(
      button,
      isSending ? 'Sending …' : `Send test to ${length === 1 ? '1 address' : `${length} addresses`}`,
    )
  }

  function path(): string {
    const { place } = page.store.get()
    return `/api/drafts/${encodeURIComponent(place.kind === 'issue' ? place.slug : '')}/test`
  }

  function readers(): readonly Reader[] {
    return page.store.get().readers
  }

  function chosen(): Reader {
    return readers()[Number(reader.value)] ?? NOBODY
  }

  dialog.addEventListener('click', (event) => {
    // The place of a message: the dialog would lie on it.
    if (event.target instanceof Element && event.target.closest('a') !== null) dialog.close()
  })
  page.key('t', 'Send a test', open)
  return dialog
}

function describeWay({ through, allowed }: TestView): string {
  if (allowed === null)
    return 'It goes into the inbox of this machine, whoever it is addressed to, and reaches nobody.'
  const way = `It goes through ${through.join(', ')}.`
  return allowed.length === 0
    ? `${way} TEST_TO names who may have one, and is empty: set TEST_TO=you@example.org and start the studio again.`
    : `${way} TEST_TO allows ${allowed.join(', ')}.`
}

function describeVariants(variants: TestView['variants']): string {
  const named = variants.filter((one) => one !== null)
  if (named.length === 0) return 'One message an address.'
  return `${count(named.length, 'message')} an address, one for each way in which its passages turn out: ${named.join('; ')}.`
}

function summaryOf({ messages }: TestAnswer): string {
  const accepted = messages.filter(({ state }) => state === 'accepted').length
  const all = count(messages.length, 'message')
  return accepted === messages.length ? `${all} accepted` : `${accepted} of ${all} accepted`
}

function listOf({ messages }: TestAnswer): HTMLElement {
  return make('ul', {}, ...messages.map(lineOf))
}

function lineOf({ to, variant, state, text, file }: TestLine): HTMLElement {
  const number = /(\d+)\.eml$/.exec(file ?? '')?.[1]
  return make(
    'li',
    { 'data-state': state },
    make('span', { class: 'to' }, to),
    make('span', { class: 'variant' }, variant ?? ''),
    make('span', { class: 'state' }, WORDS[state]),
    number === undefined
      ? make('span', { class: 'reply' }, text)
      : make('a', { href: `/inbox/inbox/${Number(number)}` }, 'open it'),
  )
}

const WORDS: Readonly<Record<TestLine['state'], string>> = {
  accepted: 'accepted',
  refused: 'refused',
  uncertain: 'uncertain: no reply came',
  unsent: 'not sent',
}

function addressesIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((one) => one !== '')
}

function count(amount: number, what: string): string {
  return `${amount.toLocaleString('en')} ${what}${amount === 1 ? '' : 's'}`
}
