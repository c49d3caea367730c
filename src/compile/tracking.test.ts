/** Mails that do not track: no pixel, plain links. All else is as it was. */

import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { inputOf, proofOf } from '../../tests/rig/proof.js'
import { limitTracking, NO_LIMIT, NOTHING } from '../issue/tracking.js'
import type { CheckInput } from './checks/check.js'
import { runChecks } from './checks/checks.js'

const press = path.join(import.meta.dirname, '../../tests/fixtures/press')
const YAML = `name: The Tide
from: The Tide <tide@example.org>
postal-address: 4 Signal House
public-url: https://tide.example.org
`
const BODY = `
## Locks

The locks [were closed](https://example.com/locks?day=1&hour=12#noon) at noon, says [the harbour](https://example.org/harbour).

{{#if subscriber.city}}
Read [more](https://example.com/more).
{{/if}}
`

function proof(tracking: string, front = '') {
  return proofOf({ publication: YAML + tracking, front, body: BODY })
}

test('with opens off there is no pixel, and links are tracked', async () => {
  const { worst, compiled } = await proof('tracking:\n  opens: off\n')

  expect(worst.html).not.toContain('/o/')
  expect(worst.html).not.toMatch(/<img[^>]*width="1"/)
  expect(worst.html).toMatch(/https:\/\/tide\.example\.org\/c\/A+\/0"/)
  expect(compiled.publication.tracking).toEqual({ opens: false, clicks: true, honeypot: false })
})

test('with clicks off links are what the editor wrote, in HTML and text, and the pixel stays', async () => {
  const { worst, compiled } = await proof('tracking:\n  clicks: off\n')

  expect(worst.html + worst.text).not.toContain('/c/')
  expect(worst.html).toContain('href="https://example.com/locks?day=1&amp;hour=12#noon"')
  expect(worst.text).toContain('[1] https://example.com/locks?day=1&hour=12#noon\n')
  expect(worst.text).toContain('[3] https://example.com/more\n')
  expect(worst.html).toMatch(/\/o\/A+\.gif"/)
  expect(compiled.links.map(({ url }) => url)).toEqual([
    'https://example.com/locks?day=1&hour=12#noon',
    'https://example.org/harbour',
    'https://example.com/more',
  ])
})

test.each([
  ['newsletter.yaml', 'tracking: off\n', ''],
  ['front matter', '', 'tracking: off'],
])('off in %s leaves the mail no Token but those of the way out', async (_where, yaml, front) => {
  const { compiled } = await proof(yaml, front)

  const purposes = [...compiled.html, ...compiled.text].flatMap((piece) =>
    typeof piece !== 'string' && piece.kind === 'token' ? [piece.purpose] : [],
  )
  expect(new Set(purposes)).toEqual(new Set(['leave']))
  expect(JSON.stringify([compiled.html, compiled.text])).not.toMatch(/\/[co]\/"/)
})

test('an issue can track less than its publication, never more', async () => {
  const { compiled } = await proof('tracking:\n  opens: off\n', 'tracking: off')

  expect(compiled.publication.tracking).toEqual({ opens: false, clicks: false, honeypot: false })
  await expect(proof('tracking: off\n', 'tracking: on')).rejects.toThrow(
    '"tracking" is off; leave it out to track what newsletter.yaml says',
  )
})

test('what is as usual is not said, so that a hash of before stays', async () => {
  const usual = await proof('')
  const said = await proof('tracking:\n  opens: on\n  keep: 30d\n  do-not-track: honour\n')

  expect(usual.compiled.publication).not.toHaveProperty('tracking')
  expect(said.compiled).toEqual(usual.compiled)
})

test('a limit takes away and gives nothing; a honeypot goes with the clicks', () => {
  const all = { opens: true, clicks: true, honeypot: true }
  const clicks = { opens: false, clicks: true, honeypot: false }

  expect(limitTracking(all, NO_LIMIT)).toEqual(all)
  expect(limitTracking(clicks, NO_LIMIT)).toEqual(clicks)
  expect(limitTracking(all, clicks)).toEqual({ opens: false, clicks: true, honeypot: true })
  expect(limitTracking(all, NOTHING)).toEqual({ opens: false, clicks: false, honeypot: false })
})

describe.each(['digest', 'letter'])('untracked, in the template %s', (template) => {
  let [tracked, untracked]: CheckInput[] = []

  beforeAll(async () => {
    tracked = await proofOf({ publication: `${YAML}template: ${template}\n`, body: BODY })
    untracked = await proofOf({
      publication: `${YAML}template: ${template}\ntracking: off\n`,
      body: BODY,
    })
  })

  test('every check says what it says of the tracked one', () => {
    const said = (input: CheckInput | undefined) =>
      input && runChecks(input).map(({ id, line, severity }) => `${id} ${line} ${severity}`)

    expect(said(untracked)).toEqual(said(tracked))
  })

  test('the words and the web page are the same', () => {
    const words = (html = '') => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

    expect(untracked?.compiled.web).toBe(tracked?.compiled.web)
    expect(words(untracked?.worst.html)).toBe(words(tracked?.worst.html))
  })
})

test('a link that the text part of an untracked mail lacks is found', async () => {
  const input = await inputOf({
    root: press,
    slug: '2026-03-13-spring-tides',
    templatesIn: path.join(press, '../../..'),
  })
  const [{ url } = { url: '' }] = input.compiled.links
  const compiled = {
    ...input.compiled,
    publication: {
      ...input.compiled.publication,
      tracking: { opens: false, clicks: false, honeypot: false },
    },
  }
  const worst = { ...input.worst, text: 'No link at all.' }
  const page = {
    ...input.page,
    elements: input.page.elements.map((element) =>
      element.attributes.href?.includes('/c/')
        ? { ...element, attributes: { ...element.attributes, href: url } }
        : element,
    ),
  }

  const lost = runChecks({ ...input, compiled, worst, page }).filter(({ id }) => id === 'T02')

  expect(lost.map(({ message }) => message)).toContain(`the text part lacks a link that the HTML has, ${url}`)
})

describe('UTM parameters', () => {
  const UTM = 'utm:\n  source: tide\n  campaign: "{issue}"\n  content: "{section}"\n  only: example.com\n'
  const TAGS = 'utm_source=tide&utm_campaign=2026-03-13-tide&utm_content=locks'
  const LINKS = `
## Locks

The [locks](https://example.com/locks?day=1#noon), [untouched](https://example.com/signed){utm=off}, [elsewhere](https://example.net/), [mail](mailto:a@example.com).

[Book a place](https://example.com/book){.button utm=off}
`

  test('stand in the Links and nowhere in a tracked mail or on the web page', async () => {
    const { compiled, worst } = await proofOf({ publication: YAML + UTM, body: LINKS })

    expect(compiled.links.map(({ url }) => url)).toEqual([
      `https://example.com/locks?day=1&${TAGS}#noon`,
      'https://example.com/signed',
      'https://example.net/',
      'https://example.com/book',
    ])
    expect(worst.html + worst.text + compiled.web).not.toContain('utm_')
    expect(worst.html).toContain('class="button"')
    expect(worst.html).not.toContain('utm=off')
  })

  test('stand in the mail where clicks are not tracked, and the page keeps the original', async () => {
    const { compiled, worst } = await proofOf({
      publication: `${YAML}${UTM}tracking: off\n`,
      body: LINKS,
    })

    expect(worst.html).toContain(
      `href="https://example.com/locks?day=1&amp;${TAGS.replaceAll('&', '&amp;')}#noon"`,
    )
    expect(worst.text).toContain(`[1] https://example.com/locks?day=1&${TAGS}#noon\n`)
    expect(compiled.web).toContain('href="https://example.com/locks?day=1#noon"')
  })

  test('are left out of an issue that says so, to the byte', async () => {
    const off = await proofOf({ publication: YAML + UTM, front: 'utm: off', body: LINKS })
    const none = await proofOf({ publication: YAML, body: LINKS })

    expect(off.compiled).toEqual(none.compiled)
  })

  test('are no reason to find that some links have none', async () => {
    const body = LINKS.replace('day=1', 'utm_source=x')
    const found = async (publication: string) =>
      runChecks(await proofOf({ publication, body })).filter(({ message }) => message.includes('utm_source'))

    expect(await found(YAML)).toHaveLength(1)
    expect(await found(YAML + UTM)).toEqual([])
  })
})

describe('the honeypot', () => {
  test('is one link in the HTML that nobody meets, and not in the text or on the web page', async () => {
    const { worst, compiled } = await proof('tracking:\n  honeypot: on\n')

    const links = worst.html.match(/https:\/\/tide\.example\.org\/c\/A{22}\/x/g)
    expect(links).toHaveLength(1)
    expect(worst.html).toMatch(
      /<!--\[if !mso\]><!--><div aria-hidden="true" style="display:none;[^"]*"><a href="[^"]*\/x" tabindex="-1"><\/a><\/div><!--<!\[endif\]-->\s*<\/body>/,
    )
    expect(worst.text + compiled.web).not.toMatch(/\/c\/[^/]*\/x/)
    expect(compiled.links).toHaveLength(3)
    expect(compiled.publication.tracking).toEqual({ opens: true, clicks: true, honeypot: true })
  })

  test.each(['tracking: off', ''])('goes where clicks are not tracked (%s)', async (front) => {
    const yaml = front === '' ? 'tracking: off\n' : 'tracking:\n  honeypot: on\n'
    const { worst } = await proof(yaml, front)

    expect(worst.html).not.toContain('aria-hidden="true" style="display:none')
    expect(worst.html).not.toContain('/x"')
  })
})
