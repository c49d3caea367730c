/** Tabs over one panel; what a tab shows is made when it is opened first (ARIA practices, tabs with automatic activation). */

import { fill, make } from './dom.js'

export interface Tab {
  readonly name: string
  readonly label: string
  readonly count?: number
  /** There is nothing to show. */
  readonly isEmpty?: boolean
  readonly view: () => HTMLElement
}

export interface Tabs {
  readonly element: HTMLElement
  /** By name; one that holds nothing stays shut. */
  open(name: string): void
}

export function openTabs({
  label,
  tabs,
  first,
  onOpen,
}: {
  readonly label: string
  readonly tabs: readonly Tab[]
  /** Its name; the first that holds something, where it is not there. */
  readonly first: string
  /** By a person. */
  readonly onOpen: (name: string) => void
}): Tabs {
  const usable = tabs.filter(({ isEmpty = false }) => !isEmpty)
  const views = new Map<string, HTMLElement>()
  const buttons = usable.map((tab) =>
    make(
      'button',
      {
        role: 'tab',
        id: `inbox-tab-${tab.name}`,
        'aria-controls': 'inbox-panel',
        onclick: () => {
          show(tab)
          onOpen(tab.name)
        },
      },
      tab.label,
      tab.count === undefined ? null : make('span', { class: 'count' }, ` ${tab.count.toLocaleString('en')}`),
    ),
  )
  const list = make(
    'div',
    { class: 'tabs', role: 'tablist', 'aria-label': label, onkeydown: move },
    ...buttons,
  )
  const panel = make('div', { class: 'panel', role: 'tabpanel', id: 'inbox-panel' })

  function show(tab: Tab): void {
    const view = views.get(tab.name) ?? tab.view()
    views.set(tab.name, view)
    for (const [at, button] of buttons.entries()) {
      const isOpen = usable[at] === tab
      button.setAttribute('aria-selected', String(isOpen))
      button.tabIndex = isOpen ? 0 : -1
    }
    panel.setAttribute('aria-labelledby', `inbox-tab-${tab.name}`)
    fill(panel, view)
  }

  function move(event: Event): void {
    const { key } = event as KeyboardEvent
    const at = buttons.findIndex((button) => button.matches(':focus'))
    const last = buttons.length - 1
    const wanted: Readonly<Record<string, number>> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }
    const button = buttons[wanted[key] ?? -1]
    if (at === -1 || button === undefined) return
    event.preventDefault()
    button.focus()
    button.click()
  }

  function open(name: string): void {
    const tab = usable.find((one) => one.name === name)
    if (tab !== undefined) show(tab)
  }

  const opened = usable.find(({ name }) => name === first) ?? usable[0]
  if (opened !== undefined) show(opened)
  return { element: make('div', { class: 'tabbed' }, list, panel), open }
}
