import type { NoticeWords } from '../notice-words.js'

export const GERMAN_NOTICES: NoticeWords = {
  confirm: ({ list }) => ({
    subject: `Bitte bestätigen Sie Ihr Abonnement: ${list}`,
    heading: 'Noch ein Schritt',
    paragraphs: [
      `Jemand, vermutlich Sie, hat diese Adresse angegeben, um ${list} zu abonnieren.`,
      'Bitte bestätigen Sie, dass Sie das möchten. Vorher wird nichts verschickt.',
    ],
    quote: null,
    button: 'Abonnement bestätigen',
    otherwise:
      'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ohne Bestätigung wird niemand eingetragen. Der Link gilt sieben Tage.',
  }),
  known: ({ list }) => ({
    subject: `Sie beziehen bereits: ${list}`,
    heading: 'Sie sind bereits eingetragen',
    paragraphs: [
      `Jemand, vermutlich Sie, hat diese Adresse angegeben, um ${list} zu abonnieren.`,
      'Sie ist bereits eingetragen; es hat sich nichts geändert. Hier sehen Sie, was Sie beziehen, und können es ändern.',
    ],
    quote: null,
    button: 'Einstellungen öffnen',
    otherwise: 'Wenn Sie es nicht waren, brauchen Sie nichts zu tun. Der Link gilt sieben Tage.',
  }),
  moveFrom: ({ publication, newAddress }) => ({
    subject: 'Bitte bestätigen Sie Ihre neue Adresse',
    heading: 'Adresse ändern?',
    paragraphs: [
      `Jemand, vermutlich Sie, hat darum gebeten, alles, was Sie von ${publication} beziehen, künftig an ${newAddress} zu schicken und nicht mehr an diese Adresse.`,
      'Bitte bestätigen Sie das hier. Danach geht eine zweite Nachricht an die neue Adresse, die dort ebenfalls zu bestätigen ist.',
    ],
    quote: null,
    button: 'Änderung bestätigen',
    otherwise:
      'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ohne Bestätigung ändert sich nichts. Der Link gilt 24 Stunden.',
  }),
  moveTo: ({ publication, oldAddress }) => ({
    subject: 'Bitte bestätigen Sie diese Adresse',
    heading: 'Ist das Ihre neue Adresse?',
    paragraphs: [
      `Jemand, der ${publication} bisher unter ${oldAddress} bezieht, hat darum gebeten, künftig alles an diese Adresse zu schicken.`,
      'Bitte bestätigen Sie, dass es Ihre ist.',
    ],
    quote: null,
    button: 'Adresse bestätigen',
    otherwise:
      'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ohne Bestätigung wird nichts hierher geschickt. Der Link gilt 24 Stunden.',
  }),
  export: ({ publication }) => ({
    subject: 'Die Kopie Ihrer Daten',
    heading: 'Die Kopie Ihrer Daten',
    paragraphs: [
      `Jemand, vermutlich Sie, hat um eine Kopie von allem gebeten, was ${publication} zu dieser Adresse gespeichert hat.`,
      'Hinter diesem Link lässt sie sich herunterladen. Bitte geben Sie diese Nachricht nicht weiter: Wer sie hat, kann die Kopie herunterladen.',
    ],
    quote: null,
    button: 'Zum Herunterladen',
    otherwise: 'Wenn Sie es nicht waren, brauchen Sie nichts zu tun. Der Link gilt 24 Stunden.',
  }),
  erase: ({ publication }) => ({
    subject: 'Bitte bestätigen Sie die Löschung Ihrer Daten',
    heading: 'Ihre Daten löschen?',
    paragraphs: [
      `Jemand, vermutlich Sie, hat darum gebeten, alles zu löschen, was ${publication} zu dieser Adresse gespeichert hat.`,
      'Damit enden auch alle Ihre Abonnements, und es lässt sich nicht rückgängig machen. Hinter diesem Link werden Sie noch einmal gefragt.',
    ],
    quote: null,
    button: 'Zur Löschung',
    otherwise:
      'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ohne Bestätigung wird nichts gelöscht. Der Link gilt 24 Stunden.',
  }),
  comment: ({ publication, title, excerpt }) => ({
    subject: 'Bitte bestätigen Sie Ihren Kommentar',
    heading: 'Ist dieser Kommentar von Ihnen?',
    paragraphs: [
      `Jemand, vermutlich Sie, hat unter „${title}“ von ${publication} einen Kommentar geschrieben, über den Link in der Ausgabe, die an diese Adresse ging:`,
    ],
    quote: excerpt,
    button: 'Kommentar bestätigen',
    otherwise:
      'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ohne Bestätigung wird der Kommentar nicht veröffentlicht. Der Link gilt sieben Tage.',
  }),
}
