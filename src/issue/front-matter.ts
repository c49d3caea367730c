/**
 * Front matter: the YAML between two `---` lines at the head of an issue file. Only YAML: `---js` and the like,
 * which some readers evaluate, are refused.
 */

import { z } from 'zod'
import type { Problem } from '../errors.js'
import { parseAuthors } from './authors.js'
import { describeForbidden } from './characters.js'
import { type CommentRule, commentRule } from './comment-rule.js'
import { isCalendarDate } from './date.js'
import { HOLE_FORM, type HoledLine, parseHoledLine } from './hole.js'
import type { Author, Waiver } from './issue.js'
import { issueTopics } from './issue-topics.js'
import { canonicalLanguage } from './language.js'
import { NOTHING, type TrackingLimit } from './tracking.js'
import { readYaml, schemaProblems, type YamlValue } from './yaml.js'

/** Longer ones are a pasted paragraph. */
const MAX_LINE_LENGTH = 500

/** A group's letter and two digits, as `pressrun check` prints it. */
const CHECK_ID = /^[A-Z]\d{2}$/

const WAIVE_FORM = '"waive" wants the id of a check and a reason, as in L05: the page opens on Monday'

/** The keys of an issue file, as far as they were written well; what is wrong stands in `problems`. */
export interface FrontMatter {
  readonly title: string | null
  /** `YYYY-MM-DD` */
  readonly date: string | null
  readonly number: number | null
  readonly authors: readonly Author[]
  readonly subject: HoledLine | null
  readonly preheader: HoledLine | null
  readonly template: string | null
  readonly lang: string | null
  readonly contents: boolean | null
  readonly comments: CommentRule | null
  /** Null: as the publication says. */
  readonly tracking: TrackingLimit | null
  /** Null: as the publication says. */
  readonly utm: 'off' | null
  readonly topics: readonly string[]
  readonly waive: readonly Waiver[]
}

export interface FrontMatterReading {
  readonly frontMatter: FrontMatter
  readonly problems: readonly Problem[]
  readonly lineOf: (key: keyof FrontMatter) => number
  /** The Markdown below, with an empty line in place of every line above it, so that lines keep their numbers. */
  readonly body: string
}

/** Reads the front matter of `source`, an issue file with `\n` line ends. Throws nothing. */
export function readFrontMatter(file: string, source: string): FrontMatterReading {
  const { yaml: text, body, problem } = splitFences(source)
  if (problem !== null)
    return {
      frontMatter: EMPTY,
      problems: [{ where: file, line: 1, message: problem }],
      lineOf: () => 1,
      body,
    }
  const yaml = readYaml(text, { file, firstLine: 2 })
  const lineOf = (key: keyof FrontMatter) => yaml.lineOf([key])
  if (yaml.problems.length > 0) return { frontMatter: EMPTY, problems: yaml.problems, lineOf, body }
  const parsed = schema.safeParse(yaml.value ?? {})
  if (parsed.success) {
    const waive = parsed.data.waive.map((waiver) => ({ ...waiver, line: yaml.lineOf(['waive', waiver.id]) }))
    return { frontMatter: { ...parsed.data, waive }, problems: [], lineOf, body }
  }
  const problems = schemaProblems(parsed.error, { yaml, file, keysAt: () => KEYS })
  return { frontMatter: { ...EMPTY, date: writtenDate(yaml.value) }, problems, lineOf, body }
}

/** The date alone, so that it can be compared with the file's name though other keys are wrong. */
function writtenDate(value: YamlValue): string | null {
  const parsed = z.object({ date: z.string().refine(isCalendarDate) }).safeParse(value)
  return parsed.success ? parsed.data.date : null
}

const EMPTY: FrontMatter = {
  title: null,
  date: null,
  number: null,
  authors: [],
  subject: null,
  preheader: null,
  template: null,
  lang: null,
  contents: null,
  comments: null,
  tracking: null,
  utm: null,
  topics: [],
  waive: [],
}

function splitFences(source: string): { yaml: string; body: string; problem: string | null } {
  const lines = source.split('\n')
  const first = lines[0]?.trimEnd() ?? ''
  if (first !== '---') {
    const problem = /^---\s*\w/.test(first)
      ? `"${first}" asks for a language; front matter is YAML between two lines "---"`
      : 'an issue file begins with a line "---", then title and date, then a line "---"'
    return { yaml: '', body: source, problem }
  }
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---')
  if (end === -1)
    return { yaml: '', body: '', problem: 'the front matter is not closed; add a line "---" below it' }
  const blank = '\n'.repeat(end + 1)
  return {
    yaml: lines.slice(1, end).join('\n'),
    body: blank + lines.slice(end + 1).join('\n'),
    problem: null,
  }
}

/** Text under `key`; the message for a key that is not there shows one as it would be right. */
function text(key: string, example: string) {
  return z.string({
    error: ({ input }) =>
      input === undefined || input === null
        ? `"${key}" is missing; write ${key}: ${example}`
        : `"${key}" wants text, as in ${key}: ${example}`,
  })
}

/** One line of text that may stand in a header. */
function line(key: string, example: string) {
  return text(key, example).transform((given, context) => {
    const oneLine = given.trim().replace(/\s+/g, ' ')
    const forbidden = describeForbidden(oneLine)
    if (oneLine === '') context.addIssue({ code: 'custom', message: `"${key}" is empty` })
    else if (forbidden !== null) context.addIssue({ code: 'custom', message: `"${key}": ${forbidden}` })
    else if (oneLine.length > MAX_LINE_LENGTH)
      context.addIssue({
        code: 'custom',
        message: `"${key}" has ${oneLine.length} characters; ${MAX_LINE_LENGTH} is the most`,
      })
    return oneLine
  })
}

function plainLine(key: string, example: string) {
  return line(key, example).refine((given) => !given.includes('{{'), {
    error: `"${key}" cannot hold "{{"; it is the same for every reader`,
  })
}

function holedLine(key: string, example: string) {
  return line(key, example).transform((given, context) => {
    const holed = parseHoledLine(given)
    if (holed !== null) return holed
    context.addIssue({ code: 'custom', message: `"${key}" holds a "{{" that is no hole; write ${HOLE_FORM}` })
    return z.NEVER
  })
}

/** A key without a value is as good as no key. */
function optional<Schema extends z.ZodType>(value: Schema) {
  return value.nullable().default(null)
}

const authors = z
  .unknown()
  .default(null)
  .transform((given, context): readonly Author[] => {
    const entries = given === undefined || given === null ? [] : Array.isArray(given) ? given : [given]
    const lists = entries.map(authorsOf)
    if (lists.every((list) => list !== null)) return lists.flat()
    context.addIssue({
      code: 'custom',
      message: '"authors" wants names: A, B and C, or a list of names, each as Name or [Name](https://…)',
    })
    return z.NEVER
  })

/** The authors one entry names: text, or a mapping of name and url. */
function authorsOf(entry: unknown): readonly Author[] | null {
  const named = z.strictObject({ name: z.string(), url: z.string() }).safeParse(entry)
  const text = named.success ? `[${named.data.name}](${named.data.url})` : entry
  return typeof text === 'string' && describeForbidden(text) === null ? parseAuthors(text) : null
}

/** What is waived and why, by the id of a check. Which checks there are is not known here. */
const waive = z
  .record(
    z.string(),
    z.string({ error: WAIVE_FORM }).refine((reason) => reason.trim() !== '', { error: WAIVE_FORM }),
    { error: WAIVE_FORM },
  )
  .nullable()
  .default(null)
  .transform((given, context) =>
    Object.entries(given ?? {}).map(([id, reason]) => {
      if (!CHECK_ID.test(id))
        context.addIssue({
          code: 'custom',
          path: [id],
          message: `"${id}" is no id of a check; ${WAIVE_FORM}`,
        })
      return { id, reason: reason.trim().replace(/\s+/g, ' ') }
    }),
  )

const schema = z.strictObject(
  {
    title: plainLine('title', 'Ports reopen after the strike'),
    date: text('date', '2026-03-31').refine(isCalendarDate, {
      error: '"date" is not a day of the calendar; write it as 2026-03-31',
    }),
    number: optional(
      text('number', '12')
        .regex(/^[1-9]\d{0,5}$/, '"number" is not a whole number from 1 to 999999')
        .transform(Number),
    ),
    authors,
    subject: optional(holedLine('subject', 'Ports reopen')),
    preheader: optional(holedLine('preheader', 'What changes on Monday')),
    template: optional(
      text('template', 'digest').regex(
        /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
        '"template" wants the name of a folder under templates/, such as digest',
      ),
    ),
    lang: optional(
      text('lang', 'en').transform((tag, context) => {
        const canonical = canonicalLanguage(tag)
        if (canonical !== null) return canonical
        context.addIssue({
          code: 'custom',
          message: `"${tag}" is no language tag; write one like en, pt-BR or ar`,
        })
        return z.NEVER
      }),
    ),
    contents: optional(
      text('contents', 'no')
        .refine((given) => given === 'yes' || given === 'no', { error: '"contents" is yes or no' })
        .transform((given) => given === 'yes'),
    ),
    comments: commentRule,
    // What the publication does not track, no issue does.
    tracking: optional(
      z
        .literal('off', { error: '"tracking" is off; leave it out to track what newsletter.yaml says' })
        .transform(() => NOTHING),
    ),
    utm: optional(z.literal('off', { error: '"utm" is off; leave it out to add what newsletter.yaml says' })),
    topics: issueTopics,
    waive,
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type'
        ? 'front matter wants keys and values, as in title: Ports reopen'
        : undefined,
  },
)

const KEYS = Object.keys(schema.shape)
