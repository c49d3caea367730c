import type { NoticeWords } from '../notice-words.js'

export const FRENCH_NOTICES: NoticeWords = {
  confirm: ({ list }) => ({
    subject: `Veuillez confirmer votre abonnement : ${list}`,
    heading: 'Encore une étape',
    paragraphs: [
      `Quelqu’un, sans doute vous, a donné cette adresse pour s’abonner à ${list}.`,
      'Veuillez confirmer que vous le souhaitez. D’ici là, rien ne sera envoyé.',
    ],
    quote: null,
    button: 'Confirmer l’abonnement',
    otherwise:
      'Si ce n’était pas vous, il n’y a rien à faire : sans confirmation, personne n’est abonné. Le lien est valable sept jours.',
  }),
  known: ({ list }) => ({
    subject: `Vous êtes déjà abonné : ${list}`,
    heading: 'Vous êtes déjà abonné',
    paragraphs: [
      `Quelqu’un, sans doute vous, a donné cette adresse pour s’abonner à ${list}.`,
      'Elle est déjà abonnée ; rien n’a changé. Vous pouvez voir ici ce que vous recevez, et le modifier.',
    ],
    quote: null,
    button: 'Ouvrir vos préférences',
    otherwise: 'Si ce n’était pas vous, il n’y a rien à faire. Le lien est valable sept jours.',
  }),
  moveFrom: ({ publication, newAddress }) => ({
    subject: 'Veuillez confirmer votre changement d’adresse',
    heading: 'Changer d’adresse ?',
    paragraphs: [
      `Quelqu’un, sans doute vous, a demandé que tout ce que vous recevez de ${publication} soit désormais envoyé à ${newAddress}, et non plus à cette adresse.`,
      'Veuillez le confirmer ici. Un second message partira alors à la nouvelle adresse, pour y être confirmé aussi.',
    ],
    quote: null,
    button: 'Confirmer le changement',
    otherwise:
      'Si ce n’était pas vous, il n’y a rien à faire : sans confirmation, rien ne change. Le lien est valable 24 heures.',
  }),
  moveTo: ({ publication, oldAddress }) => ({
    subject: 'Veuillez confirmer votre nouvelle adresse',
    heading: 'Est-ce votre nouvelle adresse ?',
    paragraphs: [
      `Un lecteur de ${publication}, jusqu’ici à l’adresse ${oldAddress}, a demandé que tout soit désormais envoyé à cette adresse.`,
      'Veuillez confirmer que c’est la vôtre.',
    ],
    quote: null,
    button: 'Confirmer l’adresse',
    otherwise:
      'Si ce n’était pas vous, il n’y a rien à faire : sans confirmation, rien ne sera envoyé ici. Le lien est valable 24 heures.',
  }),
  export: ({ publication }) => ({
    subject: 'La copie de vos données',
    heading: 'La copie de vos données',
    paragraphs: [
      `Quelqu’un, sans doute vous, a demandé une copie de tout ce que ${publication} conserve au sujet de cette adresse.`,
      'Elle se télécharge par ce lien. Ne transmettez pas ce message : quiconque l’a peut télécharger la copie.',
    ],
    quote: null,
    button: 'Aller au téléchargement',
    otherwise: 'Si ce n’était pas vous, il n’y a rien à faire. Le lien est valable 24 heures.',
  }),
  erase: ({ publication }) => ({
    subject: 'Veuillez confirmer l’effacement de vos données',
    heading: 'Effacer vos données ?',
    paragraphs: [
      `Quelqu’un, sans doute vous, a demandé d’effacer tout ce que ${publication} conserve au sujet de cette adresse.`,
      'Tous vos abonnements prendront fin, et cela ne peut pas être annulé. Par ce lien, la question vous sera posée une fois encore.',
    ],
    quote: null,
    button: 'Aller à l’effacement',
    otherwise:
      'Si ce n’était pas vous, il n’y a rien à faire : sans confirmation, rien n’est effacé. Le lien est valable 24 heures.',
  }),
  comment: ({ publication, title, excerpt }) => ({
    subject: 'Veuillez confirmer votre commentaire',
    heading: 'Ce commentaire est-il de vous ?',
    paragraphs: [
      `Quelqu’un, sans doute vous, a écrit un commentaire sous « ${title} », de ${publication}, par le lien du numéro envoyé à cette adresse :`,
    ],
    quote: excerpt,
    button: 'Confirmer le commentaire',
    otherwise:
      'Si ce n’était pas vous, il n’y a rien à faire : sans confirmation, le commentaire n’est pas publié. Le lien est valable sept jours.',
  }),
}
