/** Text that may be an issue or anything else: every mark of the format, broken, nested and out of place. */

import fc from 'fast-check'

const PIECES = [
  ...['---\n', '\n\n', '\n', '\r\n', '## ', '# ', '### ', '- ', '1. ', '> ', '    ', '```\n', '***\n', '\t'],
  ...[
    '{{subscriber.name}}',
    '{{subscriber.x "y"}}',
    '{{#if subscriber.x}}\n',
    '{{else}}\n',
    '{{/if}}\n',
    '{{',
    '}}',
  ],
  ...[
    '[a](',
    'https://example.com/',
    'javascript:alert(1)',
    ')',
    '![',
    '![a](images/a.png)',
    '](',
    '<https://e.com>',
  ],
  ...[
    '{width=30}',
    '{width=',
    '{.button}',
    '{.pull}',
    '{.briefs}',
    '{.commentary}',
    '{#id}',
    '{lang=ar}',
    '{kicker="K"}',
  ],
  ...[
    '[^1]',
    '[^1]: ',
    '\n\n[^1]: Note.\n\n',
    '[^',
    '^[x]',
    '|a|b|\n|-|-|\n',
    '|',
    'By A and B\n',
    '<b>',
    '<!--',
    '&#xE000;',
  ],
  ...[
    '*',
    '_',
    '~~',
    '`',
    '"',
    "'",
    '\\',
    '\\\n',
    'title: x\n',
    'date: 2026-03-31\n',
    'a',
    'ب',
    '港',
    '\u202e',
    '\ue000',
  ],
]

const piece = fc.oneof(
  { arbitrary: fc.constantFrom(...PIECES), weight: 5 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 20 }), weight: 1 },
)

export const scribble = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))
