/** What the page of preferences says. */

import type { Translated } from '../../issue/reader-language.js'
import type { Pause } from '../../track/pause.js'

export interface PreferencesWords {
  readonly heading: string
  readonly who: (address: string) => string
  readonly lists: string
  readonly listsHint: string
  readonly noLists: string
  readonly joinHint: string
  readonly pendingHint: string
  readonly leftHint: string
  readonly wishes: (list: string) => string
  readonly topicsHint: string
  readonly monthly: string
  readonly language: string
  readonly asBrowser: string
  readonly save: string
  readonly pause: string
  readonly pauseHint: string
  readonly pauseFor: string
  readonly pauses: Readonly<Record<Pause, string>>
  readonly pauseButton: string
  readonly pausedUntil: (date: string) => string
  readonly pausedOpen: string
  readonly resume: string
  readonly tracking: string
  /** By what is kept. */
  readonly trackingHint: Readonly<Record<'both' | 'opens' | 'clicks', string>>
  readonly untrackedHint: string
  readonly untrackButton: string
  readonly trackButton: string
  readonly everything: string
  readonly everythingHint: string
  readonly everythingButton: string
  readonly address: string
  readonly addressHint: (address: string) => string
  readonly newAddress: string
  readonly addressButton: string
  readonly data: string
  readonly dataHint: (address: string) => string
  readonly exportButton: string
  readonly eraseButton: string
  readonly left: (list: string) => string
  readonly back: (list: string) => string
  readonly asked: (list: string, address: string) => string
  readonly changed: (list: string) => string
  readonly languageSaved: string
  readonly nothing: string
  /** Goes after how long. */
  readonly pausedDone: string
  readonly resumedDone: string
  readonly untracked: string
  readonly tracked: string
  readonly leftAll: string
  readonly onItsWay: string
  readonly mailed: (address: string) => string
  readonly badAddress: string
  readonly unread: string
}

export const PREFERENCES_WORDS: Translated<PreferencesWords> = {
  en: {
    heading: 'Your preferences',
    who: (address) => `For ${address}`,
    lists: 'What you get',
    listsHint: 'Tick what you want to get. Leaving a list takes effect at once.',
    noLists: 'You are on no list.',
    joinHint: 'When you tick it, we ask you by mail to confirm.',
    pendingHint: 'Waits for you to confirm by the message we sent.',
    leftHint: 'You have left it. Tick it to come back.',
    wishes: (list) => `What you want of ${list}`,
    topicsHint: 'With none ticked you get everything.',
    monthly: 'One issue a month at most',
    language: 'Language of these pages and of our messages to you',
    asBrowser: 'As my browser says',
    save: 'Save',
    pause: 'Pause',
    pauseHint: 'You stay on your lists and get nothing for a while.',
    pauseFor: 'How long',
    pauses: { 1: 'One month', 3: 'Three months', 6: 'Six months', open: 'Until I resume' },
    pauseButton: 'Pause',
    pausedUntil: (date) => `Paused until ${date}.`,
    pausedOpen: 'Paused until you resume.',
    resume: 'Resume now',
    tracking: 'Opens and clicks',
    trackingHint: {
      both: 'We keep when you open a message and which links you follow, to learn what is read.',
      opens: 'We keep when you open a message, to learn what is read.',
      clicks: 'We keep which links you follow, to learn what is read.',
    },
    untrackedHint:
      'Nothing is kept of what you open and which links you follow. Links still lead through this site.',
    untrackButton: 'Do not track me',
    trackButton: 'Track me again',
    everything: 'Unsubscribe from everything',
    everythingHint: 'You leave every list at once.',
    everythingButton: 'Unsubscribe from everything',
    address: 'Change of address',
    addressHint: (address) =>
      `We first write to ${address} and then to the new address. Both have to say yes.`,
    newAddress: 'New address',
    addressButton: 'Change the address',
    data: 'Your data',
    dataHint: (address) => `We write to ${address} first, so that nobody else can do this.`,
    exportButton: 'Get a copy of my data',
    eraseButton: 'Erase my data',
    left: (list) => `You are unsubscribed from ${list}.`,
    back: (list) => `You are subscribed to ${list} again.`,
    asked: (list, address) => `We have written to ${address}. Open the link in that message to join ${list}.`,
    changed: (list) => `Saved what you want of ${list}.`,
    languageSaved: 'Saved your language.',
    nothing: 'Nothing was changed.',
    pausedDone: 'You get nothing until then.',
    resumedDone: 'Resumed. You get the next issue again.',
    untracked:
      'From now on nothing is kept of what you open and follow. What was kept before goes when you have your data erased.',
    tracked: 'From the next issue on we keep what you open and follow again.',
    leftAll: 'You are unsubscribed from everything.',
    onItsWay: 'A message already on its way may still arrive.',
    mailed: (address) => `We have written to ${address}. Open the link in that message within 24 hours.`,
    badAddress: 'This is no address that mail can go to. Write one like name@example.org.',
    unread: 'The form could not be read, and nothing was changed. Please try once more.',
  },
  de: {
    heading: 'Ihre Einstellungen',
    who: (address) => `Für ${address}`,
    lists: 'Was Sie bekommen',
    listsHint: 'Kreuzen Sie an, was Sie bekommen möchten. Abbestellen gilt sofort.',
    noLists: 'Sie stehen auf keiner Liste.',
    joinHint: 'Wenn Sie es ankreuzen, bitten wir Sie per Mail um Bestätigung.',
    pendingHint: 'Wartet auf Ihre Bestätigung durch die Nachricht, die wir geschickt haben.',
    leftHint: 'Sie haben es abbestellt. Kreuzen Sie es an, um zurückzukehren.',
    wishes: (list) => `Was Sie von ${list} möchten`,
    topicsHint: 'Ist keines angekreuzt, bekommen Sie alles.',
    monthly: 'Höchstens eine Ausgabe im Monat',
    language: 'Sprache dieser Seiten und unserer Nachrichten an Sie',
    asBrowser: 'Wie mein Browser',
    save: 'Speichern',
    pause: 'Pause',
    pauseHint: 'Sie bleiben auf Ihren Listen und bekommen eine Zeit lang nichts.',
    pauseFor: 'Wie lange',
    pauses: { 1: 'Einen Monat', 3: 'Drei Monate', 6: 'Sechs Monate', open: 'Bis ich sie beende' },
    pauseButton: 'Pause beginnen',
    pausedUntil: (date) => `Pause bis ${date}.`,
    pausedOpen: 'Pause, bis Sie sie beenden.',
    resume: 'Pause beenden',
    tracking: 'Öffnungen und Klicks',
    trackingHint: {
      both: 'Wir halten fest, wann Sie eine Nachricht öffnen und welchen Links Sie folgen, um zu erfahren, was gelesen wird.',
      opens: 'Wir halten fest, wann Sie eine Nachricht öffnen, um zu erfahren, was gelesen wird.',
      clicks: 'Wir halten fest, welchen Links Sie folgen, um zu erfahren, was gelesen wird.',
    },
    untrackedHint:
      'Es wird nicht festgehalten, was Sie öffnen und welchen Links Sie folgen. Links führen weiterhin über diese Website.',
    untrackButton: 'Nichts festhalten',
    trackButton: 'Wieder festhalten',
    everything: 'Alles abbestellen',
    everythingHint: 'Sie verlassen alle Listen auf einmal.',
    everythingButton: 'Alles abbestellen',
    address: 'Neue Adresse',
    addressHint: (address) =>
      `Wir schreiben zuerst an ${address} und dann an die neue Adresse. Beide müssen zustimmen.`,
    newAddress: 'Neue Adresse',
    addressButton: 'Adresse ändern',
    data: 'Ihre Daten',
    dataHint: (address) => `Wir schreiben zuerst an ${address}, damit niemand sonst das tun kann.`,
    exportButton: 'Kopie meiner Daten anfordern',
    eraseButton: 'Meine Daten löschen',
    left: (list) => `Sie haben ${list} abbestellt.`,
    back: (list) => `Sie haben ${list} wieder abonniert.`,
    asked: (list, address) =>
      `Wir haben an ${address} geschrieben. Öffnen Sie den Link in der Nachricht, um ${list} zu abonnieren.`,
    changed: (list) => `Gespeichert, was Sie von ${list} möchten.`,
    languageSaved: 'Ihre Sprache ist gespeichert.',
    nothing: 'Es wurde nichts geändert.',
    pausedDone: 'Bis dahin bekommen Sie nichts.',
    resumedDone: 'Die Pause ist beendet. Die nächste Ausgabe kommt wieder.',
    untracked:
      'Ab jetzt wird nicht mehr festgehalten, was Sie öffnen und welchen Links Sie folgen. Was vorher festgehalten wurde, verschwindet, wenn Sie Ihre Daten löschen lassen.',
    tracked: 'Ab der nächsten Ausgabe halten wir wieder fest, was Sie öffnen und welchen Links Sie folgen.',
    leftAll: 'Sie haben alles abbestellt.',
    onItsWay: 'Eine Nachricht, die schon unterwegs ist, kann noch ankommen.',
    mailed: (address) =>
      `Wir haben an ${address} geschrieben. Öffnen Sie den Link in der Nachricht innerhalb von 24 Stunden.`,
    badAddress: 'An diese Adresse kann keine Post gehen. Schreiben Sie eine wie name@example.org.',
    unread: 'Das Formular war nicht lesbar, es wurde nichts geändert. Bitte versuchen Sie es noch einmal.',
  },
  fr: {
    heading: 'Vos préférences',
    who: (address) => `Pour ${address}`,
    lists: 'Ce que vous recevez',
    listsHint: 'Cochez ce que vous souhaitez recevoir. Se désabonner prend effet tout de suite.',
    noLists: 'Vous n’êtes sur aucune liste.',
    joinHint: 'Si vous la cochez, nous vous demandons de confirmer par courriel.',
    pendingHint: 'Attend votre confirmation par le message que nous avons envoyé.',
    leftHint: 'Vous l’avez quittée. Cochez-la pour revenir.',
    wishes: (list) => `Ce que vous souhaitez de ${list}`,
    topicsHint: 'Si rien n’est coché, vous recevez tout.',
    monthly: 'Un numéro par mois au plus',
    language: 'Langue de ces pages et de nos messages',
    asBrowser: 'Celle de mon navigateur',
    save: 'Enregistrer',
    pause: 'Pause',
    pauseHint: 'Vous restez sur vos listes et ne recevez rien pendant un temps.',
    pauseFor: 'Durée',
    pauses: { 1: 'Un mois', 3: 'Trois mois', 6: 'Six mois', open: 'Jusqu’à ma reprise' },
    pauseButton: 'Mettre en pause',
    pausedUntil: (date) => `En pause jusqu’au ${date}.`,
    pausedOpen: 'En pause jusqu’à ce que vous repreniez.',
    resume: 'Reprendre maintenant',
    tracking: 'Ouvertures et clics',
    trackingHint: {
      both: 'Nous gardons trace de vos ouvertures et des liens que vous suivez, pour savoir ce qui est lu.',
      opens: 'Nous gardons trace de vos ouvertures, pour savoir ce qui est lu.',
      clicks: 'Nous gardons trace des liens que vous suivez, pour savoir ce qui est lu.',
    },
    untrackedHint:
      'Aucune trace n’est gardée de vos ouvertures ni des liens que vous suivez. Les liens passent toujours par ce site.',
    untrackButton: 'Ne pas garder de trace',
    trackButton: 'Garder de nouveau une trace',
    everything: 'Se désabonner de tout',
    everythingHint: 'Vous quittez toutes les listes à la fois.',
    everythingButton: 'Se désabonner de tout',
    address: 'Changement d’adresse',
    addressHint: (address) =>
      `Nous écrivons d’abord à ${address}, puis à la nouvelle adresse. Toutes deux doivent confirmer.`,
    newAddress: 'Nouvelle adresse',
    addressButton: 'Changer l’adresse',
    data: 'Vos données',
    dataHint: (address) =>
      `Nous écrivons d’abord à ${address}, pour que personne d’autre ne puisse le faire.`,
    exportButton: 'Obtenir une copie de mes données',
    eraseButton: 'Effacer mes données',
    left: (list) => `Vous êtes désabonné de ${list}.`,
    back: (list) => `Vous êtes de nouveau abonné à ${list}.`,
    asked: (list, address) =>
      `Nous avons écrit à ${address}. Ouvrez le lien de ce message pour vous abonner à ${list}.`,
    changed: (list) => `Vos souhaits pour ${list} sont enregistrés.`,
    languageSaved: 'Votre langue est enregistrée.',
    nothing: 'Rien n’a été modifié.',
    pausedDone: 'Vous ne recevez rien d’ici là.',
    resumedDone: 'La pause est terminée. Vous recevrez le prochain numéro.',
    untracked:
      'Désormais, aucune trace n’est gardée de vos ouvertures ni des liens que vous suivez. Les traces plus anciennes disparaissent si vous faites effacer vos données.',
    tracked:
      'À partir du prochain numéro, nous gardons de nouveau trace de vos ouvertures et des liens que vous suivez.',
    leftAll: 'Vous êtes désabonné de tout.',
    onItsWay: 'Un message déjà parti peut encore arriver.',
    mailed: (address) => `Nous avons écrit à ${address}. Ouvrez le lien de ce message dans les 24 heures.`,
    badAddress: 'Aucun courriel ne peut aller à cette adresse. Écrivez-en une comme nom@example.org.',
    unread: 'Le formulaire n’a pas pu être lu et rien n’a été modifié. Veuillez réessayer.',
  },
  es: {
    heading: 'Sus preferencias',
    who: (address) => `Para ${address}`,
    lists: 'Lo que recibe',
    listsHint: 'Marque lo que desea recibir. Darse de baja tiene efecto de inmediato.',
    noLists: 'No está en ninguna lista.',
    joinHint: 'Si la marca, le pediremos por correo que lo confirme.',
    pendingHint: 'Espera su confirmación mediante el mensaje que le enviamos.',
    leftHint: 'Se ha dado de baja. Márquela para volver.',
    wishes: (list) => `Lo que desea de ${list}`,
    topicsHint: 'Si no marca ninguno, recibe todo.',
    monthly: 'Un número al mes como máximo',
    language: 'Idioma de estas páginas y de nuestros mensajes',
    asBrowser: 'El de mi navegador',
    save: 'Guardar',
    pause: 'Pausa',
    pauseHint: 'Sigue en sus listas y no recibe nada durante un tiempo.',
    pauseFor: 'Cuánto tiempo',
    pauses: { 1: 'Un mes', 3: 'Tres meses', 6: 'Seis meses', open: 'Hasta que la termine' },
    pauseButton: 'Hacer una pausa',
    pausedUntil: (date) => `En pausa hasta el ${date}.`,
    pausedOpen: 'En pausa hasta que usted la termine.',
    resume: 'Terminar la pausa',
    tracking: 'Aperturas y clics',
    trackingHint: {
      both: 'Guardamos cuándo abre un mensaje y qué enlaces sigue, para saber qué se lee.',
      opens: 'Guardamos cuándo abre un mensaje, para saber qué se lee.',
      clicks: 'Guardamos qué enlaces sigue, para saber qué se lee.',
    },
    untrackedHint:
      'No se guarda nada de lo que abre ni de los enlaces que sigue. Los enlaces siguen pasando por este sitio.',
    untrackButton: 'No guardar nada',
    trackButton: 'Volver a guardarlo',
    everything: 'Darse de baja de todo',
    everythingHint: 'Deja todas las listas a la vez.',
    everythingButton: 'Darse de baja de todo',
    address: 'Cambio de dirección',
    addressHint: (address) =>
      `Primero escribimos a ${address} y luego a la dirección nueva. Ambas tienen que confirmar.`,
    newAddress: 'Dirección nueva',
    addressButton: 'Cambiar la dirección',
    data: 'Sus datos',
    dataHint: (address) => `Primero escribimos a ${address}, para que nadie más pueda hacerlo.`,
    exportButton: 'Obtener una copia de mis datos',
    eraseButton: 'Borrar mis datos',
    left: (list) => `Se ha dado de baja de ${list}.`,
    back: (list) => `Vuelve a estar suscrito a ${list}.`,
    asked: (list, address) =>
      `Hemos escrito a ${address}. Abra el enlace de ese mensaje para suscribirse a ${list}.`,
    changed: (list) => `Se ha guardado lo que desea de ${list}.`,
    languageSaved: 'Se ha guardado su idioma.',
    nothing: 'No se ha cambiado nada.',
    pausedDone: 'Hasta entonces no recibirá nada.',
    resumedDone: 'La pausa ha terminado. Recibirá el próximo número.',
    untracked:
      'Desde ahora no se guarda nada de lo que abre ni de los enlaces que sigue. Lo guardado antes desaparece si hace borrar sus datos.',
    tracked: 'A partir del próximo número volvemos a guardar lo que abre y los enlaces que sigue.',
    leftAll: 'Se ha dado de baja de todo.',
    onItsWay: 'Un mensaje que ya esté en camino aún puede llegar.',
    mailed: (address) =>
      `Hemos escrito a ${address}. Abra el enlace de ese mensaje en las próximas 24 horas.`,
    badAddress: 'A esta dirección no puede llegar correo. Escriba una como nombre@example.org.',
    unread: 'No se pudo leer el formulario y no se ha cambiado nada. Inténtelo de nuevo.',
  },
}
