/** What pages say that say no. */

import type { Translated } from '../../issue/reader-language.js'

export interface Message {
  readonly heading: string
  readonly text: string
}

export type Failure =
  | 'badLink'
  | 'testCopy'
  | 'testPage'
  | 'missing'
  | 'method'
  | 'tooLarge'
  | 'foreign'
  | 'failed'

export const FAILURE_WORDS: Translated<Readonly<Record<Failure, Message>>> = {
  en: {
    badLink: {
      heading: 'This link does not work',
      text: 'It may have been cut off or changed on its way. Please open it once more from the message you received, or answer that message.',
    },
    testCopy: {
      heading: 'This is a test copy',
      text: 'The message was sent to look at an issue beforehand. This link changes nothing: nobody is unsubscribed by it.',
    },
    testPage: {
      heading: 'This is a test copy',
      text: 'The message was sent to look at an issue beforehand. Once the issue is sent, this link opens its page. Until then there is nothing to see here.',
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
    foreign: {
      heading: 'This came from another site',
      text: 'For your safety nothing was done. Please open the link in the message you received, and press the button there.',
    },
    failed: {
      heading: 'This does not work right now',
      text: 'The fault is ours. Please try again in a minute.',
    },
  },
  de: {
    badLink: {
      heading: 'Dieser Link funktioniert nicht',
      text: 'Vielleicht wurde er unterwegs abgeschnitten oder verändert. Bitte öffnen Sie ihn noch einmal aus der Nachricht, oder antworten Sie auf sie.',
    },
    testCopy: {
      heading: 'Das ist ein Probeexemplar',
      text: 'Die Nachricht wurde verschickt, um eine Ausgabe vorab anzusehen. Dieser Link ändert nichts: niemand wird durch ihn abgemeldet.',
    },
    testPage: {
      heading: 'Das ist ein Probeexemplar',
      text: 'Die Nachricht wurde verschickt, um eine Ausgabe vorab anzusehen. Sobald die Ausgabe verschickt ist, öffnet dieser Link ihre Seite. Bis dahin ist hier nichts zu sehen.',
    },
    missing: {
      heading: 'Hier ist keine Seite',
      text: 'Vielleicht ist die Adresse falsch geschrieben, oder die Seite ist nicht veröffentlicht.',
    },
    method: { heading: 'Das kann diese Seite nicht', text: 'Sie lässt sich öffnen, sonst nichts.' },
    tooLarge: {
      heading: 'Das war zu viel',
      text: 'Die Anfrage ist größer als alles, was diese Seite braucht.',
    },
    foreign: {
      heading: 'Das kam von einer anderen Seite',
      text: 'Zu Ihrer Sicherheit ist nichts geschehen. Bitte öffnen Sie den Link in der Nachricht, und drücken Sie dort auf die Schaltfläche.',
    },
    failed: {
      heading: 'Das geht gerade nicht',
      text: 'Der Fehler liegt bei uns. Bitte versuchen Sie es in einer Minute noch einmal.',
    },
  },
  fr: {
    badLink: {
      heading: 'Ce lien ne fonctionne pas',
      text: 'Il a peut-être été coupé ou modifié en chemin. Ouvrez-le de nouveau depuis le message reçu, ou répondez à ce message.',
    },
    testCopy: {
      heading: 'Ceci est un exemplaire d’essai',
      text: 'Le message a été envoyé pour relire un numéro à l’avance. Ce lien ne change rien : il ne désabonne personne.',
    },
    testPage: {
      heading: 'Ceci est un exemplaire d’essai',
      text: 'Le message a été envoyé pour relire un numéro à l’avance. Dès que le numéro sera envoyé, ce lien ouvrira sa page. D’ici là, il n’y a rien à voir ici.',
    },
    missing: {
      heading: 'Il n’y a pas de page ici',
      text: 'L’adresse est peut-être mal écrite, ou la page n’est pas publiée.',
    },
    method: { heading: 'Cette page ne peut pas faire cela', text: 'On peut l’ouvrir, rien de plus.' },
    tooLarge: {
      heading: 'C’était trop',
      text: 'La demande est plus grande que tout ce dont cette page a besoin.',
    },
    foreign: {
      heading: 'Cela venait d’un autre site',
      text: 'Pour votre sécurité, rien n’a été fait. Ouvrez le lien du message reçu et appuyez sur le bouton qui s’y trouve.',
    },
    failed: {
      heading: 'Cela ne fonctionne pas pour le moment',
      text: 'La faute est de notre côté. Veuillez réessayer dans une minute.',
    },
  },
  es: {
    badLink: {
      heading: 'Este enlace no funciona',
      text: 'Puede que se haya cortado o cambiado por el camino. Ábralo otra vez desde el mensaje que recibió, o responda a ese mensaje.',
    },
    testCopy: {
      heading: 'Esto es un ejemplar de prueba',
      text: 'El mensaje se envió para ver una edición de antemano. Este enlace no cambia nada: no da de baja a nadie.',
    },
    testPage: {
      heading: 'Esto es un ejemplar de prueba',
      text: 'El mensaje se envió para ver una edición de antemano. En cuanto se envíe la edición, este enlace abrirá su página. Hasta entonces no hay nada que ver aquí.',
    },
    missing: {
      heading: 'Aquí no hay ninguna página',
      text: 'Puede que la dirección esté mal escrita o que la página no esté publicada.',
    },
    method: { heading: 'Esta página no puede hacer eso', text: 'Se puede abrir, y nada más.' },
    tooLarge: {
      heading: 'Eso fue demasiado',
      text: 'La petición es mayor que todo lo que esta página necesita.',
    },
    foreign: {
      heading: 'Esto venía de otro sitio',
      text: 'Por su seguridad, no se ha hecho nada. Abra el enlace del mensaje que recibió y pulse allí el botón.',
    },
    failed: {
      heading: 'Ahora mismo no funciona',
      text: 'El fallo es nuestro. Inténtelo de nuevo dentro de un minuto.',
    },
  },
}
