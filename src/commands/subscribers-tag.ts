/** `pressrun subscribers tag` and `untag`: words that an editor puts on a person. */

import { findSubscriber } from '../audience/subscriber.js'
import { addTags, findTags, readTag, removeTags } from '../audience/tag.js'
import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'
import { readAddress } from './subscribers-show.js'

export interface TagAnswer {
  readonly address: string
  /** What this call added, or took off. */
  readonly changed: readonly string[]
  /** All that they have now. */
  readonly tags: readonly string[]
}

/** Throws InputError when nobody has the address, or a word is no tag; then nothing is changed. */
export async function tagSubscriber(
  {
    address: text,
    tags,
    how,
  }: { readonly address: string; readonly tags: readonly string[]; readonly how: 'add' | 'remove' },
  query: Query,
): Promise<TagAnswer> {
  const names = tags.map(readName)
  const { address, key } = readAddress(text)
  const subscriber = await findSubscriber(query, key)
  if (subscriber === null)
    throw new InputError(`there is no subscriber ${address}; pressrun subscribers list names those there are`)
  const given = names.map((name) => ({ subscriberId: subscriber.id, name }))
  const changed = await (how === 'add' ? addTags(query, given) : removeTags(query, given))
  const now = (await findTags(query, [subscriber.id])).get(subscriber.id) ?? []
  return { address: subscriber.address, changed: changed.map(({ name }) => name).sort(), tags: now }
}

function readName(text: string): string {
  const read = readTag(text)
  if ('problem' in read) throw new InputError(read.problem)
  return read.ok
}

export function printTags({ address, changed, tags }: TagAnswer, how: 'add' | 'remove'): string {
  const done =
    changed.length === 0
      ? 'nothing changed'
      : how === 'add'
        ? `now also ${changed.join(', ')}`
        : `no longer ${changed.join(', ')}`
  return `${address}: ${done}; tags: ${tags.length === 0 ? 'none' : tags.join(', ')}\n`
}
