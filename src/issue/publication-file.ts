/** Reads `issues/newsletter.yaml` into a Publication. Pure; all problems at once, each with its line. */

import { z } from 'zod'
import { InputError } from '../errors.js'
import { attributeTypes } from './attribute-types.js'
import { BRAND_KEYS, brandSchema, PLAIN_BRAND } from './brand-file.js'
import { describeForbidden } from './characters.js'
import { commentRule } from './comment-rule.js'
import { line, lines, optional } from './fields.js'
import { readHeaderField } from './header-field.js'
import { canonicalLanguage } from './language.js'
import { isWebUrl } from './links.js'
import { parseMailbox, writeMailbox } from './mailbox.js'
import { namedFilters } from './named-filters.js'
import type { HeaderField, Publication } from './publication.js'
import { describeBadZone } from './time-zone.js'
import { TRACKING_KEYS, trackingSchema } from './tracking-file.js'
import { UTM_FILE_KEYS, utmSchema } from './utm-file.js'
import { readYaml, schemaProblems } from './yaml.js'

const DEFAULT_TEMPLATE = 'digest'
const DEFAULT_LANG = 'en'

/** More lines are no address. */
const MAX_POSTAL_LINES = 10

/** Throws one InputError that names every problem. */
export function parsePublication({ file, source }: { file: string; source: string }): Publication {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const yaml = readYaml(text, { file, firstLine: 1 })
  if (yaml.problems.length > 0) throw new InputError(yaml.problems)
  const parsed = schema.safeParse(yaml.value ?? {})
  if (!parsed.success) {
    const keysAt = (path: readonly PropertyKey[]) => KEYS_BELOW[String(path[0] ?? '')] ?? []
    throw new InputError(schemaProblems(parsed.error, { yaml, file, keysAt }))
  }
  const { brand, ...rest } = parsed.data
  return {
    name: rest.name,
    tagline: rest.tagline,
    from: rest.from,
    replyTo: rest['reply-to'],
    postalAddress: rest['postal-address'],
    lang: rest.language ?? DEFAULT_LANG,
    timeZone: rest['time-zone'],
    template: rest.template ?? DEFAULT_TEMPLATE,
    publicUrl: rest['public-url'],
    comments: rest.comments ?? 'on',
    tracking: rest.tracking,
    utm: rest.utm,
    brand: brand ?? PLAIN_BRAND,
    headers: rest.headers,
    attributes: rest.attributes,
    segments: rest.segments.map((one) => ({ ...one, line: yaml.lineOf(['segments', one.name]) })),
  }
}

function mailbox(key: string) {
  const right = `"${key}" wants one mailbox, as in ${key}: The Harbour Brief <editors@example.com>`
  return z
    .unknown()
    .default(null)
    .transform((given, context) => {
      if (given === undefined || given === null) return null
      const named = z.strictObject({ name: z.string(), address: z.string() }).safeParse(given)
      const written = named.success
        ? writeMailbox(named.data.name, named.data.address)
        : typeof given === 'string'
          ? parseMailbox(given)
          : null
      if (written !== null) return written
      context.addIssue({ code: 'custom', message: right })
      return z.NEVER
    })
}

/** Fields of the header, by name; each that cannot be set is a problem with its line. */
const headerFields = z
  .unknown()
  .default(null)
  .transform((given, context): readonly HeaderField[] => {
    if (given !== null && (typeof given !== 'object' || Array.isArray(given))) {
      const message = '"headers" wants fields below it, as in Organization: Harbour Trust'
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    const read: HeaderField[] = []
    for (const [name, value] of Object.entries(given ?? {})) {
      const field = readHeaderField(name, value)
      if ('problem' in field) context.addIssue({ code: 'custom', message: field.problem, path: [name] })
      else if (read.some((other) => other.name.toLowerCase() === field.name.toLowerCase()))
        context.addIssue({ code: 'custom', message: `"${name}" is there twice; keep one`, path: [name] })
      else read.push(field)
    }
    return read
  })

const schema = z.strictObject(
  {
    name: line('name', 'The Harbour Brief'),
    tagline: optional(line('tagline', 'Ports and trade, every second Tuesday')),
    from: mailbox('from'),
    'reply-to': mailbox('reply-to'),
    'postal-address': lines('postal-address', {
      most: MAX_POSTAL_LINES,
      example: '1 Quay Street',
      describeBad: describeForbidden,
    }),
    language: optional(
      line('language', DEFAULT_LANG).transform((tag, context) => {
        const canonical = canonicalLanguage(tag)
        if (canonical !== null) return canonical
        context.addIssue({
          code: 'custom',
          message: `"${tag}" is no language tag; write one like en, pt-BR or ar`,
        })
        return z.NEVER
      }),
    ),
    'time-zone': optional(
      line('time-zone', 'Europe/Berlin').transform((name, context) => {
        const message = describeBadZone(name)
        if (message !== null) context.addIssue({ code: 'custom', message: `"time-zone": ${message}` })
        return name
      }),
    ),
    template: optional(
      line('template', DEFAULT_TEMPLATE).refine((name) => /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name), {
        error: '"template" wants the name of a folder under templates/, such as digest',
      }),
    ),
    'public-url': optional(
      line('public-url', 'https://news.example.com')
        .refine((url) => isWebUrl(url) && !/[?#]/.test(url), {
          error: '"public-url" wants a whole URL, as in public-url: https://news.example.com',
        })
        .transform((url) => url.replace(/\/+$/, '')),
    ),
    // Where it stood until 0.1.0.
    logo: z.undefined({ error: '"logo" stands below "brand" now; move it there' }).optional(),
    comments: commentRule,
    tracking: trackingSchema,
    utm: utmSchema,
    brand: optional(brandSchema),
    headers: headerFields,
    attributes: attributeTypes,
    segments: namedFilters,
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? 'write keys and values, as in name: The Harbour Brief' : undefined,
  },
)

const KEYS_BELOW: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(schema.shape).filter((key) => key !== 'logo'),
  brand: BRAND_KEYS,
  tracking: TRACKING_KEYS,
  utm: UTM_FILE_KEYS,
}
