/**
 * A Condition as SQL over `subscription` joined with `subscriber`. Every value is bound, nothing of a filter's text becomes
 * SQL; both databases judge alike.
 */

import { sql } from 'kysely'
import type { Query } from '../../db/db.js'
import type { Condition } from './condition.js'
import { findRecentSends, hasDone } from './deeds.js'
import type { Moment, SelectContext, Truth } from './moment.js'
import { compareAge, compareDay, compareNumber } from './select-order.js'
import { matchText, matchYesNo, textOf } from './select-text.js'

/** Whether a Subscription of the List is of the Segment. */
export async function selectCondition(
  query: Query,
  condition: Condition,
  moment: Moment & { readonly listId: number },
): Promise<Truth> {
  const recent = await findRecentSends(query, condition, moment)
  return truthOf(condition, { ...moment, query, recent })
}

function truthOf(condition: Condition, context: SelectContext): Truth {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.of.map((part) => truthOf(part, context))
      return sql`(${sql.join(parts, condition.kind === 'and' ? sql` and ` : sql` or `)})`
    }
    case 'not':
      return sql`(not ${truthOf(condition.of, context)})`
    case 'has':
      return sql`(${textOf(condition.field, context)} <> '')`
    case 'text':
      return matchText(condition, context)
    case 'number':
      return compareNumber(condition, context)
    case 'yesNo':
      return matchYesNo(condition, context)
    case 'day':
      return compareDay(condition, context)
    case 'age':
      return compareAge(condition, context)
    case 'tagged':
      return sql`exists (select 1 from tag where tag.subscriber_id = subscriber.id
        and tag.name in (${sql.join(condition.tags)}))`
    case 'did':
      return hasDone(condition, context)
    default:
      return condition satisfies never
  }
}
