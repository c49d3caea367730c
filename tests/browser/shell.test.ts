/** The shell of public pages with everything that may stand in one: whole, readable and without barriers, on every screen. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainFace } from '../../src/web/face.js'
import { type Face, html, writePage } from '../../src/web/page.js'
import { findBarriers } from '../rig/axe.js'
import { openBrowser, SCREENS, visit } from '../rig/browser.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepWholePicture } from '../rig/pictures.js'

const HOME = 'http://127.0.0.1:1'
/** Pictures to look at are written there, where it is set. */

const FACE: Face = {
  ...plainFace('The Harbour Brief'),
  tagline: 'Ports, shipping and trade policy, every second Tuesday',
  postalAddress: ['The Harbour Brief', '14 Old Customs House Lane', 'Port Marrow MR1 4QY'],
  home: HOME,
  subscribe: `${HOME}/subscribe/readers`,
}

const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung'

const FORM = html`<p class="lead">What is kept about a…e@example.com, and what you get.</p>
<p class="notice" role="status">Saved: you get one issue a month.</p>
<p class="error" role="alert">This is not an address: “alice@”.</p>
<form method="post">
<p class="field"><label for="address">Address</label><input id="address" name="address" type="email" value="alice@" aria-invalid="true" aria-describedby="why">
<span class="error" id="why">Something is missing behind the @.</span></p>
<p class="field"><label for="name">Name</label><input id="name" name="name"><span class="hint">As you want to be greeted.</span></p>
<fieldset><legend>Topics</legend>
<label class="choice"><input type="checkbox" name="topics" value="harbour" checked><span>Harbour</span></label>
<label class="choice"><input type="checkbox" name="topics" value="rail"><span>Rail and ${LONG}<span class="hint">Twice a month, on Thursdays, and what else happens in the yards.</span></span></label>
</fieldset>
<fieldset><legend>Pause</legend>
<label class="choice"><input type="radio" name="pause" value="1" checked><span>For a month</span></label>
<label class="choice"><input type="radio" name="pause" value="3"><span>For three months</span></label>
</fieldset>
<p class="field"><label for="lang">Language</label><select id="lang" name="lang"><option>English</option><option>Deutsch</option></select></p>
<p class="field"><label for="text">Comment</label><textarea id="text" name="text">What about the second berth?</textarea></p>
<p class="away" aria-hidden="true"><label>Website <input name="website" tabindex="-1" autocomplete="off"></label></p>
<p class="actions"><button>Save</button><button class="quiet">Send me a copy</button><button class="danger">Erase everything</button><button class="plain">Undo</button></p>
</form>
<h2>What there is</h2>
<dl class="pairs"><dt>Since</dt><dd>24 November 2026</dd><dt>${LONG}</dt><dd>a…e@example.com</dd></dl>
<table><thead><tr><th>Issue</th><th>Sent</th></tr></thead><tbody><tr><td>No. 42</td><td>24 November 2026</td></tr></tbody></table>
<pre>&lt;form method="post" action="${HOME}/subscribe/readers?a=${LONG}${LONG}"&gt;</pre>`

const FRONT = html`<form class="search" method="get" role="search"><input type="search" name="q" aria-label="Search"><button class="quiet">Search</button></form>
<ul class="entries">
<li><a class="title" href="issues/a">A levy on cold boxes</a><p>The Straits assembly sits for the last time this year, and <mark>everybody</mark> who wants something has asked.</p><p class="facts">No. 42 · <time>24 November 2026</time></p></li>
<li><a class="title" href="issues/b">Everything the assembly decided about ${LONG} and the price of waiting</a><p class="facts">No. 41 · <time>10 November 2026</time></p></li>
</ul>
<nav class="pages" aria-label="Pages"><a rel="prev" href="?page=1">Newer</a><a rel="next" href="?page=3">Older</a></nav>
<h2>3 comments</h2>
<div class="prose"><p>A berth is not a promise.</p></div>
<p class="facts">Ines Varga, 24 November 2026</p>`

const PAGES = [
  writePage(
    { lang: 'en', face: FACE, heading: 'Preferences', body: FORM, languages: 'offered' },
    new URLSearchParams(),
  ),
  writePage({ lang: 'en', face: FACE, heading: 'All issues', body: FRONT, kind: 'front' }),
  writePage({ lang: 'de', face: { ...FACE, name: LONG }, heading: LONG, body: html`<p>${LONG}</p>` }),
  writePage({
    lang: 'en',
    face: null,
    heading: 'There is no page here',
    body: html`<p>It is not there.</p>`,
  }),
]

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

test.each(SCREENS)('at $width px, $colorScheme', async (screen) => {
  const { page, complaints, close } = await visit(browser, HOME, screen)

  for (const [index, content] of PAGES.entries()) {
    await page.setContent(content)
    const name = `shell-${index}-${screen.width}-${screen.colorScheme}`
    await keepWholePicture(page, name)
    expect(await findLayoutFaults(page)).toEqual([])
    expect(await findBarriers(page, 'all')).toEqual([])
  }
  expect(complaints).toEqual([])
  await close()
})
