import type { NoticeWords } from '../notice-words.js'

export const ENGLISH_NOTICES: NoticeWords = {
  confirm: ({ list }) => ({
    subject: `Please confirm your subscription to ${list}`,
    heading: 'One more step',
    paragraphs: [
      `Someone, probably you, gave this address to subscribe to ${list}.`,
      'Please confirm that you want it. Until you do, nothing will be sent.',
    ],
    quote: null,
    button: 'Confirm the subscription',
    otherwise:
      'If it was not you, there is nothing to do: without a confirmation nobody is subscribed. The link works for seven days.',
  }),
  known: ({ list }) => ({
    subject: `You are already subscribed to ${list}`,
    heading: 'You are already subscribed',
    paragraphs: [
      `Someone, probably you, gave this address to subscribe to ${list}.`,
      'It is already subscribed, so nothing has changed. Here is what you receive, and you can change it there.',
    ],
    quote: null,
    button: 'Open your preferences',
    otherwise: 'If it was not you, there is nothing to do. The link works for seven days.',
  }),
  moveFrom: ({ publication, newAddress }) => ({
    subject: 'Please confirm your change of address',
    heading: 'Change your address?',
    paragraphs: [
      `Someone, probably you, asked that all you receive from ${publication} be sent to ${newAddress} from now on, and no longer to this address.`,
      'Please confirm it here. A second message will then go to the new address, to be confirmed there too.',
    ],
    quote: null,
    button: 'Confirm the change',
    otherwise:
      'If it was not you, there is nothing to do: without a confirmation nothing changes. The link works for 24 hours.',
  }),
  moveTo: ({ publication, oldAddress }) => ({
    subject: 'Please confirm your new address',
    heading: 'Is this your new address?',
    paragraphs: [
      `A reader of ${publication}, until now at ${oldAddress}, asked that everything be sent to this address from now on.`,
      'Please confirm that it is yours.',
    ],
    quote: null,
    button: 'Confirm the address',
    otherwise:
      'If it was not you, there is nothing to do: without a confirmation nothing is sent here. The link works for 24 hours.',
  }),
  export: ({ publication }) => ({
    subject: 'Your copy of your data',
    heading: 'Your copy of your data',
    paragraphs: [
      `Someone, probably you, asked for a copy of all that ${publication} keeps about this address.`,
      'It can be downloaded behind this link. Please do not pass this message on: whoever has it can download the copy.',
    ],
    quote: null,
    button: 'Go to the download',
    otherwise: 'If it was not you, there is nothing to do. The link works for 24 hours.',
  }),
  erase: ({ publication }) => ({
    subject: 'Please confirm the erasure of your data',
    heading: 'Erase your data?',
    paragraphs: [
      `Someone, probably you, asked us to erase all that ${publication} keeps about this address.`,
      'All your subscriptions end with it, and it cannot be undone. Behind this link you are asked once more.',
    ],
    quote: null,
    button: 'Go to the erasure',
    otherwise:
      'If it was not you, there is nothing to do: without a confirmation nothing is erased. The link works for 24 hours.',
  }),
  comment: ({ publication, title, excerpt }) => ({
    subject: 'Please confirm your comment',
    heading: 'Is this comment yours?',
    paragraphs: [
      `Someone, probably you, wrote a comment under “${title}” from ${publication}, by the link in the issue sent to this address:`,
    ],
    quote: excerpt,
    button: 'Confirm the comment',
    otherwise:
      'If it was not you, there is nothing to do: without a confirmation the comment is not published. The link works for seven days.',
  }),
}
