/** List-Unsubscribe in words: what a mail program makes of it (RFC 2369, RFC 8058). */

import { fieldsOf, type Header } from './fields.js'

/** One sentence each. */
export function explainUnsubscribe(header: Pick<Header, 'fields'>): readonly string[] {
  const given = fieldsOf(header, 'list-unsubscribe')
  if (given.length === 0)
    return ['There is no List-Unsubscribe: a mail program shows no way to unsubscribe of its own.']
  const urls = given.flatMap((value) => [...value.matchAll(/<([^<>]*)>/g)].map(([, url = '']) => url.trim()))
  const web = urls.find((url) => /^https:/i.test(url))
  const plain = urls.find((url) => /^http:/i.test(url))
  const mail = urls.find((url) => /^mailto:/i.test(url))
  const posts = fieldsOf(header, 'list-unsubscribe-post')
  return [
    ...(given.length > 1 ? ['List-Unsubscribe stands here more than once; programs read one of them.'] : []),
    ...explainWeb({ web, plain, isOneClick: posts.includes('List-Unsubscribe=One-Click') }),
    ...(mail === undefined ? [] : [`By mail: the program may write to ${mail.slice('mailto:'.length)}.`]),
    ...(urls.length === 0 ? ['List-Unsubscribe holds no address between < and >; programs ignore it.'] : []),
    ...(posts.length > 0 && web === undefined && plain === undefined
      ? ['List-Unsubscribe-Post without an https address is ignored.']
      : []),
  ]
}

function explainWeb({
  web,
  plain,
  isOneClick,
}: {
  readonly web: string | undefined
  readonly plain: string | undefined
  readonly isOneClick: boolean
}): readonly string[] {
  if (web !== undefined)
    return isOneClick
      ? [`One click: the program posts List-Unsubscribe=One-Click to ${web}.`]
      : [`By page: the program opens ${web}; without List-Unsubscribe-Post there is no one-click.`]
  if (plain === undefined) return []
  return isOneClick
    ? [`One click over http, which is for tests alone: programs post to https addresses only, not ${plain}.`]
    : [`By page: the program opens ${plain}.`]
}
