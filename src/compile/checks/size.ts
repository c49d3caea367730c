/** S: sizes and bytes that mail programs mind, measured on the worst reader's copy. */

import { walk } from 'css-tree'
import type { Check, CheckInput, Found } from './check.js'
import { GMAIL_CUTS_BYTES, MAX_HTML_BYTES, WARN_HTML_BYTES } from './html-budget.js'
import { ODD_CHARACTERS } from './odd-characters.js'

/** Gmail drops every style sheet behind the first 16 KB; until 2022 it was 8. */
const WARN_STYLE_BYTES = 8_192
const MAX_STYLE_BYTES = 16_384
/** RFC 5322 section 2.1.1, without the line end. A relay that breaks a longer one breaks the DKIM signature. */
const MAX_LINE_BYTES = 998
const WARN_LINE_BYTES = 900
const WARN_IMAGE_BYTES = 1024 * 1024
const WARN_IMAGES_BYTES = 2 * 1024 * 1024

const S01: Check = {
  id: 'S01',
  title: 'the HTML is shorter than where Gmail clips it',
  isWaivable: true,
  severities: ['error', 'warn'],
  run: ({ worst, wire }) => {
    const sizeBytes = Buffer.byteLength(worst.html)
    if (sizeBytes < WARN_HTML_BYTES) return []
    return [
      {
        severity: sizeBytes < MAX_HTML_BYTES ? 'warn' : 'error',
        message: `the HTML has ${count(sizeBytes)} bytes for ${worst.label} (the whole message, encoded: ${count(wire.length)}); Gmail cuts it off near ${count(GMAIL_CUTS_BYTES)}`,
        hint: `shorten the issue below ${count(WARN_HTML_BYTES)}`,
        line: null,
      },
    ]
  },
}

const S02: Check = {
  id: 'S02',
  title: 'the style sheets are shorter than what Gmail keeps of them',
  isWaivable: false,
  severities: ['error', 'warn'],
  run: (input) => {
    const sizeBytes = input.styles.reduce((sum, { css }) => sum + Buffer.byteLength(css), 0)
    if (sizeBytes < WARN_STYLE_BYTES) return []
    return [
      {
        severity: sizeBytes < MAX_STYLE_BYTES ? 'warn' : 'error',
        message: `all <style> together has ${count(sizeBytes)} bytes; Gmail keeps ${count(MAX_STYLE_BYTES)}`,
        hint: 'write looks into <mj-style inline="inline">, which becomes style="…"',
        ...inTemplate(input),
      },
    ]
  },
}

const S03: Check = {
  id: 'S03',
  title: 'the style sheets have no error, and no at-rule within another',
  isWaivable: false,
  severities: ['error'],
  run: (input) => {
    const errors = input.styles.flatMap((style) => style.errors)
    const nested = input.styles.flatMap(({ tree }) => {
      const rules: string[] = []
      walk(tree, function (node) {
        // In @media another at-rule is nested; Gmail then drops the whole <style>.
        if (node.type === 'Atrule' && this.atrule) rules.push(`@${node.name} in @${this.atrule.name}`)
      })
      return rules
    })
    return [
      ...errors.map((message) => ({ message: `a style sheet has an error: ${message}`, hint: 'mend it' })),
      ...nested.map((rule) => ({
        message: `a style sheet has ${rule}, for which Gmail drops all of it`,
        hint: 'write them beside each other',
      })),
    ].map((found) => ({ severity: 'error', ...found, ...inTemplate(input) }))
  },
}

const S04: Check = {
  id: 'S04',
  title: 'no line of the message is longer than mail allows',
  isWaivable: false,
  severities: ['error', 'warn'],
  run: ({ wire }) => {
    const lines = Buffer.from(wire).toString('latin1').split('\r\n')
    return lines
      .filter(({ length }) => length > WARN_LINE_BYTES)
      .map(
        (line): Found => ({
          severity: line.length > MAX_LINE_BYTES ? 'error' : 'warn',
          message: `a line of the message has ${count(line.length)} bytes, of ${MAX_LINE_BYTES} at most: "${line.slice(0, 40)}…"`,
          hint: line.startsWith('List-Unsubscribe') ? 'the public URL must be shorter' : 'shorten it',
          line: null,
        }),
      )
  },
}

const S06: Check = {
  id: 'S06',
  title: 'the pictures load fast: none above 1 MB, all together below 2 MB',
  isWaivable: false,
  severities: ['warn'],
  run: ({ compiled, page }) => {
    const heavy = compiled.images.filter(({ sizeBytes }) => sizeBytes > WARN_IMAGE_BYTES)
    const sumBytes = compiled.images.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const lineOf = (sha256: string) =>
      page.elements.find(({ attributes }) => attributes.src?.includes(sha256))?.line ?? null
    return [
      ...heavy.map(
        ({ sha256, ext, sizeBytes }): Found => ({
          severity: 'warn',
          message: `this picture${ext === 'gif' ? ' (a gif, perhaps animated)' : ''} has ${megabytes(sizeBytes)}`,
          hint: 'make it smaller than 1 MB',
          line: lineOf(sha256),
        }),
      ),
      ...(sumBytes > WARN_IMAGES_BYTES
        ? [
            {
              severity: 'warn' as const,
              message: `the pictures have ${megabytes(sumBytes)} together`,
              hint: 'keep them below 2 MB',
              line: null,
            },
          ]
        : []),
    ]
  },
}

function inTemplate({ issue }: CheckInput): Pick<Found, 'file' | 'line'> {
  return { file: `templates/${issue.template}/email.mjml`, line: null }
}

function count(bytes: number): string {
  return bytes.toLocaleString('en')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

export const SIZE_CHECKS: readonly Check[] = [S01, S02, S03, S04, ODD_CHARACTERS, S06]
