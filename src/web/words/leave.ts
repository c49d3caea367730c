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
  readonly mistake: string
  readonly undo: string
  readonly undone: (list: string) => string
  readonly undoneWhat: string
  readonly notUndone: string
  readonly notDone: string
  readonly notDoneWhat: string
  readonly preferences: string
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
    mistake: 'Was that a mistake?',
    undo: 'Subscribe me again',
    undone: (list) => `You are subscribed to ${list} again`,
    undoneWhat:
      'You get the next issue as before. What was being sent while you were away does not come any more.',
    notUndone: 'This cannot be taken back here any more. You are welcome to subscribe anew.',
    notDone: 'You are not unsubscribed yet',
    notDoneWhat:
      'We could not write it down just now; the fault is ours. Nothing is lost: this link stays good. Please press the button once more in a minute.',
    preferences: 'Your preferences',
  },
  de: {
    question: (list) => `${list} abbestellen?`,
    what: 'Ein Klick genügt: Sie bekommen dann keine weiteren Ausgaben.',
    button: 'Abbestellen',
    done: (list) => `Sie haben ${list} abbestellt`,
    doneWhat: 'Das gilt ab sofort. Eine Nachricht, die schon unterwegs ist, kann noch ankommen.',
    already: (list) => `Sie haben ${list} bereits abbestellt`,
    alreadyWhat: 'Es ist nichts weiter zu tun.',
    mistake: 'War das ein Versehen?',
    undo: 'Wieder abonnieren',
    undone: (list) => `Sie haben ${list} wieder abonniert`,
    undoneWhat: 'Die nächste Ausgabe kommt wie bisher. Was währenddessen verschickt wurde, kommt nicht mehr.',
    notUndone: 'Das lässt sich hier nicht mehr rückgängig machen. Sie können sich gern neu anmelden.',
    notDone: 'Sie sind noch nicht abgemeldet',
    notDoneWhat:
      'Wir konnten es gerade nicht festhalten; der Fehler liegt bei uns. Verloren ist nichts: Der Link bleibt gültig. Bitte drücken Sie in einer Minute noch einmal auf die Schaltfläche.',
    preferences: 'Ihre Einstellungen',
  },
  fr: {
    question: (list) => `Se désabonner de ${list} ?`,
    what: 'Un clic suffit : vous ne recevrez plus aucun numéro.',
    button: 'Se désabonner',
    done: (list) => `Vous êtes désabonné de ${list}`,
    doneWhat: 'Cela prend effet tout de suite. Un message déjà parti peut encore arriver.',
    already: (list) => `Vous êtes déjà désabonné de ${list}`,
    alreadyWhat: 'Il n’y a rien d’autre à faire.',
    mistake: 'Était-ce une erreur ?',
    undo: 'Me réabonner',
    undone: (list) => `Vous êtes de nouveau abonné à ${list}`,
    undoneWhat:
      'Vous recevrez le prochain numéro comme avant. Ce qui a été envoyé entre-temps ne viendra plus.',
    notUndone: 'Cela ne peut plus être annulé ici. Vous pouvez vous abonner de nouveau.',
    notDone: 'Vous n’êtes pas encore désabonné',
    notDoneWhat:
      'Nous n’avons pas pu l’enregistrer à l’instant ; la faute est de notre côté. Rien n’est perdu : ce lien reste valable. Veuillez appuyer de nouveau sur le bouton dans une minute.',
    preferences: 'Vos préférences',
  },
  es: {
    question: (list) => `¿Darse de baja de ${list}?`,
    what: 'Basta un clic: no recibirá más números.',
    button: 'Darse de baja',
    done: (list) => `Se ha dado de baja de ${list}`,
    doneWhat: 'Tiene efecto de inmediato. Un mensaje que ya esté en camino aún puede llegar.',
    already: (list) => `Ya se había dado de baja de ${list}`,
    alreadyWhat: 'No hay nada más que hacer.',
    mistake: '¿Ha sido un error?',
    undo: 'Volver a suscribirme',
    undone: (list) => `Vuelve a estar suscrito a ${list}`,
    undoneWhat: 'Recibirá el próximo número como antes. Lo que se envió mientras tanto ya no llegará.',
    notUndone: 'Aquí ya no se puede deshacer. Puede suscribirse de nuevo.',
    notDone: 'Todavía no se ha dado de baja',
    notDoneWhat:
      'Ahora mismo no hemos podido anotarlo; el fallo es nuestro. No se ha perdido nada: este enlace sigue siendo válido. Pulse de nuevo el botón dentro de un minuto.',
    preferences: 'Sus preferencias',
  },
}
