/** Our feeds as Python's feedparser reads them: it parses with expat, cleans what is unsafe, and shares nothing with us. */

import { execFileSync, spawnSync } from 'node:child_process'
import path from 'node:path'
import { type DefaultTreeAdapterTypes, parseFragment, serialize } from 'parse5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ArchiveWeb, openArchiveWeb } from '../rig/archive-web.js'

/** Debian's own Python sees its packages; another one in PATH may not. */
const PYTHON = '/usr/bin/python3'
const READ = `
import feedparser, json, sys
d = feedparser.parse(sys.stdin.buffer.read())
print(json.dumps({'bozo': int(d.bozo), 'version': d.version, 'title': d.feed.get('title'), 'lang': d.feed.get('language'),
 'entries': [{'id': e.get('id'), 'link': e.get('link'), 'title': e.get('title'), 'html': e.content[0].value,
 'type': e.content[0].type, 'updated': list(e.updated_parsed or []), 'published': list(e.published_parsed or []),
 'authors': [a.get('name') for a in e.get('authors', [])]} for e in d.entries]}))`

const { status } = spawnSync(PYTHON, ['-c', 'import feedparser'])
if (status !== 0) console.warn('the tests with feedparser are left out: python3-feedparser is not installed')

describe.skipIf(status !== 0)('python3-feedparser', () => {
  let web: ArchiveWeb

  beforeAll(async () => {
    web = await openArchiveWeb(path.join(import.meta.dirname, '../fixtures/press'))
    await web.publish('2026-04-10-every-element', { now: Date.UTC(2026, 3, 10, 6) })
    await web.publish('2026-05-08-the-quays-reopen', { now: Date.UTC(2026, 4, 8, 6) })
    await web.correct('2026-04-10-every-element', '<p>Every & each <b>element</b> ]]&gt;</p>', {
      note: 'One < two & "three".',
      at: Date.UTC(2026, 5, 1, 6),
      issue: { title: 'A shelf & a <tool>' },
    })
  })

  afterAll(() => web.close())

  async function read(feed: string) {
    const input = Buffer.from(await (await fetch(web.url + feed)).arrayBuffer())
    return JSON.parse(execFileSync(PYTHON, ['-c', READ], { input, encoding: 'utf8' }))
  }

  test.each([
    ['/feed.atom', 'atom10'],
    ['/feed.rss', 'rss20'],
  ])('%s is well-formed, and says what the JSON Feed says', async (url, version) => {
    const feed = await read(url)
    const json = await (await fetch(`${web.url}/feed.json`)).json()

    expect(feed).toMatchObject({ bozo: 0, version, title: 'The Lantern & Tide' })
    expect(feed.entries).toHaveLength(2)
    for (const [at, entry] of feed.entries.entries()) {
      const item = json.items[at]
      expect(entry).toMatchObject({ id: item.id, link: item.url, type: 'text/html' })
      expect(timeOf(entry.published)).toBe(Date.parse(item.date_published))
      expect(timeOf(entry.updated)).toBe(Date.parse(item.date_modified))
      // What it takes for unsafe it has taken out: nothing.
      expect(tree(entry.html)).toBe(tree(item.content_html))
    }
    expect(tree(feed.entries[1].html)).toContain('One &lt; two &amp; "three".')
  })
})

/** Python's time.struct_time. */
function timeOf([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): number {
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** The same tree is the same text, however its attributes were ordered. */
function tree(html: string): string {
  const fragment = parseFragment(html.replace(/\s+/g, ' '))
  sortAttributes(fragment)
  return serialize(fragment).trim()
}

function sortAttributes(node: DefaultTreeAdapterTypes.ParentNode): void {
  for (const child of node.childNodes) {
    if (!('attrs' in child)) continue
    child.attrs.sort((one, other) => (one.name < other.name ? -1 : 1))
    sortAttributes(child)
  }
}
