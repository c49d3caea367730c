/**
 * Condition: what a Segment asks of each person on a List, as plain data that a Send keeps as JSON. Each is true or false
 * of everyone, so `not` is its exact opposite: who has no country has none that is "DE".
 */

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'has'; readonly field: TextField }
  | {
      readonly kind: 'text'
      readonly field: TextField
      readonly how: TextMatch
      /** In the form that is compared, see `values.ts`; one of them is enough. */
      readonly values: readonly string[]
    }
  | {
      readonly kind: 'number'
      readonly attribute: string
      readonly how: Comparison
      readonly values: readonly number[]
    }
  | { readonly kind: 'yesNo'; readonly attribute: string; readonly is: 'yes' | 'no' }
  | {
      readonly kind: 'day'
      readonly field: DayField
      readonly how: Comparison
      /** `YYYY-MM-DD` */
      readonly values: readonly string[]
    }
  /** How long ago it was. */
  | { readonly kind: 'age'; readonly field: DayField; readonly how: Order; readonly days: number }
  | { readonly kind: 'tagged'; readonly tags: readonly string[] }
  | { readonly kind: 'did'; readonly what: Deed; readonly within: Span }

/** Of an attribute, which may be anything; or what every Subscriber has. */
export type TextField = { readonly attribute: string } | 'name' | 'address' | 'domain' | 'language'
/** `joined`: the day they came onto the List. */
export type DayField = { readonly attribute: string } | 'joined'

export type TextMatch = 'is' | 'contains' | 'begins' | 'ends'
export type Order = '<' | '<=' | '>' | '>='
/** With several values there is `=` alone: one of them. */
export type Comparison = '=' | Order

export const DEEDS = ['received', 'opened', 'clicked'] as const
export type Deed = (typeof DEEDS)[number]

/** The last Issues that were sent to the List; or days up to now, whatever the List. */
export type Span = { readonly issues: number } | { readonly days: number }

/** The condition and every one within it. */
export function* everyCondition(condition: Condition): Generator<Condition> {
  yield condition
  if (condition.kind === 'not') yield* everyCondition(condition.of)
  else if (condition.kind === 'and' || condition.kind === 'or')
    for (const part of condition.of) yield* everyCondition(part)
}

/** How many of `and`, `or` and `not` are within each other. */
export function depthOf(condition: Condition): number {
  if (condition.kind === 'not') return 1 + depthOf(condition.of)
  if (condition.kind !== 'and' && condition.kind !== 'or') return 0
  return 1 + Math.max(...condition.of.map(depthOf))
}
