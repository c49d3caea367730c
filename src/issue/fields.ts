/** Schemas for the values of YAML files, which are text; each message shows the key as it would be right. */

import { z } from 'zod'
import { describeForbidden } from './characters.js'

/** One line of text. */
export function line(key: string, example: string) {
  return z
    .string({
      error: ({ input }) =>
        input === undefined || input === null
          ? `"${key}" is missing; write ${key}: ${example}`
          : `"${key}" wants text, as in ${key}: ${example}`,
    })
    .transform((text, context) => {
      const oneLine = text.trim().replace(/\s+/g, ' ')
      const message = oneLine === '' ? 'is empty' : describeForbidden(oneLine)
      if (message !== null) context.addIssue({ code: 'custom', message: `"${key}": ${message}` })
      return oneLine
    })
}

/** A key without a value is as good as no key. */
export function optional<Schema extends z.ZodType>(value: Schema) {
  return value.nullable().default(null)
}

/** Text with a line each, or a list of lines; `describeBad` says what is wrong with one. */
export function lines(
  key: string,
  { most, example, describeBad }: { most: number; example: string; describeBad: DescribeBad },
) {
  return z
    .unknown()
    .default(null)
    .transform((given, context): readonly string[] => {
      const read = z
        .union([z.string().transform((text) => text.split('\n')), z.array(z.string())])
        .safeParse(given ?? [])
      const texts = read.success ? read.data.map((text) => text.trim()).filter((text) => text !== '') : null
      if (texts === null || texts.length > most) {
        const message = `"${key}" wants up to ${most} lines of text, as a list: - ${example}`
        context.addIssue({ code: 'custom', message })
        return z.NEVER
      }
      for (const text of texts) {
        const bad = describeBad(text)
        if (bad !== null) context.addIssue({ code: 'custom', message: `"${key}": "${text}" ${bad}` })
      }
      return texts
    })
}

type DescribeBad = (text: string) => string | null
