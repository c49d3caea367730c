/** Keyboard shortcuts: one key each, none while a person types, none together with Ctrl, Alt or Meta. */

export interface Shortcut {
  /** As KeyboardEvent.key names it; two in a row with a blank between: `g i`. */
  readonly key: string
  readonly what: string
  readonly act: () => void
}

export interface Keys {
  /** Of one key there may be several, which all act; the first says what it does. */
  add(shortcut: Shortcut): void
  list(): readonly Shortcut[]
  /** As if the key was pressed. */
  press(key: string): void
  /** Keys of a document count, the page's own or a frame's. */
  listen(target: Document): void
}

/** How long the second of two keys may take. */
const PAIR_MS = 1_200
const FIELDS = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]'

export function openKeys(): Keys {
  const shortcuts = new Map<string, readonly Shortcut[]>()
  let first = { key: '', at: 0 }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return
    // A dialog that is open has its own keys.
    if (document.querySelector('dialog[open]') !== null) return
    const pair = event.timeStamp - first.at < PAIR_MS ? shortcuts.get(`${first.key} ${event.key}`) : undefined
    const shortcut = pair ?? shortcuts.get(event.key)
    first = pair === undefined ? { key: event.key, at: event.timeStamp } : { key: '', at: 0 }
    if (shortcut === undefined) return
    event.preventDefault()
    for (const { act } of shortcut) act()
  }

  return {
    add: (shortcut) => void shortcuts.set(shortcut.key, [...(shortcuts.get(shortcut.key) ?? []), shortcut]),
    list: () => [...shortcuts.values()].flatMap(([shortcut]) => shortcut ?? []),
    press(key) {
      for (const { act } of shortcuts.get(key) ?? []) act()
    },
    listen: (target) => target.addEventListener('keydown', onKey),
  }
}

/** A frame's elements are of another realm, so no `instanceof`. */
function isTyping({ target }: KeyboardEvent): boolean {
  const element = target as Element | null
  return typeof element?.matches === 'function' && element.matches(FIELDS)
}
