/** What is asked by mail about a person's address and data, and what is answered. */

import type { Translated } from '../../issue/reader-language.js'

export interface OwnActWords {
  readonly moveFrom: {
    readonly heading: string
    readonly what: (address: string) => string
    readonly button: string
    readonly doneHeading: string
    readonly done: (address: string) => string
  }
  readonly moveTo: {
    readonly heading: string
    readonly what: (address: string) => string
    readonly button: string
    readonly doneHeading: string
    readonly done: (address: string) => string
    /** After `done`, where an opt-out of either address has won. */
    readonly stays: (lists: string) => string
    readonly lateHeading: string
    readonly late: string
  }
  readonly export: { readonly heading: string; readonly what: string; readonly button: string }
  readonly erase: {
    readonly heading: string
    readonly what: string
    readonly stays: string
    readonly button: string
    readonly doneHeading: string
    readonly done: string
  }
}

export const OWN_ACT_WORDS: Translated<OwnActWords> = {
  en: {
    moveFrom: {
      heading: 'Change your address?',
      what: (address) => `Your messages are to go to ${address}. If you say yes, we ask there too.`,
      button: 'Yes, change it',
      doneHeading: 'One more step',
      done: (address) => `We have written to ${address}. Open the link in that message within 24 hours.`,
    },
    moveTo: {
      heading: 'Is this your new address?',
      what: (address) => `What went to ${address} is to come here from now on.`,
      button: 'Yes, this is mine',
      doneHeading: 'Your address is changed',
      done: (address) => `From now on your messages go to ${address}.`,
      stays: (lists) => `You stay unsubscribed from ${lists}. You are welcome to subscribe anew.`,
      lateHeading: 'This cannot be done any more',
      late: 'The address was changed in another way since. Please begin anew from your preferences.',
    },
    export: {
      heading: 'A copy of your data',
      what: 'One file with all that we keep about you: a text that programs can read too (JSON).',
      button: 'Download',
    },
    erase: {
      heading: 'Erase your data?',
      what: 'Your address, your name and all else that we know of you are deleted for good, and you are unsubscribed from everything. Nobody can undo this.',
      stays:
        'What stays are numbers without a name, and a code that cannot be read back, so that no mistake ever writes to you again.',
      button: 'Erase my data',
      doneHeading: 'Your data is erased',
      done: 'You will hear no more from us. A message already on its way may still arrive.',
    },
  },
  de: {
    moveFrom: {
      heading: 'Ihre Adresse ändern?',
      what: (address) =>
        `Ihre Nachrichten sollen an ${address} gehen. Wenn Sie zustimmen, fragen wir auch dort.`,
      button: 'Ja, ändern',
      doneHeading: 'Noch ein Schritt',
      done: (address) =>
        `Wir haben an ${address} geschrieben. Öffnen Sie den Link in der Nachricht innerhalb von 24 Stunden.`,
    },
    moveTo: {
      heading: 'Ist das Ihre neue Adresse?',
      what: (address) => `Was an ${address} ging, soll von jetzt an hierher kommen.`,
      button: 'Ja, das ist meine',
      doneHeading: 'Ihre Adresse ist geändert',
      done: (address) => `Von jetzt an gehen Ihre Nachrichten an ${address}.`,
      stays: (lists) => `Abbestellt bleibt: ${lists}. Sie können sich gern neu anmelden.`,
      lateHeading: 'Das geht nicht mehr',
      late: 'Die Adresse wurde inzwischen anders geändert. Bitte beginnen Sie in Ihren Einstellungen neu.',
    },
    export: {
      heading: 'Eine Kopie Ihrer Daten',
      what: 'Eine Datei mit allem, was wir über Sie aufbewahren: Text, den auch Programme lesen können (JSON).',
      button: 'Herunterladen',
    },
    erase: {
      heading: 'Ihre Daten löschen?',
      what: 'Ihre Adresse, Ihr Name und alles, was wir sonst von Ihnen wissen, werden endgültig gelöscht, und alles wird abbestellt. Niemand kann das rückgängig machen.',
      stays:
        'Es bleiben Zahlen ohne Namen und ein Code, aus dem sich nichts ablesen lässt, damit Ihnen nie aus Versehen wieder geschrieben wird.',
      button: 'Meine Daten löschen',
      doneHeading: 'Ihre Daten sind gelöscht',
      done: 'Sie hören nichts mehr von uns. Eine Nachricht, die schon unterwegs ist, kann noch ankommen.',
    },
  },
  fr: {
    moveFrom: {
      heading: 'Changer votre adresse ?',
      what: (address) =>
        `Vos messages doivent aller à ${address}. Si vous acceptez, nous demandons aussi là-bas.`,
      button: 'Oui, la changer',
      doneHeading: 'Encore une étape',
      done: (address) => `Nous avons écrit à ${address}. Ouvrez le lien de ce message dans les 24 heures.`,
    },
    moveTo: {
      heading: 'Est-ce votre nouvelle adresse ?',
      what: (address) => `Ce qui allait à ${address} doit désormais venir ici.`,
      button: 'Oui, c’est la mienne',
      doneHeading: 'Votre adresse est changée',
      done: (address) => `Désormais vos messages vont à ${address}.`,
      stays: (lists) => `Vous restez désabonné de : ${lists}. Vous pouvez vous abonner de nouveau.`,
      lateHeading: 'Ce n’est plus possible',
      late: 'L’adresse a été changée autrement depuis. Veuillez recommencer depuis vos préférences.',
    },
    export: {
      heading: 'Une copie de vos données',
      what: 'Un fichier avec tout ce que nous conservons sur vous : un texte que les programmes savent lire aussi (JSON).',
      button: 'Télécharger',
    },
    erase: {
      heading: 'Effacer vos données ?',
      what: 'Votre adresse, votre nom et tout ce que nous savons de vous sont effacés pour toujours, et vous êtes désabonné de tout. Personne ne peut l’annuler.',
      stays:
        'Il reste des nombres sans nom, et un code illisible, pour que personne ne vous écrive plus par erreur.',
      button: 'Effacer mes données',
      doneHeading: 'Vos données sont effacées',
      done: 'Vous n’entendrez plus parler de nous. Un message déjà parti peut encore arriver.',
    },
  },
  es: {
    moveFrom: {
      heading: '¿Cambiar su dirección?',
      what: (address) => `Sus mensajes deben ir a ${address}. Si acepta, preguntaremos también allí.`,
      button: 'Sí, cambiarla',
      doneHeading: 'Un paso más',
      done: (address) =>
        `Hemos escrito a ${address}. Abra el enlace de ese mensaje en las próximas 24 horas.`,
    },
    moveTo: {
      heading: '¿Es esta su nueva dirección?',
      what: (address) => `Lo que iba a ${address} debe llegar aquí a partir de ahora.`,
      button: 'Sí, es la mía',
      doneHeading: 'Su dirección ha cambiado',
      done: (address) => `A partir de ahora sus mensajes van a ${address}.`,
      stays: (lists) => `Sigue de baja de: ${lists}. Puede suscribirse de nuevo.`,
      lateHeading: 'Ya no es posible',
      late: 'La dirección se cambió entretanto de otra manera. Empiece de nuevo desde sus preferencias.',
    },
    export: {
      heading: 'Una copia de sus datos',
      what: 'Un archivo con todo lo que guardamos sobre usted: un texto que también leen los programas (JSON).',
      button: 'Descargar',
    },
    erase: {
      heading: '¿Borrar sus datos?',
      what: 'Su dirección, su nombre y todo lo demás que sabemos de usted se borra para siempre, y se le da de baja de todo. Nadie puede deshacerlo.',
      stays:
        'Quedan números sin nombre y un código del que no se puede leer nada, para que nunca se le vuelva a escribir por error.',
      button: 'Borrar mis datos',
      doneHeading: 'Sus datos están borrados',
      done: 'No volverá a saber de nosotros. Un mensaje que ya esté en camino aún puede llegar.',
    },
  },
}
