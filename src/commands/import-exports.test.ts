import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ImportInput, type ImportReport, importPosts } from './import.js'

const exports = fileURLToPath(new URL('../../tests/fixtures/exports/', import.meta.url))

let issues: string

beforeEach(async () => {
  issues = await mkdtemp(path.join(tmpdir(), 'pressrun-exports-'))
})

afterEach(async () => {
  await rm(issues, { recursive: true })
})

function importFrom(name: string, options: Partial<ImportInput> = {}): Promise<ImportReport> {
  return importPosts({
    source: path.join(exports, name),
    from: null,
    only: [],
    outDir: issues,
    isDry: false,
    keepsBroken: false,
    date: null,
    site: null,
    publication: { lang: 'en', template: 'digest', timeZone: 'Europe/Berlin' },
    ...options,
  })
}

function results({ kind, posts }: ImportReport) {
  return { kind, posts: Object.fromEntries(posts.map(({ name, result }) => [name, result])) }
}

function messagesOf({ posts }: ImportReport, wanted: string): readonly string[] {
  const post = posts.find(({ name }) => name === wanted)
  return [...(post?.notes ?? []), ...(post?.problems ?? [])].map(({ message }) => message)
}

function read(slug: string): Promise<string> {
  return readFile(path.join(issues, `${slug}.md`), 'utf8')
}

test('an export of Substack gives its posts, their day by the publication’s clock', async () => {
  const report = await importFrom('substack')

  expect(results(report)).toEqual({
    kind: 'substack',
    posts: {
      'shore-power': 'written',
      'harbour-talk': 'written',
      'half-a-thought': 'left',
      about: 'left',
      lost: 'failed',
    },
  })
  expect(await read('2026-03-04-shore-power')).toBe(`---
title: Shore power, at last
date: 2026-03-04
preheader: What the ports promised and what they paid for
---

Three ports have **promised** plugs for ships.[^1] One has them.

[Image: A cable as thick as an arm](https://cdn.example.com/image/fetch/w_1456/https%3A%2F%2Fmedia.example.com%2Fquay_1200x800.jpeg)

The cable at *Marrow*

## Who pays

The ports, says [the tariff](https://example.com/tariff?a=1&b=2). The ships, say the ports.

> A plug is cheaper than a promise. {.pull}

[Subscribe now](https://press.example.com/subscribe?){.button}

[^1]: At 6.6 kV.
`)
  expect(await read('2026-03-10-harbour-talk')).toContain(
    '[Audio: talk.mp3](https://audio.example.com/talk.mp3)',
  )
  expect(messagesOf(report, 'lost')).toEqual([
    'there is no file posts/140005.lost.html; unzip the whole export',
  ])
})

test('an export of Ghost gives posts with authors, subjects and images', async () => {
  const report = await importFrom('ghost', { site: 'https://harbour.example.com' })

  expect(results(report)).toEqual({
    kind: 'ghost',
    posts: { 'ports-reopen': 'written', 'a-draft': 'left', contact: 'left', 'lexical-only': 'failed' },
  })
  expect(await read('2026-03-24-ports-reopen')).toBe(`---
title: Ports reopen
date: 2026-03-24
authors:
  - "[Ines Varga](https://example.com/ines)"
  - Tomás O’Dell
subject: The quays are open
preheader: Nine days of waiting end
---

## Ports reopen

![Ships at a quay](images/quay.gif)
Photo: A. Brandt

Read [the last one](https://harbour.example.com/tides/).

![The quay](images/quay.gif)
Open again

[Register](https://example.com/register){.button}

[The study](https://example.com/study)

[What nine days cost](https://example.com/study)
`)
  expect(messagesOf(report, 'lexical-only')).toEqual([
    'the export has no html of it; open and save it in Ghost, and export again',
  ])
})

test('the file of Ghost’s export alone is enough, and a draft comes when it is named', async () => {
  const report = await importFrom('ghost/harbour.ghost.2026-04-01.json', { only: ['a-draft'] })

  expect(results(report)).toEqual({ kind: 'ghost', posts: { 'a-draft': 'written' } })
  expect(await read('2026-03-25-a-draft')).toContain('Not yet.')
})

test('an export of Mailchimp gives its campaigns without their frame of tables', async () => {
  const report = await importFrom('mailchimp')

  expect(results(report)).toEqual({
    kind: 'mailchimp',
    posts: { 'march-letter': 'written', unknown: 'failed' },
  })
  expect(await read('2026-03-17-march-letter')).toBe(`---
title: Tides and tariffs
date: 2026-03-17
preheader: What the new dues mean
---

View this email in your browser

Dear \\*|FNAME|\\*,

The **new dues** begin in April.\\
Read [the tariff](https://harbour.us1.list-manage.com/track/click?u=1&id=2&e=3).

## Tides

High water is early.

[Register](https://example.com/register){.button}
`)
  expect(messagesOf(report, 'march-letter')).toEqual([
    'the link to “*|ARCHIVE|*” is filled by the program it came from; its words “View this email in your browser” stay',
    'an invisible image, which counts readers, was left out',
    '“*|FNAME|*” stands as it was written; the program it came from would have filled it in',
  ])
  expect(messagesOf(report, 'unknown')).toEqual(['no date is known; give it with --date 2026-03-31'])
})

test('an export of Buttondown gives Markdown and what its other editor wrote', async () => {
  const report = await importFrom('buttondown')

  expect(results(report)).toEqual({
    kind: 'buttondown',
    posts: { 'nine-days-at-anchor': 'written', 'the-bridge': 'written' },
  })
  expect(await read('2026-02-10-nine-days-at-anchor')).toBe(`---
title: Nine days at anchor
date: 2026-02-10
---

## Nine days at anchor

Hello \\{ \\{ subscriber.metadata.first_name }},

Ships *waited*, see [the log](https://example.com/log).

[Image: Ships](https://assets.example.com/ships.png)
`)
  expect(await read('2026-02-17-the-bridge')).toContain(
    '## A load limit\n\nIt was **known** since *2017*.\n\n- 18 tonnes\n  - an axle\n',
  )
})

test('an export that is said to be another is none', async () => {
  await expect(importFrom('substack', { from: 'ghost' })).rejects.toThrow('holds no posts of ghost')
})
