/** The studio in Chromium, where somebody means harm: an issue, a template, another site's page. */

import { readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

const SLUG = '2026-12-01-harm'
const LEVY = '2026-11-24-a-levy-on-cold-boxes'
/** Ten views, one after the other. */
const SLOW_MS = 300_000
const HIT = 'window.hit=1;parent.hit=1;top.hit=1'

let studio: TestStudio
/** Listens; whatever connects to it has left the studio. */
let elsewhere: Server
let port: number
let connections = 0
let answer = ''

/** Everything that acts by itself, or asks others, in one piece of HTML. */
function harm(): string {
  const at = (name: string) => `http://127.0.0.1:${port}/${name}`
  return `
<base href="${at('base/')}" target="_top">
<meta http-equiv="refresh" content="0;url=${at('refresh')}">
<meta http-equiv="x-dns-prefetch-control" content="on">
<link rel="stylesheet" href="${at('sheet.css')}"><link rel="preload" as="image" href="${at('preload.png')}">
<link rel="preconnect" href="${at('')}"><link rel="dns-prefetch" href="${at('')}"><link rel="prefetch" href="${at('prefetch')}">
<link rel=icon href="${at('icon.png')}"><link rel="modulepreload" href="${at('module.js')}"><link rel="manifest" href="${at('manifest')}">
<style>@import url("${at('import.css')}"); @font-face{font-family:Evil;src:url("${at('font.woff2')}")}
.harm{font-family:Evil;background:url("${at('background.png')}");cursor:url("${at('cursor.cur')}"),auto}</style>
<script>${HIT}</script><script src="${at('script.js')}"></script>
<form action="${at('form')}" method="post"><input name="a" autofocus onfocus="${HIT}"><button>Send</button></form>
<iframe src="${at('frame')}"></iframe><iframe srcdoc="<script>${HIT}</script>"></iframe>
<object data="${at('object')}"></object><embed src="${at('embed')}">
<video autoplay poster="${at('poster.png')}" src="${at('video.mp4')}"></video><audio autoplay src="${at('audio.mp3')}"></audio>
<img class="harm" src="${at('image.png')}" srcset="${at('image2.png')} 2x" onerror="${HIT}"><img src=x onerror="${HIT}">
<picture><source srcset="${at('source.png')}"><img src="${at('inner.png')}"></picture>
<svg onload="${HIT}"><image href="${at('svg.png')}"/><use href="${at('use.svg')}#a"/><script>${HIT}</script><a href="javascript:${HIT}"><text>x</text></a></svg>
<table background="${at('table.png')}"><tr><td class="harm" onmouseover="${HIT}">
<a id="leave" href="${at('link')}" target="_top" ping="${at('ping')}">leave</a> <a id="run" href="javascript:${HIT}">run</a>
<p class="harm">Harm is in here.</p></td></tr></table>
<details open ontoggle="${HIT}"><summary>x</summary></details><body background="${at('body.png')}" onload="${HIT}">`
}

beforeAll(async () => {
  elsewhere = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(answer)
  })
  elsewhere.on('connection', () => connections++)
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  // A TCP server that listens has such an address.
  port = (elsewhere.address() as AddressInfo).port
  studio = await openTestStudio({ files: { [`issues/${SLUG}.md`]: hostileIssue() } })
  studio.edit('issues/newsletter.yaml', (text) =>
    text.replace(/^name: .*$/m, `name: '"><img src=x onerror="${HIT}">'`),
  )
})

/** Markup in the words of an issue is refused; as words it may stand everywhere. */
function hostileIssue(): string {
  const words = harm().replaceAll('<', '\\<').replaceAll('\n', '\n\n')
  const title = `"><img src=x onerror="${HIT}"><script>${HIT}</script>`
  return `---\ntitle: '${title}'\ndate: 2026-12-01\nnumber: 43\n---\n\n## Quay \\<script>${HIT}\\</script> {kicker="<b onclick=x>"}\n\n${words}\n`
}

afterAll(async () => {
  await studio.close()
  elsewhere.closeAllConnections()
  elsewhere.close()
})

beforeEach(() => {
  connections = 0
})

/** Nothing ran in the page or in any of its frames, and all stand where they stood. */
async function expectNoHarm(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    const ran = await frame.evaluate(() => Reflect.get(window, 'hit'))
    expect([frame.url(), ran]).toEqual([frame.url(), undefined])
    // A frame that was refused what it asked for is empty, or an error of the browser's own.
    expect(frame.url()).toMatch(new RegExp(`^(?:${studio.url}/|about:|chrome-error:)`))
  }
}

const VIEWS = [
  'view=mail',
  'view=mail&light=dark',
  'view=mail&light=partly',
  'view=mail&light=fully',
  'view=mail&images=off',
  'view=mail&engine=bare',
  'view=mail&engine=word',
  'view=web',
  'view=text',
  'view=source',
]

/** In each of these views of an issue nothing runs, and nobody else is asked for anything. */
async function expectHarmless(slug: string, views: readonly string[]): Promise<void> {
  const { page, complaints, close } = await openStudioPage(studio)
  for (const view of views) {
    await page.goto(`${studio.url}/issues/${slug}?${view}`)
    const place = /text|source/.test(view) ? page : page.frameLocator('iframe')
    await place.getByText('Harm is in here.').filter({ visible: true }).first().waitFor()
    await expectNoHarm(page)
    // What the policy stops is complained of as well; that has asked nobody.
    const asked = complaints.filter((one) => one.startsWith('asks '))
    expect([view, asked, connections]).toEqual([view, [], 0])
  }
  await close()
}

test(
  'an issue that means harm runs nothing and asks nobody, in no view',
  async () => {
    await expectHarmless(SLUG, VIEWS)
  },
  SLOW_MS,
)

test(
  'a template that means harm runs nothing and asks nobody, in no mode, nor on the web page',
  async () => {
    studio.write(
      'templates/harm/email.mjml',
      `<mjml><mj-body><mj-raw>${harm()}</mj-raw><mj-section><mj-column><mj-text>{{{title}}}</mj-text></mj-column></mj-section></mj-body></mjml>`,
    )
    studio.write(
      'templates/harm/web.hbs',
      `<!doctype html><html><head><title>x</title></head><body>${harm()}</body></html>`,
    )
    studio.write(
      'issues/2026-12-02-poured.md',
      '---\ntitle: Poured\ndate: 2026-12-02\nnumber: 44\ntemplate: harm\n---\n\n## Quay\n\nWords.\n',
    )
    await expectHarmless(
      '2026-12-02-poured',
      VIEWS.filter((view) => !/text|source/.test(view)),
    )
  },
  SLOW_MS,
)

test('a link of an issue leads nowhere when it is clicked', async () => {
  const { page, close } = await openStudioPage(studio, { at: '/issues/2026-12-02-poured' })
  const tabs: string[] = []
  page.context().on('page', (tab) => tabs.push(tab.url()))
  const mail = page.frameLocator('iframe').first()
  for (const id of ['leave', 'run']) await mail.locator(`#${id}`).dispatchEvent('click')
  await page.waitForLoadState('networkidle')

  await expectNoHarm(page)
  expect(tabs).toEqual([])
  expect(page.url()).toContain(studio.url)
  expect(connections).toBe(0)
  await close()
})

test('names of files, and what is wrong with them, are words wherever they stand', async () => {
  const name = `2026-12-03-'"><img src=x onerror=hit=1>`
  studio.write(
    `issues/${name}.md`,
    `---\ntitle: A\n'<img src=x onerror="${HIT}">': 1\n---\n\n{{<img src=x onerror="${HIT}">}}\n`,
  )
  for (const at of ['/', `/issues/${encodeURIComponent(name)}`]) {
    const { page, close } = await openStudioPage(studio, { at })
    await page.getByText('onerror').first().waitFor()
    await expectNoHarm(page)
    expect(await page.locator('img[src="x"]').count()).toBe(0)
    await close()
  }
})

test('a picture that is too large is refused by name, and the studio goes on', async () => {
  const png = Buffer.alloc(5_000_000)
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(png)
  png.writeUInt32BE(60_000, 16)
  png.writeUInt32BE(60_000, 20)
  studio.write('issues/images/huge.png', png)
  studio.write('issues/images/wide.png', png.subarray(0, 4_000))
  studio.write(
    'issues/2026-12-04-huge.md',
    '---\ntitle: Huge\ndate: 2026-12-04\nnumber: 46\n---\n\n## Quay\n\n![A quay](images/huge.png)\n\n![A quay](images/wide.png)\n',
  )
  const { page, close } = await openStudioPage(studio, { at: '/issues/2026-12-04-huge' })

  await page.getByText('5000000 bytes').waitFor()
  await page.getByText('60000 × 60000').waitFor()
  await page.goto(`${studio.url}/issues/${LEVY}`)
  await page.frameLocator('iframe').getByText('A levy on cold boxes').first().waitFor()
  await close()
})

test('the page of another site can read nothing here, and change nothing', async () => {
  const before = readdirSync(path.join(studio.root, 'issues'))
  answer = '<!doctype html><title>elsewhere</title><body>'
  const browser = await studio.browser()
  const context = await browser.newContext()
  for (const host of ['127.0.0.1', 'localhost']) {
    const page = await context.newPage()
    await page.goto(`http://${host}:${port}/`)
    const got = await page.evaluate(attack, { url: studio.url, slug: LEVY })
    expect([host, got]).toEqual([host, []])
    await page.close()
  }
  await context.close()

  expect(readdirSync(path.join(studio.root, 'issues'))).toEqual(before)
})

/** What a page of another origin can do to the studio at `url`; a word for each that works. */
async function attack({
  url,
  slug,
}: {
  readonly url: string
  readonly slug: string
}): Promise<readonly string[]> {
  const won: string[] = []
  const paths = ['/', '/api/issues', `/api/drafts/${slug}`, `/frame/${slug}/mail`, '/client/main.js']
  const note = (word: string, works: Promise<unknown>) =>
    works.then(
      (has) => {
        if (has) won.push(word)
      },
      () => {},
    )
  const loads = (element: HTMLElement) =>
    new Promise<boolean>((resolve) => {
      element.onload = () => resolve(true)
      element.onerror = () => resolve(false)
      document.body.append(element)
    })
  for (const at of paths) {
    await note(
      `reads ${at}`,
      fetch(`${url}${at}`).then((response) => response.text()),
    )
    await note(
      `asks ${at} blindly`,
      fetch(`${url}${at}`, { mode: 'no-cors' }).then(({ type }) => type !== 'opaque'),
    )
    await note(
      `loads ${at} as a script`,
      loads(Object.assign(document.createElement('script'), { src: `${url}${at}` })),
    )
    await note(
      `loads ${at} as a picture`,
      loads(Object.assign(document.createElement('img'), { src: `${url}${at}` })),
    )
    const frame = document.createElement('iframe')
    frame.src = `${url}${at}`
    await loads(frame)
    await note(
      `looks into a frame of ${at}`,
      (async () => frame.contentDocument?.body.textContent !== '' && frame.contentDocument !== null)(),
    )
  }
  const events = new EventSource(`${url}/api/live`)
  await note(
    'hears events',
    new Promise<boolean>((resolve) => {
      events.onopen = () => resolve(true)
      events.onerror = () => resolve(false)
    }),
  )
  events.close()
  const body = JSON.stringify({ title: 'From elsewhere', date: '2027-01-01' })
  for (const type of ['application/json', 'text/plain'])
    await note(
      `sends ${type}`,
      fetch(`${url}/api/issues`, { method: 'POST', headers: { 'Content-Type': type }, body }).then(
        ({ ok }) => ok,
      ),
    )
  await note(
    'sends a beacon',
    fetch(`${url}/api/issues`, { method: 'POST', mode: 'no-cors', body, keepalive: true }).then(
      ({ type }) => type !== 'opaque',
    ),
  )
  const form = document.createElement('form')
  Object.assign(form, { action: `${url}/api/issues`, method: 'post', enctype: 'text/plain', target: 'sent' })
  const sent = Object.assign(document.createElement('iframe'), { name: 'sent' })
  document.body.append(sent)
  form.append(
    Object.assign(document.createElement('input'), {
      name: '{"title":"Form","date":"2027-01-01","x":"',
      value: '"}',
    }),
  )
  document.body.append(form)
  await new Promise((resolve) => {
    sent.onload = resolve
    form.submit()
  })
  return won
}
