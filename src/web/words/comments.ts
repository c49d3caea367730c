/** What is said around comments: under an Issue, on the page to write one, and where the mailbox confirms it. */

import type { Translated } from '../../issue/reader-language.js'
import type { CommentProblem } from '../../track/comment-text.js'

export interface CommentWords {
  /** Above those that are shown. */
  readonly count: (count: number) => string
  readonly heading: string
  readonly none: string
  /** How to write one. */
  readonly how: string
  readonly closed: string
  readonly earlier: (count: number) => string
  /** The form. */
  readonly question: (title: string) => string
  readonly what: string
  readonly name: string
  readonly nameHint: string
  readonly text: string
  readonly textHint: string
  readonly button: string
  readonly back: string
  readonly problems: Readonly<Record<CommentProblem, string>>
  readonly tooMany: string
  /** Where nobody may write one, or this person may not. */
  readonly notHere: string
  readonly notHereWhat: string
  /** Of an Issue that went to private Lists alone: its mail was written before its List was known. */
  readonly privateHeading: string
  readonly privateWhat: string
  readonly closedHeading: string
  readonly closedWhat: string
  readonly onlySubscribers: string
  readonly onlySubscribersWhat: string
  readonly held: string
  readonly heldWhat: string
  readonly asked: string
  readonly askedWhat: (address: string) => string
  /** The page behind the link in the mail. */
  readonly confirm: string
  readonly confirmWhat: (title: string) => string
  readonly confirmButton: string
  readonly under: (name: string) => string
  readonly gone: string
  readonly goneWhat: string
}

export const COMMENT_WORDS: Translated<CommentWords> = {
  en: {
    count: (count) => (count === 1 ? '1 comment' : `${count} comments`),
    heading: 'Comments',
    none: 'No comments yet.',
    how: 'Subscribers write one through the link “Comment” in their copy.',
    closed: 'Comments are closed.',
    earlier: (count) =>
      count === 1 ? '1 earlier comment is not shown.' : `${count} earlier comments are not shown.`,
    question: (title) => `Comment on “${title}”`,
    what: 'It appears below the issue, under the name you give here, once the editors have read it.',
    name: 'Your name',
    nameHint: 'As everybody will see it. Your address is shown to nobody.',
    text: 'Your comment',
    textHint: 'Up to 5,000 characters; an empty line begins a new paragraph.',
    button: 'Send the comment',
    back: 'Back to the issue',
    problems: {
      nameMissing: 'Please give a name.',
      nameLong: 'The name is longer than 80 characters; please shorten it.',
      nameLink: 'A name cannot hold a link.',
      textMissing: 'There is nothing written here yet.',
      textLong: 'The comment is longer than 5,000 characters; please shorten it.',
      links: 'The comment holds more than three links; please leave some out.',
    },
    tooMany: 'There have been many comments today. Please try again tomorrow; your words are still here.',
    notHere: 'This issue takes no comments',
    notHereWhat: 'You can answer the message you received; it reaches the editors.',
    privateHeading: 'Comments are for public issues',
    privateWhat:
      'This issue went to a private list, so it has no public page where a comment could stand. You can answer the message you received; it reaches the editors.',
    closedHeading: 'Comments are closed',
    closedWhat:
      'This issue takes no new ones. You can answer the message you received; it reaches the editors.',
    onlySubscribers: 'Comments are for subscribers',
    onlySubscribersWhat: 'You have unsubscribed from the list that this copy went to.',
    held: 'Thank you for your comment',
    heldWhat: 'The editors will read it. It appears below the issue when they have.',
    asked: 'One more step: look into your mailbox',
    askedWhat: (address) =>
      `We have sent a message to ${address}, since issues are forwarded and others may hold this link. Follow the link in it within seven days, and your comment goes to the editors.`,
    confirm: 'Is this comment yours?',
    confirmWhat: (title) =>
      `It was written about “${title}”, through the link in your copy. If it is not yours, do nothing: it is forgotten after a week.`,
    confirmButton: 'Yes, it is mine',
    under: (name) => `Under the name: ${name}`,
    gone: 'This comment is not there any more',
    goneWhat: 'It was not confirmed in time, or it was erased.',
  },
  de: {
    count: (count) => (count === 1 ? '1 Kommentar' : `${count} Kommentare`),
    heading: 'Kommentare',
    none: 'Noch keine Kommentare.',
    how: 'Abonnentinnen und Abonnenten schreiben einen über den Link „Kommentieren“ in ihrer Ausgabe.',
    closed: 'Die Kommentare sind geschlossen.',
    earlier: (count) =>
      count === 1
        ? '1 früherer Kommentar wird nicht gezeigt.'
        : `${count} frühere Kommentare werden nicht gezeigt.`,
    question: (title) => `„${title}“ kommentieren`,
    what: 'Der Kommentar erscheint unter der Ausgabe, mit dem Namen, den Sie hier angeben, sobald die Redaktion ihn gelesen hat.',
    name: 'Ihr Name',
    nameHint: 'So, wie ihn alle sehen werden. Ihre Adresse wird niemandem gezeigt.',
    text: 'Ihr Kommentar',
    textHint: 'Bis zu 5.000 Zeichen; eine leere Zeile beginnt einen neuen Absatz.',
    button: 'Kommentar abschicken',
    back: 'Zurück zur Ausgabe',
    problems: {
      nameMissing: 'Bitte geben Sie einen Namen an.',
      nameLong: 'Der Name ist länger als 80 Zeichen; bitte kürzen Sie ihn.',
      nameLink: 'Ein Name kann keinen Link enthalten.',
      textMissing: 'Hier steht noch nichts.',
      textLong: 'Der Kommentar ist länger als 5.000 Zeichen; bitte kürzen Sie ihn.',
      links: 'Der Kommentar enthält mehr als drei Links; bitte lassen Sie einige weg.',
    },
    tooMany:
      'Heute gab es viele Kommentare. Bitte versuchen Sie es morgen noch einmal; Ihr Text steht noch hier.',
    notHere: 'Zu dieser Ausgabe gibt es keine Kommentare',
    notHereWhat:
      'Sie können auf die Nachricht antworten, die Sie bekommen haben; das erreicht die Redaktion.',
    privateHeading: 'Kommentare gibt es zu öffentlichen Ausgaben',
    privateWhat:
      'Diese Ausgabe ging an eine geschlossene Liste und hat keine öffentliche Seite, auf der ein Kommentar stehen könnte. Sie können auf die Nachricht antworten, die Sie bekommen haben; das erreicht die Redaktion.',
    closedHeading: 'Die Kommentare sind geschlossen',
    closedWhat:
      'Zu dieser Ausgabe kommen keine neuen mehr hinzu. Sie können auf die Nachricht antworten, die Sie bekommen haben; das erreicht die Redaktion.',
    onlySubscribers: 'Kommentieren können Abonnentinnen und Abonnenten',
    onlySubscribersWhat: 'Sie haben die Liste abbestellt, an die diese Ausgabe ging.',
    held: 'Danke für Ihren Kommentar',
    heldWhat: 'Die Redaktion wird ihn lesen. Danach erscheint er unter der Ausgabe.',
    asked: 'Noch ein Schritt: Sehen Sie in Ihr Postfach',
    askedWhat: (address) =>
      `Wir haben eine Nachricht an ${address} geschickt, denn Ausgaben werden weitergeleitet, und andere könnten diesen Link haben. Folgen Sie dem Link darin innerhalb von sieben Tagen, dann geht Ihr Kommentar an die Redaktion.`,
    confirm: 'Ist dieser Kommentar von Ihnen?',
    confirmWhat: (title) =>
      `Er wurde zu „${title}“ geschrieben, über den Link in Ihrer Ausgabe. Ist er nicht von Ihnen, tun Sie nichts: Nach einer Woche wird er vergessen.`,
    confirmButton: 'Ja, er ist von mir',
    under: (name) => `Unter dem Namen: ${name}`,
    gone: 'Diesen Kommentar gibt es nicht mehr',
    goneWhat: 'Er wurde nicht rechtzeitig bestätigt, oder er wurde gelöscht.',
  },
  fr: {
    count: (count) => (count === 1 ? '1 commentaire' : `${count} commentaires`),
    heading: 'Commentaires',
    none: 'Pas encore de commentaires.',
    how: 'Les abonnés en écrivent un par le lien « Commenter » de leur exemplaire.',
    closed: 'Les commentaires sont clos.',
    earlier: (count) =>
      count === 1
        ? '1 commentaire plus ancien n’est pas affiché.'
        : `${count} commentaires plus anciens ne sont pas affichés.`,
    question: (title) => `Commenter « ${title} »`,
    what: 'Le commentaire paraît sous le numéro, avec le nom indiqué ici, une fois que la rédaction l’a lu.',
    name: 'Votre nom',
    nameHint: 'Tel que tout le monde le verra. Votre adresse n’est montrée à personne.',
    text: 'Votre commentaire',
    textHint: 'Jusqu’à 5 000 caractères ; une ligne vide commence un nouveau paragraphe.',
    button: 'Envoyer le commentaire',
    back: 'Retour au numéro',
    problems: {
      nameMissing: 'Veuillez indiquer un nom.',
      nameLong: 'Le nom dépasse 80 caractères ; veuillez l’abréger.',
      nameLink: 'Un nom ne peut pas contenir de lien.',
      textMissing: 'Rien n’est encore écrit ici.',
      textLong: 'Le commentaire dépasse 5 000 caractères ; veuillez l’abréger.',
      links: 'Le commentaire contient plus de trois liens ; veuillez en retirer.',
    },
    tooMany:
      'Il y a eu beaucoup de commentaires aujourd’hui. Veuillez réessayer demain ; votre texte est toujours là.',
    notHere: 'Ce numéro n’accepte pas de commentaires',
    notHereWhat: 'Vous pouvez répondre au message reçu ; la rédaction le lira.',
    privateHeading: 'Les commentaires sont réservés aux numéros publics',
    privateWhat:
      'Ce numéro a été envoyé à une liste privée : aucune page publique ne pourrait montrer un commentaire. Vous pouvez répondre au message reçu ; la rédaction le lira.',
    closedHeading: 'Les commentaires sont clos',
    closedWhat: 'Ce numéro n’en accepte plus. Vous pouvez répondre au message reçu ; la rédaction le lira.',
    onlySubscribers: 'Les commentaires sont réservés aux abonnés',
    onlySubscribersWhat: 'Vous vous êtes désabonné de la liste à laquelle cet exemplaire a été envoyé.',
    held: 'Merci de votre commentaire',
    heldWhat: 'La rédaction va le lire. Il paraîtra ensuite sous le numéro.',
    asked: 'Encore une étape : regardez dans votre boîte aux lettres',
    askedWhat: (address) =>
      `Nous avons envoyé un message à ${address}, car les numéros sont transférés et d’autres peuvent avoir ce lien. Suivez le lien qu’il contient dans les sept jours, et votre commentaire sera transmis à la rédaction.`,
    confirm: 'Ce commentaire est-il de vous ?',
    confirmWhat: (title) =>
      `Il a été écrit à propos de « ${title} », par le lien de votre exemplaire. S’il n’est pas de vous, ne faites rien : il sera oublié au bout d’une semaine.`,
    confirmButton: 'Oui, il est de moi',
    under: (name) => `Sous le nom : ${name}`,
    gone: 'Ce commentaire n’existe plus',
    goneWhat: 'Il n’a pas été confirmé à temps, ou il a été effacé.',
  },
  es: {
    count: (count) => (count === 1 ? '1 comentario' : `${count} comentarios`),
    heading: 'Comentarios',
    none: 'Todavía no hay comentarios.',
    how: 'Los suscriptores escriben uno con el enlace «Comentar» de su ejemplar.',
    closed: 'Los comentarios están cerrados.',
    earlier: (count) =>
      count === 1
        ? 'No se muestra 1 comentario anterior.'
        : `No se muestran ${count} comentarios anteriores.`,
    question: (title) => `Comentar «${title}»`,
    what: 'El comentario aparece debajo del número, con el nombre que indique aquí, cuando la redacción lo haya leído.',
    name: 'Su nombre',
    nameHint: 'Tal como lo verá todo el mundo. Su dirección no se muestra a nadie.',
    text: 'Su comentario',
    textHint: 'Hasta 5000 caracteres; una línea vacía empieza un párrafo nuevo.',
    button: 'Enviar el comentario',
    back: 'Volver al número',
    problems: {
      nameMissing: 'Indique un nombre.',
      nameLong: 'El nombre tiene más de 80 caracteres; acórtelo.',
      nameLink: 'Un nombre no puede contener un enlace.',
      textMissing: 'Aquí todavía no hay nada escrito.',
      textLong: 'El comentario tiene más de 5000 caracteres; acórtelo.',
      links: 'El comentario contiene más de tres enlaces; quite alguno.',
    },
    tooMany: 'Hoy ha habido muchos comentarios. Inténtelo de nuevo mañana; su texto sigue aquí.',
    notHere: 'Este número no admite comentarios',
    notHereWhat: 'Puede responder al mensaje que recibió; llega a la redacción.',
    privateHeading: 'Los comentarios son para los números públicos',
    privateWhat:
      'Este número se envió a una lista privada, así que no tiene página pública donde mostrar un comentario. Puede responder al mensaje que recibió; llega a la redacción.',
    closedHeading: 'Los comentarios están cerrados',
    closedWhat: 'Este número ya no admite más. Puede responder al mensaje que recibió; llega a la redacción.',
    onlySubscribers: 'Los comentarios son para suscriptores',
    onlySubscribersWhat: 'Se ha dado de baja de la lista a la que se envió este ejemplar.',
    held: 'Gracias por su comentario',
    heldWhat: 'La redacción lo leerá. Después aparecerá debajo del número.',
    asked: 'Un paso más: mire en su buzón',
    askedWhat: (address) =>
      `Hemos enviado un mensaje a ${address}, porque los números se reenvían y otras personas pueden tener este enlace. Siga el enlace que contiene en un plazo de siete días y su comentario llegará a la redacción.`,
    confirm: '¿Es suyo este comentario?',
    confirmWhat: (title) =>
      `Se escribió sobre «${title}», con el enlace de su ejemplar. Si no es suyo, no haga nada: se olvidará al cabo de una semana.`,
    confirmButton: 'Sí, es mío',
    under: (name) => `Con el nombre: ${name}`,
    gone: 'Este comentario ya no existe',
    goneWhat: 'No se confirmó a tiempo o se borró.',
  },
}
