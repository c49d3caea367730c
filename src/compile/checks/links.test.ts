import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import type { CheckInput, PastIssue } from './check.js'
import { runChecks } from './checks.js'
import { LINK_CHECKS } from './links.js'

const quiet = await proofOf()

/** An issue whose links stand a line each, from line 8 on. */
async function withLinks(...links: readonly string[]): Promise<CheckInput> {
  return proofOf({ body: `\n## Locks\n\n${links.join('\n')}\n` })
}

/** What the check says of each link alone, as the template's: `error: …`. */
function judgeUrls(id: string, urls: readonly string[]): readonly string[] {
  const html = urls.map((url) => `<a href="${url}">words</a>`).join('')
  return runCheck(LINK_CHECKS, id, withHtml(quiet, html))
}

test.each([
  ['', 'a link leads nowhere'],
  ['#', '"#" leads nowhere'],
  ['/issues', '"/issues" leads nowhere'],
  ['example.org/page', '"example.org/page" leads nowhere'],
  ['javascript:alert(1)', '"javascript:alert(1)" leads nowhere'],
  ['http://localhost:3000/', 'localhost is a machine of your own network'],
  ['https://127.1/', '127.0.0.1 is a machine of your own network'],
  ['http://2130706433/', '127.0.0.1 is'],
  ['http://0x7f000001/', '127.0.0.1 is'],
  ['http://0300.0250.1.1/', '192.168.1.1 is'],
  ['http://[::ffff:10.0.0.1]/', '::ffff:a00:1 is'],
  ['http://[::1]:8080/', '::1 is'],
  ['http://169.254.169.254/latest', '169.254.169.254 is'],
  ['https://printer.local/', 'printer.local is'],
  ['https://intranet/', 'intranet is'],
  ['https://wiki.corp/', 'wiki.corp is'],
  ['https://staging.example.org/x', 'staging.example.org looks like a staging site ("staging")'],
  ['https://www-stage.example.co.uk/x', 'looks like a staging site ("www-stage")'],
  ['https://deploy-preview-7--tide.netlify.app/', 'looks like a staging site'],
  ['https://me:secret@example.org/', '"https://…@example.org/" holds a name or a password'],
])('L01: a link to %j is an error', (url, said) => {
  expect(judgeUrls('L01', [url])).toEqual([expect.stringMatching(/^error -: /)])
  expect(judgeUrls('L01', [url])[0]).toContain(said)
})

test.each([
  ['https://dev.example.org/', 'may be a site that is being built'],
  ['https://eur01.safelinks.protection.outlook.com/?url=x', 'comes from Outlook’s Safe Links'],
  ['https://www.google.com/url?q=x', 'comes from a Google results page'],
  ['https://x.us2.list-manage.com/track/click?u=1', 'comes from another newsletter'],
])('L01: a link to %s is a warning', (url, said) => {
  expect(judgeUrls('L01', [url])).toEqual([expect.stringMatching(/^warn -: /)])
  expect(judgeUrls('L01', [url])[0]).toContain(said)
})

test('L01: links that nearly are so are well', () => {
  const urls = [
    'https://example.org/',
    'http://172.32.0.1/',
    'https://localhost.example.org/',
    'https://stage.co.uk/',
    'https://backstage.example.org/',
    'https://test.de/',
    'https://dev.to/x',
    'https://www.google.com/maps',
    'https://example.org/@me:you',
    'mailto:editors@example.org',
    'tel:+49301234',
    '#locks',
  ]

  expect(judgeUrls('L01', urls)).toEqual([])
})

test('L01: an issue’s own link is told with its line, one out of a received mail too', async () => {
  const token = 'A'.repeat(22)
  const input = await withLinks(
    `[one](https://tide.example.org/c/${token}/3)`,
    `[two](https://tide.example.org/u/${token})`,
    '[three](https://tide.example.org/issues/2026-02-27-ebb)',
    '[four](https://10.0.0.1/)',
  )

  expect(runCheck(LINK_CHECKS, 'L01', input)).toEqual([
    expect.stringContaining(`error 8: "https://tide.example.org/c/${token}/3" is one reader's own link`),
    expect.stringContaining(`error 9: "https://tide.example.org/u/${token}" is one reader's own link`),
    expect.stringContaining('error 11: 10.0.0.1 is a machine of your own network'),
  ])
})

test('L02: a link without encryption is told, our own only once a real transport is set', async () => {
  const input = await withLinks('[one](http://example.org/)', '[two](https://example.org/)')
  const compiled = {
    ...quiet.compiled,
    publication: { ...quiet.compiled.publication, publicUrl: 'http://127.0.0.1:9' },
  }

  expect(runCheck(LINK_CHECKS, 'L02', input)).toEqual([
    expect.stringContaining('warn 8: "http://example.org/" is not encrypted'),
  ])
  expect(runCheck(LINK_CHECKS, 'L02', { ...quiet, compiled, isLive: true })).toEqual([
    expect.stringContaining('error -: every link leads over http://127.0.0.1:9'),
  ])
  expect(runCheck(LINK_CHECKS, 'L02', { ...quiet, compiled, isLive: false })).toEqual([])
})

test.each([
  ['error', 'https://', 'is no URL'],
  ['error', 'https://example.org/ahttps://example.org/b', 'is two addresses in one'],
  ['error', 'https://example.org/a-long-…', 'is cut off'],
  ['error', 'https://example.org/a...', 'is cut off'],
  ['error', 'https://ex\u0430mple.org/', 'mixes the letters of Latin and Cyrillic'],
  ['error', 'https://\u0430\u0440\u0440\u04cf\u0435.com/', 'only looks like Latin letters'],
  ['warn', 'https://example.org/a”', 'ends in a mark'],
  ['warn', 'https://example.org/a%20', 'ends in a mark'],
  ['warn', 'https://example.org/a.', 'ends in a mark'],
  ['warn', 'https://example.org/a%2520b', 'is encoded twice'],
  ['warn', 'https://example.cmo/', 'no domain ends in ".cmo"'],
  ['warn', 'https://8.8.8.8/', 'is a bare number'],
])('L03: %s: %s', (severity, url, said) => {
  const found = judgeUrls('L03', [url])

  expect(found).toHaveLength(1)
  expect(found[0]).toContain(`${severity} -: `)
  expect(found[0]).toContain(said)
})

test('L03: links that nearly are so are well', () => {
  const urls = [
    'https://web.archive.org/web/2020/https://example.org/',
    'https://example.org/?next=https://example.com/',
    'https://example.org/?q=a%2520b',
    'https://en.wikipedia.org/wiki/Example_Inc.',
    'https://en.wikipedia.org/wiki/Jeopardy!',
    'https://пример.рф/',
    'https://日本語ドメインabc.jp/',
    'https://한국abc.kr/',
    'https://bücher.de/',
    'https://harbour.example/',
    'mailto:a@b.cmo',
  ]

  expect(judgeUrls('L03', urls)).toEqual([])
})

test('L05: words that say nothing are told in the language they are in', async () => {
  const input = await proofOf({
    body: `
## Locks

[here](https://example.org/1)
[Read more →](https://example.org/2)
[https://example.org/3](https://example.org/3)
[read more about locks](https://example.org/4)
[hier](https://example.org/5)
<https://example.org/6>
[example.org](https://example.org/7)

## Schleusen {lang=de}

[hier](https://example.org/8)
[here](https://example.org/9)
`,
  })

  expect(runCheck(LINK_CHECKS, 'L05', input)).toEqual([
    expect.stringContaining('warn 8: "here" does not say where the link leads'),
    expect.stringContaining('warn 9: "Read more →" does not say'),
    expect.stringContaining('warn 10: "https://example.org/3" is a bare address'),
    expect.stringContaining('warn 13: "https://example.org/6" is a bare address'),
    expect.stringContaining('warn 18: "hier" does not say'),
  ])
})

test('L06: a link with nothing to click or to hear is an error', async () => {
  const gate = readFileSync('tests/fixtures/press/issues/images/gate.png')
  const input = await proofOf({
    images: { 'gate.png': gate },
    body: `
[](https://example.org/1)

[![](images/gate.png)](https://example.org/2)

[![A gate](images/gate.png)](https://example.org/3)
`,
  })

  expect(runCheck(LINK_CHECKS, 'L06', input)).toEqual([
    'error 6: the link to https://example.org/1 has no words; write them: [words](https://…)',
    expect.stringContaining('error 8: the image that leads to https://example.org/2 has no alternative text'),
  ])
})

test('L06: a template’s link needs words as well', () => {
  const html = '<a href="https://example.org/"> </a><a href="https://example.org/2" aria-label="Home"></a>'

  expect(runCheck(LINK_CHECKS, 'L06', withHtml(quiet, html))).toEqual([
    expect.stringContaining('error -: the link to https://example.org/ has no words'),
  ])
})

test('L07: words that are an address lead there, or to the same organisation', async () => {
  const input = await withLinks(
    '[https://bank.example.org/login](https://example.com/login)',
    '[see www.example.org](https://example.com/)',
    '[example.org](https://example.com/)',
    '[editors@example.org](mailto:editors@example.com)',
    '[Example.org](https://example.com/about-them)',
    '[example.org](https://news.example.org/a)',
    '[readme.md](https://example.com/)',
    '[ASP and e.g. words](https://example.com/)',
    '[3.5 percent](https://example.com/)',
  )

  expect(runCheck(LINK_CHECKS, 'L07', input)).toEqual([
    expect.stringContaining('error 8: the link shows bank.example.org and leads to example.com'),
    expect.stringContaining('error 9: the link shows example.org and leads to example.com'),
    expect.stringContaining('error 10: the link shows example.org and leads to example.com'),
    expect.stringContaining('error 11: the link shows example.org and leads to example.com'),
    expect.stringContaining('warn 12: the link shows example.org and leads to example.com'),
  ])
})

test('L08: a jump within the mail is told, one to the web page is well', async () => {
  const html =
    '<a href="#top">Top</a><a href="https://tide.example.org/issues/x#top">Top</a><a href="#">-</a>'

  expect(runCheck(LINK_CHECKS, 'L08', withHtml(quiet, html))).toEqual([
    expect.stringContaining('warn -: "#top" jumps within the mail'),
  ])
  expect(runCheck(LINK_CHECKS, 'L08', await withLinks('[Locks](#locks)'))).toEqual([])
})

test('L09: links that disagree are worth knowing', async () => {
  const input = await withLinks(
    '[the report](https://example.org/a)',
    '[the report](https://example.org/b)',
    '[The report](https://www.example.org/a/?utm_source=tide)',
  )

  expect(runCheck(LINK_CHECKS, 'L09', input)).toEqual([
    expect.stringContaining(
      'info 9: "the report" leads to https://example.org/b here and to https://example.org/a in line 8',
    ),
    expect.stringContaining('info 8: 2 of 3 links to example.org have no utm_source'),
  ])
})

test('L09: a target is linked to five times, not six', async () => {
  const links = Array.from({ length: 6 }, (_, at) => `[words ${at}](https://example.org/a)`)

  expect(runCheck(LINK_CHECKS, 'L09', await withLinks(...links.slice(1)))).toEqual([])
  expect(runCheck(LINK_CHECKS, 'L09', await withLinks(...links))).toEqual([
    expect.stringContaining('info 13: https://example.org/a is linked to 6 times'),
  ])
})

test('L09: a paper that stands twice below commentary is no oddity', async () => {
  const input = await proofOf({
    body: '\n## Commentary {.commentary}\n\n- A [Quarterly](https://example.org/a)\n- B [Quarterly](https://example.org/b)\n',
  })

  expect(runCheck(LINK_CHECKS, 'L09', input)).toEqual([])
})

test('L10: what an earlier issue has linked to is named, once, but home pages and our own', async () => {
  const input = await withLinks(
    '[a](http://www.example.net/a/?utm_source=tide#top)',
    '[again](https://example.net/a)',
    '[home](https://example.net/)',
    '[ours](https://tide.example.org/issues/2026-02-27-ebb)',
    '[new](https://example.net/b)',
  )
  const urls = [
    'https://example.net/a',
    'https://example.net/',
    'https://tide.example.org/issues/2026-02-27-ebb',
  ]
  const earlier: PastIssue = {
    slug: '2026-02-27-ebb',
    file: 'issues/2026-02-27-ebb.md',
    date: '2026-02-27',
    number: 11,
    subject: 'Ebb',
    urls,
  }

  const past = [earlier, { ...earlier, number: 10 }]

  expect(runCheck(LINK_CHECKS, 'L10', { ...input, past })).toEqual([
    'info 8: http://www.example.net/a/?utm_source=tide#top was linked to before, in issue 11; say what is new, or link to that issue',
  ])
})

test('L11: a honeypot is worth a note, and every other check is silent about it', async () => {
  const yaml =
    'name: The Tide\nfrom: The Tide <tide@example.org>\npostal-address: 4 Signal House\npublic-url: https://tide.example.org\n'
  const plain = await proofOf({ publication: yaml })
  const trapped = await proofOf({ publication: `${yaml}tracking:\n  honeypot: on\n` })

  expect(runCheck(LINK_CHECKS, 'L11', plain)).toEqual([])
  expect(runCheck(LINK_CHECKS, 'L11', trapped)).toEqual([
    expect.stringMatching(/^info -: the mail holds a honeypot, a link that no reader sees/),
  ])
  const others = (input: CheckInput) => runChecks(input).filter(({ id }) => id !== 'L11')
  expect(others(trapped)).toEqual(others(plain))
})
