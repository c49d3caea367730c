import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addUtm, type UtmContext } from './utm.js'

const context: UtmContext = {
  utm: { values: { source: 'brief', medium: 'email', campaign: '{issue}' }, only: [] },
  places: { issue: '2026-03-31-ports', number: '41', section: 'shore-power' },
  publicUrl: 'https://news.example.org/brief',
}
const ALL = 'utm_source=brief&utm_medium=email&utm_campaign=2026-03-31-ports'

function add(url: string, more: Partial<UtmContext> = {}) {
  return addUtm(url, { ...context, ...more })
}

describe('what the editor wrote stays as it is', () => {
  test.each([
    ['https://example.com', `https://example.com?${ALL}`],
    ['https://example.com/a', `https://example.com/a?${ALL}`],
    ['https://example.com/a?', `https://example.com/a?${ALL}`],
    ['https://example.com/a?b=1', `https://example.com/a?b=1&${ALL}`],
    ['https://example.com/a??', `https://example.com/a??&${ALL}`],
    ['https://example.com/a?b=1&', `https://example.com/a?b=1&${ALL}`],
    ['https://example.com/a?z=1&a=2#part', `https://example.com/a?z=1&a=2&${ALL}#part`],
    ['https://example.com/a#part?b=1', `https://example.com/a?${ALL}#part?b=1`],
    ['https://example.com/%7Ea/ü?q=%c3%bc+x%20y', `https://example.com/%7Ea/ü?q=%c3%bc+x%20y&${ALL}`],
    ['HTTPS://Example.COM/A', `HTTPS://Example.COM/A?${ALL}`],
  ])('%s', (url, tagged) => {
    expect(add(url)).toBe(tagged)
  })
})

describe('a parameter that is there already is not said again', () => {
  test.each([
    [
      'https://example.com/?utm_source=other',
      'https://example.com/?utm_source=other&utm_medium=email&utm_campaign=2026-03-31-ports',
    ],
    [
      'https://example.com/?UTM_Source=other',
      'https://example.com/?UTM_Source=other&utm_medium=email&utm_campaign=2026-03-31-ports',
    ],
    [
      'https://example.com/?utm%5Fsource',
      'https://example.com/?utm%5Fsource&utm_medium=email&utm_campaign=2026-03-31-ports',
    ],
    [`https://example.com/?${ALL}`, `https://example.com/?${ALL}`],
    [
      'https://example.com/?a=utm_source=1&xutm_source=2',
      `https://example.com/?a=utm_source=1&xutm_source=2&${ALL}`,
    ],
  ])('%s', (url, tagged) => {
    expect(add(url)).toBe(tagged)
  })
})

test.each([
  'mailto:ada@example.com?subject=a',
  'tel:+4912345',
  '#shore-power',
  'https://',
  'https://exa mple.com/',
  'ftp://example.com/',
  'https://news.example.org/brief',
  'https://news.example.org/brief/issues/2026-03-31-ports?x=1',
  'HTTPS://NEWS.example.org:443/brief/feed.atom',
])('%s is left alone', (url) => {
  expect(add(url)).toBe(url)
})

test('only our own pages are left alone, not all that lies beside them', () => {
  expect(add('https://news.example.org/briefs')).toContain('utm_source')
  expect(add('http://news.example.org/brief')).toContain('utm_source')
  expect(add('https://example.org/brief')).toContain('utm_source')
})

test('only: the domains named, and those below them', () => {
  const utm = { values: { source: 'brief' }, only: ['example.com', 'xn--kln-sna.example'] }
  const isTagged = (url: string) => add(url, { utm }) !== url

  expect(isTagged('https://example.com/')).toBe(true)
  expect(isTagged('https://shop.Example.com/')).toBe(true)
  expect(isTagged('https://köln.example/')).toBe(true)
  expect(isTagged('https://notexample.com/')).toBe(false)
  expect(isTagged('https://example.com.evil.example/')).toBe(false)
  expect(isTagged('https://example.com@evil.example/')).toBe(false)
})

test('places are filled and encoded; one with nothing to say leaves its parameter out', () => {
  const utm = {
    values: { source: 'a b&c', campaign: 'no-{number}', content: '{section}/{issue}' },
    only: [],
  }
  const places = { issue: 'i', number: '', section: 'größe' }

  expect(add('https://example.com/', { utm, places })).toBe(
    'https://example.com/?utm_source=a%20b%26c&utm_content=gr%C3%B6%C3%9Fe%2Fi',
  )
})

describe('of any URL', () => {
  const anyUrl = fc.oneof(
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc
      .tuple(
        fc.webUrl(),
        fc.array(
          fc.tuple(
            fc.constantFrom('utm_source', 'UTM_MEDIUM', 'a', '', 'utm%5fcampaign', '%'),
            fc.constantFrom('', '=', '=1', '=%zz', '=ü'),
          ),
        ),
        fc.constantFrom('', '#', '#x?y', '#utm_source=1'),
      )
      .map(
        ([url, query, fragment]) =>
          `${url}${query.length > 0 ? '?' : ''}${query.map((pair) => pair.join('')).join('&')}${fragment}`,
      ),
  )

  test('twice is the same as once', () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        expect(add(add(url))).toBe(add(url))
      }),
    )
  })

  test('nothing is taken away, moved or written anew, and no parameter stands there twice', () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        const tagged = add(url)
        const [before = '', ...fragment] = url.split('#')
        const [taggedBefore = '', ...taggedFragment] = tagged.split('#')

        expect(taggedBefore.startsWith(before)).toBe(true)
        expect(taggedFragment).toEqual(fragment)
        const [was, is] = [new URL(url), new URL(tagged)]
        expect(is.pathname).toBe(was.pathname)
        expect([...is.searchParams].slice(0, was.searchParams.size)).toEqual([...was.searchParams])
        const ours = [...is.searchParams.keys()].slice(was.searchParams.size)
        expect(new Set(ours).size).toBe(ours.length)
        const theirs = new Set([...was.searchParams.keys()].map((name) => name.toLowerCase()))
        expect(ours.filter((name) => theirs.has(name))).toEqual([])
        expect(new Set([...theirs, ...ours])).toEqual(
          new Set([...theirs, 'utm_source', 'utm_medium', 'utm_campaign']),
        )
      }),
    )
  })

  test('whatever it is, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (url) => {
        expect(typeof add(url)).toBe('string')
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof add(`https://example.com/${text}`)).toBe('string')
      }),
    )
  })
})
