/**
 * C: what the template made of the issue's words. Most of these keep a file from being compiled at all: they are
 * thrown as InputErrors by what reads it, with their id, and `run` has nothing left to find.
 */

import { unreachable } from '../../errors.js'
import type { Holed } from '../compiled.js'
import type { Check, CheckInput, Found } from './check.js'
import { DECLARED_HOLES } from './declared-holes.js'
import { splitSentence } from './finding.js'
import { findBadPlaces } from './hole-place.js'
import { LEFTOVER } from './leftover.js'
import { namesIn } from './samples.js'

const REFUSED: readonly Check[] = [
  refused('C01', 'MJML finds nothing wrong with the template'),
  refused('C02', 'every mj- tag of the template is closed, in order'),
  refused('C03', 'no text of the template stands where MJML would drop it'),
  refused('C04', 'nothing is included by <mj-include>, which MJML drops in silence'),
  refused('C05', 'every name, helper and partial that the template uses exists'),
]

const C07: Check = {
  id: 'C07',
  title: 'every hole shows something to a reader of whom nothing is known',
  isWaivable: true,
  severities: ['error'],
  run: (input) => {
    const { subject, html, text } = input.compiled
    const whole = [...subject, ...html, ...text]
    return [
      ...(namesIn(whole).includes(ADDRESS_COLUMN) ? [describeUnknown(input)] : []),
      ...[...new Set(emptyNames(whole, null))].map((name) => describeEmpty(name, input)),
    ]
  },
}

/** An import reads this column as the address; it is an attribute of nobody. */
const ADDRESS_COLUMN = 'email'

/** Of holes without a fallback that are shown to those without the value; `known` has one where these stand. */
function emptyNames(holed: Holed, known: string | null): readonly string[] {
  return holed.flatMap((piece): readonly string[] => {
    if (typeof piece === 'string') return []
    switch (piece.kind) {
      case 'token':
        return []
      case 'person':
        return piece.fallback.trim() === '' && ![known, 'address', ADDRESS_COLUMN].includes(piece.name)
          ? [piece.name]
          : []
      case 'choice':
        return [...emptyNames(piece.present, piece.name), ...emptyNames(piece.absent, null)]
      default:
        return unreachable(piece)
    }
  })
}

function describeEmpty(name: string, input: CheckInput): Found {
  return {
    severity: 'error',
    message: `{{subscriber.${name}}} is empty for a reader of whom no ${name} is known`,
    hint: `write {{subscriber.${name} "something"}}, or a passage {{#if subscriber.${name}}}`,
    ...placeOf(`{{subscriber.${name}}}`, input),
  }
}

function describeUnknown(input: CheckInput): Found {
  return {
    severity: 'error',
    message: `subscriber.${ADDRESS_COLUMN} is known of nobody`,
    hint: 'write {{subscriber.address}}',
    ...placeOf(`subscriber.${ADDRESS_COLUMN}`, input),
  }
}

/** Where the editor wrote it; else the template did. */
function placeOf(written: string, { source, issue }: CheckInput): Pick<Found, 'line' | 'file'> {
  const index = source.split('\n').findIndex((line) => line.includes(written))
  return index === -1 ? { line: null, file: `templates/${issue.template}/email.mjml` } : { line: index + 1 }
}

const C08: Check = {
  id: 'C08',
  title: 'what is personal stands in text or in a quoted attribute of the HTML',
  isWaivable: false,
  severities: ['error'],
  run: ({ compiled, issue }) =>
    findBadPlaces(compiled.html).map((place) => ({
      severity: 'error',
      message: `a hole stands ${place}`,
      hint: 'put it into text, or into quotes',
      line: null,
      file: `templates/${issue.template}/email.mjml`,
    })),
}

const C09: Check = {
  id: 'C09',
  title: 'issue file and newsletter.yaml are written in their format, and every waiver lets something pass',
  isWaivable: false,
  severities: ['error', 'warn'],
  run: ({ issue }) =>
    issue.warnings.map(({ line, message }) => ({ severity: 'warn', ...splitSentence(message), line })),
}

const C10: Check = {
  id: 'C10',
  title: 'two compiles of the issue are the same',
  isWaivable: true,
  severities: ['warn'],
  run: ({ compiled, again, issue }) =>
    (['html', 'text', 'web'] as const).flatMap((part) => {
      const [one, other] = [JSON.stringify(compiled[part]), JSON.stringify(again[part])]
      if (one === other) return []
      return [
        {
          severity: 'warn',
          message: `two compiles differ (… ${showDifference(one, other)} …)`,
          hint: 'the template makes something at random, as mj-navbar and mj-carousel do; take it out',
          line: null,
          file: `templates/${issue.template}/${part === 'web' ? 'web.hbs' : 'email.mjml'}`,
        },
      ]
    }),
}

function showDifference(one: string, other: string): string {
  let at = 0
  while (one[at] === other[at]) at += 1
  return one.slice(Math.max(0, at - 20), at + 20)
}

function refused(id: string, title: string): Check {
  return { id, title, isWaivable: false, severities: ['error'], run: () => [] }
}

export const CONTENT_CHECKS: readonly Check[] = [...REFUSED, LEFTOVER, C07, C08, C09, C10, DECLARED_HOLES]
