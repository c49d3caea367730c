/**
 * The rules of feeds, each fault as one sentence: Atom (RFC 4287), RSS 2.0 (rssboard.org), JSON Feed 1.1 (jsonfeed.org),
 * sitemaps (sitemaps.org). XML comes as a tree that an XML parser has made; in which order elements stand is free.
 */

/** Names of elements in a namespace are `{namespace}local`. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** All text within. */
  readonly text: string
}

const ATOM = '{http://www.w3.org/2005/Atom}'
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const RFC_822 =
  /^((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d(:\d\d)? (GMT|UT|[+-]\d{4})$/
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$/

/** RFC 4287 sections 4.1 and 4.2. */
export function findAtomFaults(feed: XmlElement): readonly string[] {
  const faults: string[] = []
  const rule = (holds: boolean, fault: string) => holds || faults.push(fault)
  rule(feed.name === `${ATOM}feed`, `the root is ${feed.name}`)
  const entries = all(feed, `${ATOM}entry`)
  for (const name of ['id', 'title', 'updated'])
    for (const one of [feed, ...entries])
      rule(all(one, ATOM + name).length === 1, `${one.name} has not one ${name}`)
  for (const name of ['generator', 'icon', 'logo', 'rights', 'subtitle'])
    rule(all(feed, ATOM + name).length <= 1, `the feed has more than one ${name}`)
  for (const name of ['content', 'published', 'rights', 'source', 'summary'])
    for (const entry of entries)
      rule(all(entry, ATOM + name).length <= 1, `an entry has more than one ${name}`)
  const isSigned = all(feed, `${ATOM}author`).length > 0
  for (const entry of entries) {
    rule(isSigned || all(entry, `${ATOM}author`).length > 0, 'an entry has no author, nor has the feed')
    const isLinked = linksOf(entry, 'alternate').length > 0
    rule(isLinked || all(entry, `${ATOM}content`).length > 0, 'an entry has neither content nor alternate')
  }
  for (const one of [feed, ...entries]) {
    const alternates = linksOf(one, 'alternate').map(
      ({ attributes }) => `${attributes.type} ${attributes.hreflang}`,
    )
    rule(new Set(alternates).size === alternates.length, `${one.name} has two alternates of one kind`)
    for (const link of all(one, `${ATOM}link`))
      rule(isAbsolute(link.attributes.href), 'a link is not absolute')
    for (const id of all(one, `${ATOM}id`)) rule(isAbsolute(id.text), `${id.text} is no absolute IRI`)
    for (const date of [...all(one, `${ATOM}updated`), ...all(one, `${ATOM}published`)])
      rule(isDate(date.text, RFC_3339), `${date.text} is no date of RFC 3339`)
    for (const { children } of all(one, `${ATOM}author`))
      rule(children.filter(({ name }) => name === `${ATOM}name`).length === 1, 'an author has not one name')
    for (const name of ['title', 'subtitle', 'summary', 'rights', 'content'])
      for (const { attributes, children } of all(one, ATOM + name)) {
        rule(
          ['text', 'html', 'xhtml', undefined].includes(attributes.type),
          `${name} is of type ${attributes.type}`,
        )
        rule(attributes.type === 'xhtml' || children.length === 0, `${name} holds elements`)
      }
    const lang = one.attributes.lang
    rule(lang !== undefined && LANGUAGE.test(lang), `${one.name} is in the language ${lang}`)
  }
  rule(linksOf(feed, 'self').length === 1, 'the feed does not say where it is')
  const ids = entries.flatMap((entry) => all(entry, `${ATOM}id`).map(({ text }) => text))
  rule(new Set(ids).size === ids.length, 'two entries have the same id')
  const known =
    'author category content contributor entry generator icon id link logo published rights source subtitle summary title updated'
  for (const { name } of [feed, ...entries].flatMap(({ children }) => children))
    rule(known.split(' ').includes(name.replace(ATOM, '')), `Atom has no ${name}`)
  return faults
}

/** https://www.rssboard.org/rss-specification, and its profile for the elements of other namespaces. */
export function findRssFaults(rss: XmlElement): readonly string[] {
  const faults: string[] = []
  const rule = (holds: boolean, fault: string) => holds || faults.push(fault)
  rule(rss.name === 'rss' && rss.attributes.version === '2.0', 'the root is no rss of version 2.0')
  const [channel, another] = rss.children
  if (channel === undefined || another !== undefined || channel.name !== 'channel')
    return ['there is not one channel']
  const items = all(channel, 'item')
  for (const name of ['title', 'link', 'description'])
    rule(all(channel, name).length === 1, `the channel has not one ${name}`)
  for (const one of [channel, ...items]) {
    const names = one.children
      .map(({ name }) => name)
      .filter((name) => name !== 'item' && name !== 'category')
    const plain = names.filter((name) => !name.startsWith('{'))
    rule(new Set(plain).size === plain.length, `a ${one.name} has something twice: ${plain}`)
    for (const link of all(one, 'link')) rule(isAbsolute(link.text), `${link.text} is not absolute`)
    for (const date of [...all(one, 'pubDate'), ...all(one, 'lastBuildDate')])
      rule(isDate(date.text, RFC_822), `${date.text} is no date of RFC 822`)
  }
  for (const item of items) {
    const said = [...all(item, 'title'), ...all(item, 'description')].filter(({ text }) => text.trim() !== '')
    rule(said.length > 0, 'an item has neither title nor description')
    for (const { text, attributes } of all(item, 'guid'))
      rule(attributes.isPermaLink === 'false' || isAbsolute(text), `guid ${text} is no permalink`)
  }
  const guids = items.flatMap((item) => all(item, 'guid').map(({ text }) => text))
  rule(
    guids.length === items.length && new Set(guids).size === guids.length,
    'guids are not there, or not unique',
  )
  for (const { text } of all(channel, 'language')) rule(LANGUAGE.test(text), `the language is ${text}`)
  rule(linksOf(channel, 'self').length === 1, 'the channel does not say where it is')
  const known = {
    channel:
      'title link description language copyright managingEditor webMaster pubDate lastBuildDate category generator docs cloud ttl image textInput skipHours skipDays item',
    item: 'title link description author category comments enclosure guid pubDate source',
  }
  const check = (one: XmlElement, names: string) => {
    for (const { name } of one.children)
      rule(name.startsWith('{') || names.split(' ').includes(name), `RSS has no ${name} in ${one.name}`)
  }
  check(channel, known.channel)
  for (const item of items) check(item, known.item)
  return faults
}

/** https://www.jsonfeed.org/version/1.1/ */
export function findJsonFeedFaults(source: string): readonly string[] {
  const faults: string[] = []
  const rule = (holds: boolean, fault: string) => holds || faults.push(fault)
  const feed = JSON.parse(source) as Readonly<Record<string, unknown>>
  rule(feed.version === 'https://jsonfeed.org/version/1.1', `the version is ${feed.version}`)
  rule(isText(feed.title), 'there is no title')
  if (!Array.isArray(feed.items)) return [...faults, 'there are no items']
  const items = feed.items as readonly Readonly<Record<string, unknown>>[]
  for (const name of ['home_page_url', 'feed_url']) rule(isAbsolute(feed[name]), `${name} is not absolute`)
  for (const item of items) {
    rule(isText(item.id), 'an item has no id')
    rule(isText(item.content_html) || isText(item.content_text), `item ${item.id} has no content`)
    for (const name of ['url', 'external_url', 'image', 'banner_image'])
      rule(item[name] === undefined || isAbsolute(item[name]), `${name} of ${item.id} is not absolute`)
    for (const name of ['date_published', 'date_modified'])
      rule(item[name] === undefined || isDate(String(item[name]), RFC_3339), `${name} is ${item[name]}`)
    for (const name of ['summary', 'title'])
      rule(item[name] === undefined || isText(item[name]), `${name} of ${item.id} is empty or no text`)
  }
  const ids = items.map(({ id }) => id)
  rule(new Set(ids).size === ids.length, 'two items have the same id')
  for (const one of [feed, ...items]) {
    rule(one.author === undefined, 'author is of version 1.0')
    const authors = (one.authors ?? []) as readonly Readonly<Record<string, unknown>>[]
    for (const { name, url, avatar } of authors)
      rule([name, url, avatar].some(isText), 'an author has neither name nor url nor avatar')
    rule(one.language === undefined || LANGUAGE.test(String(one.language)), `the language is ${one.language}`)
  }
  return faults
}

/** https://www.sitemaps.org/protocol.html */
export function findSitemapFaults(map: XmlElement, home: string): readonly string[] {
  const SITEMAP = '{http://www.sitemaps.org/schemas/sitemap/0.9}'
  const faults: string[] = []
  const rule = (holds: boolean, fault: string) => holds || faults.push(fault)
  rule(map.name === `${SITEMAP}urlset`, `the root is ${map.name}`)
  rule(map.children.length > 0 && map.children.length <= 50_000, `there are ${map.children.length} pages`)
  for (const page of map.children) {
    const [loc, more] = all(page, `${SITEMAP}loc`)
    rule(loc !== undefined && more === undefined, 'a page has not one loc')
    rule(loc?.text.startsWith(`${home}/`) === true && loc.text.length < 2_048, `${loc?.text} is elsewhere`)
    for (const { text } of all(page, `${SITEMAP}lastmod`)) rule(isDate(text, RFC_3339), `lastmod is ${text}`)
  }
  const urls = map.children.flatMap((page) => all(page, `${SITEMAP}loc`).map(({ text }) => text))
  rule(new Set(urls).size === urls.length, 'a page is named twice')
  return faults
}

function all({ children }: XmlElement, name: string): readonly XmlElement[] {
  return children.filter((child) => child.name === name)
}

function linksOf(element: XmlElement, rel: string): readonly XmlElement[] {
  return all(element, `${ATOM}link`).filter(({ attributes }) => (attributes.rel ?? 'alternate') === rel)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function isAbsolute(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z][a-z0-9+.-]*:/i.test(value) && URL.canParse(value)
}

function isDate(text: string, form: RegExp): boolean {
  return form.test(text) && !Number.isNaN(Date.parse(text))
}
