/** The part `utm:` of newsletter.yaml: `off`, or what is added to links, and to which. */

import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { line, lines, optional } from './fields.js'
import { nearest } from './nearest.js'
import { UTM_KEYS, UTM_PLACE, UTM_PLACES, type Utm } from './utm.js'

const MAX_VALUE = 200
const MAX_DOMAINS = 50
const PLACES = UTM_PLACES.map((place) => `{${place}}`).join(', ')
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/

function value(key: string, example: string) {
  return optional(
    line(key, example).transform((text, context) => {
      const complain = (message: string) =>
        context.addIssue({ code: 'custom', message: `"${key}" ${message}` })
      if (text.length > MAX_VALUE) complain(`has ${text.length} characters; ${MAX_VALUE} are the most`)
      const places = [...text.matchAll(UTM_PLACE)].map(([, name = '']) => name)
      const strange = places.find((name) => !UTM_PLACES.some((place) => place === name))
      if (strange !== undefined) complain(`holds {${strange}}; ${adviseOn(strange)}`)
      else if (/[{}]/.test(text.replace(UTM_PLACE, '')))
        complain(`holds a brace that belongs to no place; there are ${PLACES}`)
      return text
    }),
  )
}

function adviseOn(place: string): string {
  const near = nearest(place, UTM_PLACES)
  return near === null ? `there are ${PLACES}` : `did you mean {${near}}?`
}

const fields = z.strictObject(
  {
    source: value('source', 'harbour-brief'),
    medium: value('medium', 'email'),
    campaign: value('campaign', '"{issue}"'),
    content: value('content', '"{section}"'),
    only: lines('only', {
      most: MAX_DOMAINS,
      example: 'example.com',
      describeBad: (text) =>
        asDomain(text) === null ? 'is no domain; write it like example.com, without https://' : null,
    }),
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type'
        ? '"utm" wants off, or keys below it, such as source: harbour-brief'
        : undefined,
  },
)

export const UTM_FILE_KEYS: readonly string[] = Object.keys(fields.shape)

/** Null: nothing is added. */
export const utmSchema = z.preprocess(
  (given) => (given === undefined || given === 'off' ? null : given),
  fields
    .transform(({ only, ...values }, context): Utm => {
      const given = UTM_KEYS.flatMap((key) => (values[key] === null ? [] : [[key, values[key]] as const]))
      if (given.length === 0 && context.issues.length === 0)
        context.addIssue({
          code: 'custom',
          message: `"utm" adds nothing; give one of ${UTM_KEYS.join(', ')}, as in source: harbour-brief`,
        })
      return { values: Object.fromEntries(given), only: only.flatMap((text) => asDomain(text) ?? []) }
    })
    .nullable(),
)

function asDomain(text: string): string | null {
  const ascii = /[/:@\s]/.test(text) ? '' : domainToASCII(text.toLowerCase())
  return DOMAIN.test(ascii) ? ascii : null
}
