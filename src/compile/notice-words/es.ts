import type { NoticeWords } from '../notice-words.js'

export const SPANISH_NOTICES: NoticeWords = {
  confirm: ({ list }) => ({
    subject: `Confirme su suscripción: ${list}`,
    heading: 'Falta un paso',
    paragraphs: [
      `Alguien, probablemente usted, dio esta dirección para suscribirse a ${list}.`,
      'Confirme, por favor, que lo desea. Hasta entonces no se enviará nada.',
    ],
    quote: null,
    button: 'Confirmar la suscripción',
    otherwise:
      'Si no fue usted, no tiene que hacer nada: sin confirmación no se suscribe a nadie. El enlace vale siete días.',
  }),
  known: ({ list }) => ({
    subject: `Ya está suscrito: ${list}`,
    heading: 'Ya está suscrito',
    paragraphs: [
      `Alguien, probablemente usted, dio esta dirección para suscribirse a ${list}.`,
      'Ya está suscrita, y nada ha cambiado. Aquí puede ver lo que recibe, y cambiarlo.',
    ],
    quote: null,
    button: 'Abrir sus preferencias',
    otherwise: 'Si no fue usted, no tiene que hacer nada. El enlace vale siete días.',
  }),
  moveFrom: ({ publication, newAddress }) => ({
    subject: 'Confirme su cambio de dirección',
    heading: '¿Cambiar su dirección?',
    paragraphs: [
      `Alguien, probablemente usted, pidió que todo lo que recibe de ${publication} se envíe desde ahora a ${newAddress}, y ya no a esta dirección.`,
      'Confírmelo aquí, por favor. Después irá un segundo mensaje a la nueva dirección, para confirmarlo también allí.',
    ],
    quote: null,
    button: 'Confirmar el cambio',
    otherwise:
      'Si no fue usted, no tiene que hacer nada: sin confirmación no cambia nada. El enlace vale 24 horas.',
  }),
  moveTo: ({ publication, oldAddress }) => ({
    subject: 'Confirme su nueva dirección',
    heading: '¿Es esta su nueva dirección?',
    paragraphs: [
      `Un lector de ${publication}, hasta ahora en ${oldAddress}, pidió que desde ahora todo se envíe a esta dirección.`,
      'Confirme, por favor, que es la suya.',
    ],
    quote: null,
    button: 'Confirmar la dirección',
    otherwise:
      'Si no fue usted, no tiene que hacer nada: sin confirmación no se enviará nada aquí. El enlace vale 24 horas.',
  }),
  export: ({ publication }) => ({
    subject: 'La copia de sus datos',
    heading: 'La copia de sus datos',
    paragraphs: [
      `Alguien, probablemente usted, pidió una copia de todo lo que ${publication} guarda sobre esta dirección.`,
      'Puede descargarla desde este enlace. No reenvíe este mensaje: quien lo tenga puede descargar la copia.',
    ],
    quote: null,
    button: 'Ir a la descarga',
    otherwise: 'Si no fue usted, no tiene que hacer nada. El enlace vale 24 horas.',
  }),
  erase: ({ publication }) => ({
    subject: 'Confirme la supresión de sus datos',
    heading: '¿Borrar sus datos?',
    paragraphs: [
      `Alguien, probablemente usted, pidió borrar todo lo que ${publication} guarda sobre esta dirección.`,
      'Con ello terminan todas sus suscripciones, y no se puede deshacer. En este enlace se le preguntará una vez más.',
    ],
    quote: null,
    button: 'Ir a la supresión',
    otherwise:
      'Si no fue usted, no tiene que hacer nada: sin confirmación no se borra nada. El enlace vale 24 horas.',
  }),
  comment: ({ publication, title, excerpt }) => ({
    subject: 'Confirme su comentario',
    heading: '¿Es suyo este comentario?',
    paragraphs: [
      `Alguien, probablemente usted, escribió un comentario en «${title}», de ${publication}, con el enlace del número enviado a esta dirección:`,
    ],
    quote: excerpt,
    button: 'Confirmar el comentario',
    otherwise:
      'Si no fue usted, no tiene que hacer nada: sin confirmación el comentario no se publica. El enlace vale siete días.',
  }),
}
