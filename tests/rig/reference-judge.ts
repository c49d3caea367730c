/** Judges people by a Condition in plain JavaScript: what the SQL of a Segment is held against. */

import type { Condition, TextField } from '../../src/audience/segment/condition.js'
import { foldText } from '../../src/audience/segment/fold.js'
import { addDays, dayAt } from '../../src/issue/calendar.js'

export interface JudgedPerson {
  /** Its key: small letters. */
  readonly address: string
  readonly name: string
  readonly lang: string | null
  readonly joinedAt: number
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  /** Messages that went out to them; `sent` ones alone were received. */
  readonly deliveries: readonly {
    readonly send: number
    readonly state: 'sent' | 'bounced'
    readonly at: number
  }[]
  readonly hits: readonly {
    readonly send: number
    readonly kind: 'opened' | 'clicked'
    readonly at: number
    /** Null: nobody has looked yet. */
    readonly verdict: 'person' | 'machine' | 'unknown' | null
  }[]
}

export interface JudgedSend {
  readonly issue: number
  readonly list: 'this' | 'another'
  readonly startedAt: number | null
  readonly finishedAt: number | null
}

export interface JudgedWorld {
  readonly asOf: number
  readonly zone: string
  /** By their place. */
  readonly sends: readonly JudgedSend[]
}

const DAY_MS = 86_400_000

export function isOf(condition: Condition, person: JudgedPerson, world: JudgedWorld): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((part) => isOf(part, person, world))
    case 'or':
      return condition.of.some((part) => isOf(part, person, world))
    case 'not':
      return !isOf(condition.of, person, world)
    case 'has':
      return textOf(condition.field, person) !== ''
    case 'text': {
      const isPlain = condition.field === 'address' || condition.field === 'domain'
      const text = isPlain ? textOf(condition.field, person) : foldText(textOf(condition.field, person))
      return condition.values.some((value) => {
        if (condition.how === 'is') return text === value
        if (condition.how === 'contains') return text.includes(value)
        return condition.how === 'begins' ? text.startsWith(value) : text.endsWith(value)
      })
    }
    case 'number': {
      const text = person.attributes[condition.attribute] ?? ''
      const isNumber = /^[-+]?\d+(\.\d+)?$/.test(text) && text.length <= 17
      return isNumber && condition.values.some((value) => compare(Number(text), condition.how, value))
    }
    case 'yesNo': {
      const words = condition.is === 'yes' ? ['yes', 'y', 'true', '1'] : ['no', 'n', 'false', '0']
      return words.includes((person.attributes[condition.attribute] ?? '').toLowerCase())
    }
    case 'day': {
      const day =
        condition.field === 'joined' ? dayAt(person.joinedAt, world.zone) : dayOf(condition.field, person)
      return day !== null && condition.values.some((value) => compare(day, condition.how, value))
    }
    case 'age': {
      if (condition.field === 'joined')
        return compare((world.asOf - person.joinedAt) / DAY_MS, condition.how, condition.days)
      const day = dayOf(condition.field, person)
      const then = addDays(dayAt(world.asOf, world.zone), -condition.days)
      // The younger, the later.
      return day !== null && compare(then, condition.how, day)
    }
    case 'tagged':
      return condition.tags.some((tag) => person.tags.includes(tag))
    case 'did': {
      const { what, within } = condition
      const since = 'days' in within ? world.asOf - within.days * DAY_MS : Number.NEGATIVE_INFINITY
      const issues = 'issues' in within ? lastIssues(world, within.issues) : null
      const isAbout = (send: number) => {
        const { issue, startedAt } = world.sends[send] ?? { issue: -1, startedAt: null }
        return issues === null || (issues.includes(issue) && startedAt !== null && startedAt <= world.asOf)
      }
      return what === 'received'
        ? person.deliveries.some(
            (one) => one.state === 'sent' && isAbout(one.send) && one.at > since && one.at <= world.asOf,
          )
        : person.hits.some(
            (hit) =>
              (hit.kind === what || (what === 'opened' && hit.kind === 'clicked')) &&
              hit.verdict === 'person' &&
              isAbout(hit.send) &&
              hit.at > since &&
              hit.at <= world.asOf,
          )
    }
    default:
      return condition satisfies never
  }
}

function textOf(field: TextField, person: JudgedPerson): string {
  if (typeof field === 'object') return person.attributes[field.attribute] ?? ''
  if (field === 'language') return person.lang ?? ''
  return field === 'domain' ? (person.address.split('@')[1] ?? '') : person[field]
}

function dayOf({ attribute }: { readonly attribute: string }, person: JudgedPerson): string | null {
  const text = person.attributes[attribute] ?? ''
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null
}

function compare<T extends string | number>(one: T, how: '=' | '<' | '<=' | '>' | '>=', other: T): boolean {
  if (how === '=') return one === other
  if (how === '<' || how === '<=') return one < other || (how === '<=' && one === other)
  return one > other || (how === '>=' && one === other)
}

function lastIssues({ sends, asOf }: JudgedWorld, count: number): readonly number[] {
  const began = new Map<number, number>()
  for (const { issue, list, startedAt } of sends)
    if (list === 'this' && startedAt !== null && startedAt <= asOf)
      began.set(issue, Math.min(startedAt, began.get(issue) ?? startedAt))
  return [...began]
    .sort(([a, at], [b, bt]) => bt - at || b - a)
    .slice(0, count)
    .map(([issue]) => issue)
}
