/**
 * K01: features that some readers' mail programs do not have, beyond those that the template is known to work with.
 * Raw, caniemail's data has thousands of remarks on any mail; what `accepted.txt` names beside a template is not told.
 */

import type { Check, CheckInput, Found, Severity } from './check.js'
import { featuresOf, type Use } from './features.js'
import type { Place } from './place.js'
import { readSupport, type Support } from './support.js'

/** Percent of readers. */
const WARN_WITHOUT = 5
const ERROR_WITHOUT = 90
const INFO_IN_PART = 30

const K01: Check = {
  id: 'K01',
  title: 'most readers’ mail programs know what the mail is made of',
  isWaivable: true,
  severities: ['error', 'warn', 'info'],
  run: (input) => [...findUnknown(input), ...findGaps(input)],
}

function findUnknown({ accepted }: CheckInput): readonly Found[] {
  return accepted
    .filter(({ slug }) => !readSupport().has(slug))
    .map(({ slug, file, line }) => ({
      severity: 'warn',
      message: `caniemail.com knows no "${slug}"`,
      hint: 'write the last part of the address that check K01 names',
      file,
      line,
    }))
}

function findGaps(input: CheckInput): readonly Found[] {
  const accepted = new Set(input.accepted.map(({ slug }) => slug))
  return gapsOf(input)
    .filter(({ support }) => !accepted.has(support.slug))
    .map(({ severity, support, place, use: { slug, shown } }) => ({
      severity,
      message: `${support.title} (${shown}) is ${describeGap(support)}`,
      hint: `do without, or accept it by a line "${slug}" in templates/${input.issue.template}/accepted.txt; ${support.url}`,
      ...place,
    }))
}

export interface Gap {
  readonly use: Use
  readonly support: Support
  readonly severity: Severity
  readonly place: Place
}

/**
 * What the issue or its template wrote and some readers lack, accepted or not. What MJML adds by itself is left out:
 * its authors know what holds without, and nobody here can change it.
 */
export function gapsOf({
  page,
  styles,
  placeOf,
}: Pick<CheckInput, 'page' | 'styles' | 'placeOf'>): readonly Gap[] {
  return featuresOf(page, styles).flatMap((use) => {
    const support = readSupport().get(use.slug)
    const severity = support === undefined || TOLD_ELSEWHERE.has(use.slug) ? null : severityOf(support)
    if (support === undefined || severity === null) return []
    const place = use.line === null ? placeOfFirst(use.written, placeOf) : { line: use.line }
    return place === null ? [] : [{ use, support, severity, place }]
  })
}

function placeOfFirst(written: Iterable<string>, placeOf: CheckInput['placeOf']): Place | null {
  for (const words of written) {
    const place = placeOf(words)
    if (place !== null) return place
  }
  return null
}

/** K02, K03, K05, M03 and M04 say more of these, and K07 asks for what tells a program of light and dark. */
const TOLD_ELSEWHERE = new Set(
  (
    'css-variables css-modern-color css-nesting css-at-import css-at-font-face html-form html-video html-audio html-object html-link ' +
    'html-input-text html-input-hidden html-input-checkbox html-input-radio html-input-submit html-input-reset html-select ' +
    'html-textarea html-button-submit html-button-reset css-inline-size css-block-inline-size css-inset css-margin-inline-block ' +
    'css-padding-inline-block css-margin-block-start-end css-margin-inline-start-end css-padding-block-start-end ' +
    'css-padding-inline-start-end css-border-inline-block css-border-radius-logical css-border-inline-block-individual ' +
    'css-border-inline-block-longhand css-max-block-size css-max-inline-size css-min-block-size css-min-inline-size ' +
    'html-meta-color-scheme css-color-scheme css-at-media-prefers-color-scheme ' +
    'image-base64 image-svg image-heif image-tiff image-webp image-avif image-ico image-bmp'
  ).split(' '),
)

/** Null: as good as everyone has it. */
function severityOf({ without, inPart }: Support): Severity | null {
  if (without >= ERROR_WITHOUT) return 'error'
  if (without >= WARN_WITHOUT) return 'warn'
  return inPart >= INFO_IN_PART ? 'info' : null
}

/** What was never tested is neither. */
export function describeGap({ without, inPart, clientsWithout, clientsInPart }: Support): string {
  const parts = [
    ...(without > 0 ? [`not known to ${clientsWithout} (${without} % of readers)`] : []),
    ...(inPart > 0 ? [`known in part to ${clientsInPart} (${inPart} %)`] : []),
  ]
  return parts.join(', ')
}

export const SUPPORT_CHECKS: readonly Check[] = [K01]
