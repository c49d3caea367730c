/** What the public pages say, by language. English is what is said when a language has no words here. */

export interface Words {
  readonly lang: string
  readonly leave: {
    readonly question: (list: string) => string
    readonly what: string
    readonly button: string
    readonly done: (list: string) => string
    readonly doneWhat: string
    readonly already: (list: string) => string
    readonly alreadyWhat: string
  }
  readonly badLink: Message
  readonly missing: Message
  readonly method: Message
  readonly tooLarge: Message
  readonly failed: Message
  readonly issues: {
    readonly heading: string
    readonly none: string
    readonly number: (number: number) => string
  }
}

export interface Message {
  readonly heading: string
  readonly text: string
}

const ENGLISH: Words = {
  lang: 'en',
  leave: {
    question: (list) => `Unsubscribe from ${list}?`,
    what: 'One click is enough: you will get no further issues.',
    button: 'Unsubscribe',
    done: (list) => `You are unsubscribed from ${list}`,
    doneWhat: 'This takes effect at once. A message already on its way may still arrive.',
    already: (list) => `You are already unsubscribed from ${list}`,
    alreadyWhat: 'There is nothing more to do.',
  },
  badLink: {
    heading: 'This link does not work',
    text: 'It may have been cut off or changed on its way. Please open it once more from the message you received, or answer that message.',
  },
  missing: {
    heading: 'There is no page here',
    text: 'The address may have been mistyped, or the page is not published.',
  },
  method: {
    heading: 'This page cannot do that',
    text: 'It answers to being opened, and to nothing else.',
  },
  tooLarge: {
    heading: 'That was too much',
    text: 'The request is larger than anything this page needs.',
  },
  failed: {
    heading: 'This does not work right now',
    text: 'The fault is ours. Please try again in a minute.',
  },
  issues: {
    heading: 'Issues',
    none: 'No issue has been sent yet.',
    number: (number) => `No. ${number}`,
  },
}

const GERMAN: Words = {
  lang: 'de',
  leave: {
    question: (list) => `${list} abbestellen?`,
    what: 'Ein Klick genügt: Sie bekommen dann keine weiteren Ausgaben.',
    button: 'Abbestellen',
    done: (list) => `Sie haben ${list} abbestellt`,
    doneWhat: 'Das gilt ab sofort. Eine Nachricht, die schon unterwegs ist, kann noch ankommen.',
    already: (list) => `Sie haben ${list} bereits abbestellt`,
    alreadyWhat: 'Es ist nichts weiter zu tun.',
  },
  badLink: {
    heading: 'Dieser Link funktioniert nicht',
    text: 'Vielleicht wurde er unterwegs abgeschnitten oder verändert. Bitte öffnen Sie ihn noch einmal aus der Nachricht, oder antworten Sie auf sie.',
  },
  missing: {
    heading: 'Hier ist keine Seite',
    text: 'Vielleicht ist die Adresse falsch geschrieben, oder die Seite ist nicht veröffentlicht.',
  },
  method: {
    heading: 'Das kann diese Seite nicht',
    text: 'Sie lässt sich öffnen, sonst nichts.',
  },
  tooLarge: {
    heading: 'Das war zu viel',
    text: 'Die Anfrage ist größer als alles, was diese Seite braucht.',
  },
  failed: {
    heading: 'Das geht gerade nicht',
    text: 'Der Fehler liegt bei uns. Bitte versuchen Sie es in einer Minute noch einmal.',
  },
  issues: {
    heading: 'Ausgaben',
    none: 'Noch ist keine Ausgabe erschienen.',
    number: (number) => `Nr. ${number}`,
  },
}

const BY_LANGUAGE: ReadonlyMap<string, Words> = new Map([
  ['en', ENGLISH],
  ['de', GERMAN],
])

/** `lang` is a BCP 47 tag. */
export function wordsIn(lang: string): Words {
  return BY_LANGUAGE.get(primary(lang)) ?? ENGLISH
}

/** The reader's own choice: the first language of an Accept-Language header (RFC 9110 section 12.5.4) we have. */
export function wordsFor(acceptLanguage: string): Words {
  const wanted = acceptLanguage
    .slice(0, MAX_HEADER)
    .split(',')
    .map(readWeighted)
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  const found = wanted.find(({ tag }) => BY_LANGUAGE.has(primary(tag)))
  return wordsIn(found?.tag ?? 'en')
}

const MAX_HEADER = 200

function readWeighted(part: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { tag, weight: Number.isFinite(weight) ? weight : 0 }
}

function primary(tag: string): string {
  return tag.toLowerCase().split('-')[0] ?? ''
}
