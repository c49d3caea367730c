/** What each mode of a picture is a simulation of, in a sentence that does not claim more than it can, and by whose word. */

import type { Mode } from '../api.js'

export interface ModeNote {
  /** A few words, for a button or beside a picture. */
  readonly label: string
  /** What it shows; a simulation says that it is one. */
  readonly sentence: string
  /** Null where nothing is simulated. */
  readonly source: ModeSource | null
}

/** A document that anyone may look up; nothing here is fetched. */
interface ModeSource {
  readonly name: string
  readonly address: string
}

const DARK_GUIDE: ModeSource = {
  name: 'Litmus, The ultimate guide to dark mode for email marketers',
  address: 'https://www.litmus.com/blog/the-ultimate-guide-to-dark-mode-for-email-marketers',
}

const LIGHT_NOTES: Readonly<Record<Mode['light'], ModeNote>> = {
  light: {
    label: 'Light',
    sentence: 'As the mail is written, for readers who prefer light.',
    source: null,
  },
  dark: {
    label: 'Dark, as written',
    sentence:
      'A simulation: the mail’s own dark styles, as Apple Mail, Samsung Email and the Outlook of Macs, phones and the web apply them for readers who prefer dark. Gmail, Yahoo and Outlook on Windows do not.',
    source: {
      name: 'Can I email, @media (prefers-color-scheme)',
      address: 'https://www.caniemail.com/features/css-at-media-prefers-color-scheme/',
    },
  },
  partly: {
    label: 'Darkened in part',
    sentence:
      'A simulation: light grounds turn dark and dark text on them light, what is dark stays; near to what the Gmail app on Android does, and Outlook.com, which reads the mail’s own dark styles as well. The colours are ours: each program has its own.',
    source: DARK_GUIDE,
  },
  fully: {
    label: 'Darkened in full',
    sentence:
      'A simulation: every colour is turned round, also what was dark; near to what Outlook on Windows and the Gmail app on iPhones do. The colours are ours: each program has its own.',
    source: DARK_GUIDE,
  },
}

const IMAGE_NOTES: Readonly<Record<Mode['images'], ModeNote>> = {
  on: { label: 'Pictures', sentence: 'Pictures are loaded.', source: null },
  off: {
    label: 'No pictures',
    sentence:
      'A simulation: pictures are not loaded, and boxes of the size that the mail declares show their alternative texts, as Outlook on Windows does before it is asked to. Its red cross, and the sentence of its own that it puts before the text, are left out; other programs shrink the boxes.',
    source: {
      name: 'Microsoft Support, Block or unblock automatic picture downloads in email messages',
      address:
        'https://support.microsoft.com/en-us/office/block-or-unblock-automatic-picture-downloads-in-email-messages-15e08854-6808-49b1-9a0a-50b81f2d617a',
    },
  },
}

const ENGINE_NOTES: Readonly<Record<Mode['engine'], ModeNote>> = {
  usual: {
    label: 'Usual engine',
    sentence: 'As this browser shows it; Apple Mail is near to that.',
    source: null,
  },
  bare: {
    label: 'No style sheets',
    sentence:
      'A simulation: without any style sheet and without the inline styles that need an account of Google’s, as the Gmail app shows mail of other providers’ accounts (IMAP, POP).',
    source: {
      name: 'Can I email, <style> element',
      address: 'https://www.caniemail.com/features/html-style/',
    },
  },
  word: {
    label: 'Outlook, Word engine',
    sentence:
      'A simulation: what is written for Outlook on Windows is opened, and the styles are dropped that Word does not know. Its line heights, spacing and fonts are not imitated; a look in Outlook itself says more.',
    source: {
      name: 'Can I email, Outlook (Windows)',
      address: 'https://www.caniemail.com/clients/outlook/',
    },
  },
}

const DARK_IN_WORD: ModeNote = {
  label: 'Darkened in full',
  sentence:
    'A simulation: Outlook on Windows reads no dark styles and turns every colour round, so each kind of dark is the same here.',
  source: DARK_GUIDE,
}

const DARK_WHEN_BARE: ModeNote = {
  label: 'Dark, as written',
  sentence: 'Dark styles stand in the style sheet that is left out here, so this is as in light.',
  source: ENGINE_NOTES.bare.source,
}

const DARK_ON_WEB: ModeNote = {
  label: 'Dark, as written',
  sentence: 'Browsers force no colours: the web page has its own dark styles for readers who prefer dark.',
  source: null,
}

/** Of what is not the usual, in the order of the toolbar; none: nothing is simulated. */
export function notesOf({ light, images, engine }: Mode, view: 'mail' | 'web' = 'mail'): readonly ModeNote[] {
  if (view === 'web')
    return [...(light === 'light' ? [] : [DARK_ON_WEB]), ...(images === 'on' ? [] : [IMAGE_NOTES.off])]
  return [
    ...(light === 'light' ? [] : [darkNote(light, engine)]),
    ...(images === 'on' ? [] : [IMAGE_NOTES.off]),
    ...(engine === 'usual' ? [] : [ENGINE_NOTES[engine]]),
  ]
}

function darkNote(light: Mode['light'], engine: Mode['engine']): ModeNote {
  if (engine === 'word') return DARK_IN_WORD
  return engine === 'bare' && light === 'dark' ? DARK_WHEN_BARE : LIGHT_NOTES[light]
}
