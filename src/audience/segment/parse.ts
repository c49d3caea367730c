/**
 * Reads a filter, such as `country = "DE" and joined < 90d and not clicked in last 3 issues`, into a Condition. By recursive
 * descent, bounded in depth and size; the first thing that is wrong is said with its column and what would be right.
 */

import type { AttributeType } from '../../issue/publication.js'
import {
  type Comparison,
  type Condition,
  DEEDS,
  depthOf,
  type Order,
  type Span,
  type TextMatch,
} from './condition.js'
import { describeForms, describeUnknown, findOperand, type Operand } from './operand.js'
import { type Cursor, type FilterPlace, readTokens, show } from './tokens.js'
import {
  takeChoice,
  takeCount,
  takeDay,
  takeDays,
  takeNumber,
  takeTag,
  takeText,
  takeYesNo,
} from './values.js'

/** Of brackets and "not". */
const MAX_OPEN = 20
/** Of "and", "or" and "not" within each other: hard to read by then, and SQLite takes hardly more. */
const MAX_DEPTH = 10
const MAX_TESTS = 100
const MAX_VALUES = 100
const MAX_ISSUES = 100

export interface FilterContext extends FilterPlace {
  /** What the publication declares. */
  readonly types: readonly AttributeType[]
}

interface Parsing {
  readonly cursor: Cursor
  readonly types: readonly AttributeType[]
  tests: number
}

/** Throws InputError. */
export function parseFilter(filter: string, { types, ...place }: FilterContext): Condition {
  const cursor = readTokens(filter, place)
  if (cursor.peek().kind === 'end')
    throw cursor.refuse('the filter is empty; write one like country = "DE" and joined < 90d')
  const first = cursor.peek()
  const condition = parseOr({ cursor, types, tests: 0 }, 0)
  if (cursor.peek().kind !== 'end') throw cursor.fail('write "and" or "or" before what follows')
  const depth = depthOf(condition)
  if (depth > MAX_DEPTH)
    throw cursor.refuse(
      `the filter nests ${depth} deep; ${MAX_DEPTH} is the most, so write it flatter`,
      first,
    )
  return condition
}

function parseOr(parsing: Parsing, depth: number): Condition {
  return parseChain(parsing, 'or', () => parseAnd(parsing, depth))
}

/** Binds more closely than `or`. */
function parseAnd(parsing: Parsing, depth: number): Condition {
  return parseChain(parsing, 'and', () => parseNot(parsing, depth))
}

function parseChain({ cursor }: Parsing, kind: 'and' | 'or', parsePart: () => Condition): Condition {
  const parts = [parsePart()]
  while (cursor.takeIf(kind)) parts.push(parsePart())
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { kind, of: parts }
}

function parseNot(parsing: Parsing, depth: number): Condition {
  const { cursor } = parsing
  if (depth > MAX_OPEN) throw cursor.refuse(`this nests more than ${MAX_OPEN} deep; write it flatter`)
  if (cursor.takeIf('not')) return { kind: 'not', of: parseNot(parsing, depth + 1) }
  const opening = cursor.peek()
  if (!cursor.takeIf('(')) return parseTest(parsing)
  const within = parseOr(parsing, depth + 1)
  if (!cursor.takeIf(')')) throw cursor.fail(`write ")" to close what column ${opening.column} opens`)
  return within
}

function parseTest(parsing: Parsing): Condition {
  const { cursor, types } = parsing
  parsing.tests++
  if (parsing.tests > MAX_TESTS)
    throw cursor.refuse(`more than ${MAX_TESTS} comparisons are too many; name some with tags`)
  if (cursor.takeIf('has')) return parseHas(parsing)
  if (cursor.takeIf('tagged')) {
    const tags = cursor.takeIf('in') ? takeSeveral(cursor, takeTag) : [takeTag(cursor)]
    return { kind: 'tagged', tags }
  }
  const what = DEEDS.find((deed) => cursor.isNext(deed))
  if (what !== undefined) {
    cursor.take()
    return { kind: 'did', what, within: takeSpan(cursor, what) }
  }
  const { kind, text } = cursor.peek()
  if (kind !== 'word' || cursor.isNext('and', 'or', 'in'))
    throw cursor.fail('write a comparison, as country = "DE"')
  const operand = findOperand(text, types)
  if (operand === null) throw cursor.refuse(describeUnknown(text, types))
  cursor.take()
  return parseComparison(cursor, operand, text)
}

function parseHas({ cursor, types }: Parsing): Condition {
  const token = cursor.peek()
  const operand = token.kind === 'word' ? findOperand(token.text, types) : null
  if (token.kind !== 'word') throw cursor.fail('write the name of an attribute, as has country')
  if (operand === null) throw cursor.refuse(describeUnknown(token.text, types))
  const field = 'field' in operand ? operand.field : { attribute: operand.attribute }
  if (field === 'joined' || field === 'address' || field === 'domain')
    throw cursor.refuse(`everyone has ${show(token.text)}; ask for an attribute, name or language`)
  cursor.take()
  return { kind: 'has', field }
}

/** What stands behind a name. */
function parseComparison(cursor: Cursor, operand: Operand, word: string): Condition {
  const token = cursor.peek()
  const isNegated = cursor.takeIf('not')
  const negate = (condition: Condition): Condition => (isNegated ? { kind: 'not', of: condition } : condition)
  if (cursor.takeIf('in')) {
    if (cursor.isNext('last'))
      throw cursor.refuse(
        `${show(word)} is nothing that people do; it wants received, opened or clicked before it`,
        token,
      )
    return negate(compare(cursor, operand, { how: '=', isSeveral: true, word }))
  }
  const how = takeTextMatch(cursor)
  if (how !== null) {
    if (operand.kind !== 'text')
      throw cursor.refuse(`${show(word)} is no free text; ${describeForms(operand, word)}`, token)
    return negate({ kind: 'text', field: operand.field, how, values: [takeText(cursor, operand.field, how)] })
  }
  const sign = isNegated ? null : (SIGNS.find((one) => cursor.isNext(one)) ?? null)
  if (sign === null) throw cursor.fail(describeForms(operand, word))
  const isText = operand.kind === 'text' || operand.kind === 'choice'
  if (isText && sign !== '=' && sign !== '!=')
    throw cursor.refuse(describeNoOrder(operand, { word, how: sign }))
  cursor.take()
  if (sign !== '!=') return compare(cursor, operand, { how: sign, isSeveral: false, word })
  return { kind: 'not', of: compare(cursor, operand, { how: '=', isSeveral: false, word }) }
}

const SIGNS = ['=', '!=', '<', '<=', '>', '>='] as const

/** Null when none stands there. */
function takeTextMatch(cursor: Cursor): Exclude<TextMatch, 'is'> | null {
  if (cursor.takeIf('contains')) return 'contains'
  for (const [word, how] of [
    ['begins', 'begins'],
    ['ends', 'ends'],
  ] as const)
    if (cursor.takeIf(word)) {
      if (!cursor.takeIf('with')) throw cursor.fail(`write ${word} with "…"`)
      return how
    }
  return null
}

interface Wanted {
  readonly how: Comparison
  /** Values in brackets. */
  readonly isSeveral: boolean
  readonly word: string
}

function compare(cursor: Cursor, operand: Operand, { how, isSeveral, word }: Wanted): Condition {
  const take = <T>(takeOne: (cursor: Cursor) => T): readonly T[] =>
    isSeveral ? takeSeveral(cursor, takeOne) : [takeOne(cursor)]
  const isOrder = how !== '='
  switch (operand.kind) {
    case 'text':
    case 'choice': {
      const field = operand.kind === 'text' ? operand.field : { attribute: operand.attribute }
      const values = take((at) =>
        operand.kind === 'text' ? takeText(at, operand.field, 'is') : takeChoice(at, operand.choices),
      )
      return { kind: 'text', field, how: 'is', values }
    }
    case 'number':
      return { kind: 'number', attribute: operand.attribute, how, values: take(takeNumber) }
    case 'yesNo': {
      if (isOrder || isSeveral)
        throw cursor.refuse(`${show(word)} is yes or no; ${describeForms(operand, word)}`)
      return { kind: 'yesNo', attribute: operand.attribute, is: takeYesNo(cursor) }
    }
    case 'day': {
      const days = isOrder && cursor.peek().kind === 'figure' ? takeDays(cursor) : null
      if (days !== null && isOrder) return { kind: 'age', field: operand.field, how, days }
      return { kind: 'day', field: operand.field, how, values: take(takeDay) }
    }
    default:
      return operand satisfies never
  }
}

function describeNoOrder(
  operand: Operand,
  { word, how }: { readonly word: string; readonly how: Order },
): string {
  const isAttribute = operand.kind === 'text' && typeof operand.field === 'object'
  const declare = isAttribute
    ? `; where it holds numbers or days, declare it in issues/newsletter.yaml, as in ${word}: number`
    : ''
  return `${how} compares numbers and days, and ${show(word)} is text; ${describeForms(operand, word)}${declare}`
}

/** `("DE", "FR")` */
function takeSeveral<T>(cursor: Cursor, takeOne: (cursor: Cursor) => T): readonly T[] {
  if (!cursor.takeIf('(')) throw cursor.fail('write values in brackets, as in ("DE", "FR")')
  const values = [takeOne(cursor)]
  while (cursor.takeIf(',')) {
    if (values.length === MAX_VALUES) throw cursor.refuse(`more than ${MAX_VALUES} values are too many`)
    values.push(takeOne(cursor))
  }
  if (!cursor.takeIf(')')) throw cursor.fail('write "," or ")" behind a value')
  return values
}

/** `in last 3 issues`, `in last 30d`, `in last issue` */
function takeSpan(cursor: Cursor, what: string): Span {
  const form = `write ${what} in last 3 issues, or ${what} in last 30d`
  if (!cursor.takeIf('in')) throw cursor.fail(form)
  cursor.takeIf('the')
  if (!cursor.takeIf('last')) throw cursor.fail(form)
  if (cursor.takeIf('issue')) return { issues: 1 }
  if (cursor.peek().kind !== 'figure') throw cursor.fail(form)
  if (cursor.isSecond('issue', 'issues')) {
    const issues = takeCount(cursor, MAX_ISSUES)
    cursor.take()
    return { issues }
  }
  const days = takeDays(cursor)
  if (days === null) throw cursor.fail(form)
  return { days }
}
