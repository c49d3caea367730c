/** What the pages say where people subscribe and confirm. */

import type { Translated } from '../../issue/reader-language.js'
import type { Rhythm } from '../../report/rhythm.js'

export interface SubscribeWords {
  readonly heading: (list: string) => string
  readonly rhythm: Readonly<Record<Rhythm, string>>
  readonly topics: string
  readonly address: string
  readonly addressMissing: string
  /** A browser says it of what can be none. */
  readonly addressLike: string
  readonly name: string
  readonly optional: string
  /** For the field that no person sees. */
  readonly leaveEmpty: string
  readonly button: string
  /** The form came from another site: it is to be sent once more. */
  readonly onceMore: string
  readonly privacy: string
  readonly sent: string
  readonly sentWhat: string
  readonly sentHint: string
  readonly again: string
  readonly form: (list: string) => string
  readonly formWhat: string
  readonly question: (list: string) => string
  readonly questionWhat: (address: string) => string
  readonly confirm: string
  readonly confirmed: (list: string) => string
  readonly confirmedWhat: (address: string) => string
  readonly already: (list: string) => string
  readonly alreadyWhat: string
  /** Confirmed once, and not on it any more. */
  readonly left: (list: string) => string
  readonly leftWhat: string
  readonly anew: string
  /** The List was closed meanwhile, or the address suppressed. */
  readonly notNow: (list: string) => string
  readonly notNowWhat: string
  readonly preferences: string
}

export const SUBSCRIBE_WORDS: Translated<SubscribeWords> = {
  en: {
    heading: (list) => `Subscribe to ${list}`,
    rhythm: {
      daily: 'Comes about every day.',
      weekly: 'Comes about once a week.',
      fortnightly: 'Comes about every two weeks.',
      monthly: 'Comes about once a month.',
      rarely: 'Comes now and then.',
    },
    topics: 'You can choose what you receive:',
    address: 'Email address',
    addressMissing: 'Please enter your email address.',
    addressLike: 'One whole address, such as name@example.org',
    name: 'Name',
    optional: 'optional',
    leaveEmpty: 'Please leave this empty',
    button: 'Subscribe',
    onceMore: 'Is this right? Then please press the button.',
    privacy:
      'You first receive a message in which you confirm. We use your address for these issues alone; each of them has a link to unsubscribe, and to see or erase what we keep about you.',
    sent: 'Please look into your inbox',
    sentWhat:
      'If the address is right, a message is on its way to it. Open the link in it to confirm; nothing else is sent before.',
    sentHint:
      'Nothing there after some minutes? Look into the folder for unwanted mail, or check the address for a slip.',
    again: 'Enter the address once more',
    form: (list) => `A form for ${list}`,
    formWhat: 'Put this where people should be able to subscribe. It needs no script and sets no cookie.',
    question: (list) => `Subscribe to ${list}?`,
    questionWhat: (address) => `The issues will be sent to ${address}.`,
    confirm: 'Confirm the subscription',
    confirmed: (list) => `You are subscribed to ${list}`,
    confirmedWhat: (address) => `The next issue comes to ${address}. There is nothing more to do.`,
    already: (list) => `Your subscription to ${list} was confirmed already`,
    alreadyWhat: 'There is nothing more to do.',
    left: (list) => `You are no longer subscribed to ${list}`,
    leftWhat:
      'This link confirmed your subscription, which has ended since. It works once only, so that an old message never subscribes anybody.',
    anew: 'Subscribe anew',
    notNow: (list) => `You cannot be subscribed to ${list} now`,
    notNowWhat:
      'Either the list takes nobody at present, or no mail may go to this address. If you think that this is a mistake, answer the message that brought you here.',
    preferences: 'Your preferences',
  },
  de: {
    heading: (list) => `${list} abonnieren`,
    rhythm: {
      daily: 'Erscheint ungefähr täglich.',
      weekly: 'Erscheint ungefähr einmal in der Woche.',
      fortnightly: 'Erscheint ungefähr alle zwei Wochen.',
      monthly: 'Erscheint ungefähr einmal im Monat.',
      rarely: 'Erscheint von Zeit zu Zeit.',
    },
    topics: 'Sie können wählen, was Sie bekommen:',
    address: 'E-Mail-Adresse',
    addressMissing: 'Bitte geben Sie Ihre E-Mail-Adresse ein.',
    addressLike: 'Eine ganze Adresse, etwa name@example.org',
    name: 'Name',
    optional: 'freiwillig',
    leaveEmpty: 'Bitte leer lassen',
    button: 'Abonnieren',
    onceMore: 'Stimmt das so? Dann drücken Sie bitte auf die Schaltfläche.',
    privacy:
      'Sie bekommen zuerst eine Nachricht, in der Sie bestätigen. Wir verwenden Ihre Adresse nur für diese Ausgaben; in jeder steht ein Link, um sie abzubestellen und um zu sehen oder zu löschen, was wir über Sie speichern.',
    sent: 'Bitte sehen Sie in Ihr Postfach',
    sentWhat:
      'Wenn die Adresse stimmt, ist eine Nachricht dorthin unterwegs. Öffnen Sie den Link darin, um zu bestätigen; vorher wird nichts weiter verschickt.',
    sentHint:
      'Nach einigen Minuten ist nichts da? Sehen Sie im Ordner für unerwünschte Post nach, oder prüfen Sie die Adresse auf Tippfehler.',
    again: 'Adresse noch einmal eingeben',
    form: (list) => `Ein Formular für ${list}`,
    formWhat:
      'Setzen Sie das dorthin, wo man abonnieren können soll. Es braucht kein Script und setzt kein Cookie.',
    question: (list) => `${list} abonnieren?`,
    questionWhat: (address) => `Die Ausgaben gehen an ${address}.`,
    confirm: 'Abonnement bestätigen',
    confirmed: (list) => `Sie haben ${list} abonniert`,
    confirmedWhat: (address) => `Die nächste Ausgabe geht an ${address}. Es ist nichts weiter zu tun.`,
    already: (list) => `Ihr Abonnement ist schon bestätigt: ${list}`,
    alreadyWhat: 'Es ist nichts weiter zu tun.',
    left: (list) => `Sie haben ${list} nicht mehr abonniert`,
    leftWhat:
      'Dieser Link hat Ihr Abonnement bestätigt; es ist seither beendet. Er gilt nur einmal, damit eine alte Nachricht niemanden anmeldet.',
    anew: 'Neu abonnieren',
    notNow: (list) => `${list} lässt sich zurzeit nicht abonnieren`,
    notNowWhat:
      'Entweder wird zurzeit niemand aufgenommen, oder an diese Adresse darf keine Post gehen. Wenn Sie das für einen Irrtum halten, antworten Sie auf die Nachricht, die Sie hierher geführt hat.',
    preferences: 'Ihre Einstellungen',
  },
  fr: {
    heading: (list) => `S’abonner à ${list}`,
    rhythm: {
      daily: 'Paraît à peu près chaque jour.',
      weekly: 'Paraît à peu près une fois par semaine.',
      fortnightly: 'Paraît à peu près toutes les deux semaines.',
      monthly: 'Paraît à peu près une fois par mois.',
      rarely: 'Paraît de temps en temps.',
    },
    topics: 'Vous pouvez choisir ce que vous recevez :',
    address: 'Adresse électronique',
    addressMissing: 'Veuillez saisir votre adresse électronique.',
    addressLike: 'Une adresse entière, par exemple name@example.org',
    name: 'Nom',
    optional: 'facultatif',
    leaveEmpty: 'Veuillez laisser ce champ vide',
    button: 'S’abonner',
    onceMore: 'Est-ce exact ? Alors, appuyez sur le bouton.',
    privacy:
      'Vous recevez d’abord un message pour confirmer. Nous n’utilisons votre adresse que pour ces numéros ; chacun contient un lien pour se désabonner, et pour voir ou effacer ce que nous conservons à votre sujet.',
    sent: 'Consultez votre boîte de réception',
    sentWhat:
      'Si l’adresse est exacte, un message est en route. Ouvrez le lien qu’il contient pour confirmer ; rien d’autre n’est envoyé auparavant.',
    sentHint:
      'Rien après quelques minutes ? Regardez dans le dossier des courriers indésirables, ou vérifiez l’adresse.',
    again: 'Saisir l’adresse de nouveau',
    form: (list) => `Un formulaire pour ${list}`,
    formWhat:
      'Placez-le là où l’on doit pouvoir s’abonner. Il n’a besoin d’aucun script et ne dépose aucun cookie.',
    question: (list) => `S’abonner à ${list} ?`,
    questionWhat: (address) => `Les numéros seront envoyés à ${address}.`,
    confirm: 'Confirmer l’abonnement',
    confirmed: (list) => `Vous êtes abonné à ${list}`,
    confirmedWhat: (address) => `Le prochain numéro sera envoyé à ${address}. Il n’y a rien d’autre à faire.`,
    already: (list) => `Votre abonnement à ${list} est déjà confirmé`,
    alreadyWhat: 'Il n’y a rien d’autre à faire.',
    left: (list) => `Vous n’êtes plus abonné à ${list}`,
    leftWhat:
      'Ce lien a confirmé votre abonnement, qui a pris fin depuis. Il ne sert qu’une fois, pour qu’un ancien message n’abonne jamais personne.',
    anew: 'S’abonner de nouveau',
    notNow: (list) => `L’abonnement à ${list} n’est pas possible pour le moment`,
    notNowWhat:
      'Soit la liste n’accepte personne pour le moment, soit aucun courrier ne peut être envoyé à cette adresse. Si vous pensez que c’est une erreur, répondez au message qui vous a conduit ici.',
    preferences: 'Vos préférences',
  },
  es: {
    heading: (list) => `Suscribirse a ${list}`,
    rhythm: {
      daily: 'Se publica más o menos a diario.',
      weekly: 'Se publica más o menos una vez por semana.',
      fortnightly: 'Se publica más o menos cada dos semanas.',
      monthly: 'Se publica más o menos una vez al mes.',
      rarely: 'Se publica de vez en cuando.',
    },
    topics: 'Puede elegir lo que recibe:',
    address: 'Dirección de correo',
    addressMissing: 'Escriba su dirección de correo.',
    addressLike: 'Una dirección entera, por ejemplo name@example.org',
    name: 'Nombre',
    optional: 'opcional',
    leaveEmpty: 'Deje este campo vacío',
    button: 'Suscribirse',
    onceMore: '¿Es correcto? Entonces pulse el botón.',
    privacy:
      'Primero recibe un mensaje para confirmar. Usamos su dirección solo para estos números; en cada uno hay un enlace para darse de baja, y para ver o borrar lo que guardamos sobre usted.',
    sent: 'Mire en su buzón',
    sentWhat:
      'Si la dirección es correcta, un mensaje está en camino. Abra el enlace que contiene para confirmar; antes no se envía nada más.',
    sentHint:
      '¿Nada después de unos minutos? Mire en la carpeta de correo no deseado, o revise la dirección.',
    again: 'Escribir la dirección otra vez',
    form: (list) => `Un formulario para ${list}`,
    formWhat: 'Póngalo donde se deba poder suscribirse. No necesita ningún script ni deja ninguna cookie.',
    question: (list) => `¿Suscribirse a ${list}?`,
    questionWhat: (address) => `Los números se enviarán a ${address}.`,
    confirm: 'Confirmar la suscripción',
    confirmed: (list) => `Está suscrito a ${list}`,
    confirmedWhat: (address) => `El próximo número se enviará a ${address}. No tiene que hacer nada más.`,
    already: (list) => `Su suscripción a ${list} ya está confirmada`,
    alreadyWhat: 'No tiene que hacer nada más.',
    left: (list) => `Ya no está suscrito a ${list}`,
    leftWhat:
      'Este enlace confirmó su suscripción, que ha terminado desde entonces. Solo sirve una vez, para que un mensaje antiguo no suscriba a nadie.',
    anew: 'Suscribirse de nuevo',
    notNow: (list) => `Ahora no es posible suscribirse a ${list}`,
    notNowWhat:
      'O la lista no admite a nadie por el momento, o no se puede enviar correo a esta dirección. Si cree que es un error, responda al mensaje que le trajo aquí.',
    preferences: 'Sus preferencias',
  },
}
