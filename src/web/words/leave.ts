/** What the way out says. */

import type { Translated } from '../../issue/reader-language.js'

export interface LeaveWords {
  readonly question: (list: string) => string
  readonly what: string
  readonly button: string
  readonly done: (list: string) => string
  readonly doneWhat: string
  readonly already: (list: string) => string
  readonly alreadyWhat: string
}

export const LEAVE_WORDS: Translated<LeaveWords> = {
  en: {
    question: (list) => `Unsubscribe from ${list}?`,
    what: 'One click is enough: you will get no further issues.',
    button: 'Unsubscribe',
    done: (list) => `You are unsubscribed from ${list}`,
    doneWhat: 'This takes effect at once. A message already on its way may still arrive.',
    already: (list) => `You are already unsubscribed from ${list}`,
    alreadyWhat: 'There is nothing more to do.',
  },
  de: {
    question: (list) => `${list} abbestellen?`,
    what: 'Ein Klick genügt: Sie bekommen dann keine weiteren Ausgaben.',
    button: 'Abbestellen',
    done: (list) => `Sie haben ${list} abbestellt`,
    doneWhat: 'Das gilt ab sofort. Eine Nachricht, die schon unterwegs ist, kann noch ankommen.',
    already: (list) => `Sie haben ${list} bereits abbestellt`,
    alreadyWhat: 'Es ist nichts weiter zu tun.',
  },
  fr: {
    question: (list) => `Se désabonner de ${list} ?`,
    what: 'Un clic suffit : vous ne recevrez plus aucun numéro.',
    button: 'Se désabonner',
    done: (list) => `Vous êtes désabonné de ${list}`,
    doneWhat: 'Cela prend effet tout de suite. Un message déjà parti peut encore arriver.',
    already: (list) => `Vous êtes déjà désabonné de ${list}`,
    alreadyWhat: 'Il n’y a rien d’autre à faire.',
  },
  es: {
    question: (list) => `¿Darse de baja de ${list}?`,
    what: 'Basta un clic: no recibirá más números.',
    button: 'Darse de baja',
    done: (list) => `Se ha dado de baja de ${list}`,
    doneWhat: 'Tiene efecto de inmediato. Un mensaje que ya esté en camino aún puede llegar.',
    already: (list) => `Ya se había dado de baja de ${list}`,
    alreadyWhat: 'No hay nada más que hacer.',
  },
}
