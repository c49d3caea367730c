import { expect, test } from 'vitest'
import { type ProofOptions, proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import { IMAGE_CHECKS } from './images.js'

const words = 'The locks were closed at noon, and nobody could say when they would open again. '.repeat(3)

/** Findings on an issue whose note a template shows in its own way. */
async function findingsWith(id: string, mjml: string, options: ProofOptions = {}) {
  const templates = { 'partials/opening.mjml': `<mj-section><mj-column>\n${mjml}\n</mj-column></mj-section>` }
  return runCheck(IMAGE_CHECKS, id, await proofOf({ body: '\nA note.\n', templates, ...options }))
}

/** Findings on an issue with a picture of that width and height. */
async function findingsOf(
  id: string,
  markdown: string,
  [width, height]: readonly [number, number] = [1200, 800],
) {
  const body = `\n${markdown}\n`
  return runCheck(IMAGE_CHECKS, id, await proofOf({ body, images: { 'gate.png': png(width, height) } }))
}

/** Findings on this body of a page. */
async function findingsIn(id: string, html: string, options: ProofOptions = {}) {
  return runCheck(IMAGE_CHECKS, id, withHtml(await proofOf(options), `<body>${html}</body>`))
}

/** The first bytes of a picture, which say its size. */
function png(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(33)
  bytes.set(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

test('M01: an image of the template without alt is an error with its file and line, one that decorates is none', async () => {
  const src = 'src="https://tide.example.org/a.png"'

  expect(await findingsWith('M01', `<mj-image ${src} />`)).toEqual([
    expect.stringMatching(/^error 2: <mj-image> of https:\/\/tide.example.org\/a.png has no alt;/),
  ])
  expect(await findingsWith('M01', `<mj-image ${src} alt="" />`)).toEqual([])
})

test('M01: an image in an issue wants words, on its line', async () => {
  expect(await findingsOf('M01', `${words}\n\n![](images/gate.png)`)).toEqual([
    expect.stringMatching(
      /^error 8: the image images\/gate.png has no text that stands for it; write what it shows/,
    ),
  ])
  expect(await findingsOf('M01', '![A gate](images/gate.png)')).toEqual([])
})

test('M01: a bare <img> of the template wants an alt', async () => {
  expect(await findingsIn('M01', '<img src="https://a.example/a.png">')).toHaveLength(1)
  expect(await findingsIn('M01', '<img src="https://a.example/a.png" alt="">')).toEqual([])
})

test.each([
  ['the name of a file', 'gate_02.jpg', 'A gate in the .jpg format'],
  ['what a camera calls it', 'IMG_2041', 'IMG 2041, a coaster'],
  ['too long', 'a gate '.repeat(22).trim(), 'a gate '.repeat(21).trim()],
])('M02: a text that is %s is a warning', async (_what, bad, good) => {
  expect(await findingsOf('M02', `![${bad}](images/gate.png)`)).toEqual([expect.stringMatching(/^warn 6:/)])
  expect(await findingsOf('M02', `![${good}](images/gate.png)`)).toEqual([])
})

test('M02: a text that repeats the caption is a warning, one that adds to it is none', async () => {
  const figure = (alt: string) =>
    `<figure><img src="https://a.example/a.png" alt="${alt}"><figcaption>The <em>quay</em> at noon.</figcaption></figure>`

  expect(await findingsIn('M02', figure('The quay at noon'))).toEqual([
    expect.stringContaining('repeats its caption'),
  ])
  expect(await findingsIn('M02', figure('Three people on the quay at noon'))).toEqual([])
})

test.each([
  ['data:', '<img alt="" src="data:image/png;base64,AAAA">'],
  ['cid:', '<img alt="" src="cid:logo">'],
  ['http:', '<img alt="" src="http://a.example/a.png">'],
  ['a path alone', '<img alt="" src="/a.png">'],
  ['nothing', '<img alt="">'],
  ['http: in a style', '<p style="background: #fff url(http://a.example/a.png)">Closed</p>'],
  [
    'http: in an old attribute',
    '<table><tr><td background="http://a.example/a.png">Closed</td></tr></table>',
  ],
  [
    'http: for dense screens',
    '<img alt="" src="https://a.example/a.png" srcset="http://a.example/b.png 2x">',
  ],
])('M03: an image from %s is an error', async (_what, html) => {
  expect(await findingsIn('M03', html)).toEqual([expect.stringMatching(/^error -: an image/)])
})

test('M03: https is fine, and so is this machine while nothing leaves it', async () => {
  const publication = 'name: The Tide\npublic-url: http://127.0.0.1:4321\n'
  const own = '<img alt="" src="http://127.0.0.1:4321/i/a.png">'

  expect(
    await findingsIn('M03', '<img alt="" src="https://a.example/a.png" srcset="https://a.example/b.png 2x">'),
  ).toEqual([])
  expect(await findingsIn('M03', own, { publication, isLive: false })).toEqual([])
  expect(await findingsIn('M03', own, { publication, isLive: true })).toHaveLength(1)
})

test('M04: kinds that mail programs do not show are errors or warnings, the others are fine', async () => {
  const kind = (name: string) => findingsIn('M04', `<img alt="" src="https://a.example/a.${name}?v=2">`)

  expect(await kind('svg')).toEqual([expect.stringMatching(/^error -: an image is svg: Gmail/)])
  expect(await kind('webp')).toEqual([expect.stringMatching(/^warn -: an image is webp: Outlook/)])
  expect(await kind('png')).toEqual([])
  expect(await findingsIn('M04', '<img alt="" src="https://svg.example/svg.gif">')).toEqual([])
})

test('M05: an image without a width is a warning, and so is one wider than a mail', async () => {
  const image = (attributes: string) =>
    findingsIn('M05', `<img alt="" src="https://a.example/a.png" ${attributes}>`)

  expect(await image('')).toEqual([expect.stringContaining('has no width')])
  expect(await image('width="601"')).toEqual([expect.stringContaining('is shown 601 pixels wide')])
  expect(await image('width="600"')).toEqual([])
  expect(await image('width="100%"')).toEqual([])
})

test('M05: an image with many more pixels than are shown is a warning on its line', async () => {
  const image = '![A gate](images/gate.png)'

  expect(await findingsOf('M05', image, [1681, 900])).toEqual([
    'warn 6: the image images/gate.png has 1681 pixels for 560; no screen shows so many; 1120 are enough, and load sooner',
  ])
  expect(await findingsOf('M05', image, [1680, 900])).toEqual([])
  expect(await findingsOf('M05', image, [40, 30])).toEqual([])
})

test('M05: what a picture is shown at where it is largest decides', async () => {
  const small = '![A gate](images/gate.png){width=100}'
  const large = '![The same gate](images/gate.png)'

  expect(await findingsOf('M05', small)).toHaveLength(1)
  expect(await findingsOf('M05', `${small}\n\n${large}`)).toEqual([])
})

test('M05: an image that is stretched is a warning', async () => {
  const input = await proofOf({
    body: '\n![A gate](images/gate.png)\n',
    images: { 'gate.png': png(300, 200) },
  })
  const [image] = input.images.values()
  const shown = (width: number) =>
    runCheck(
      IMAGE_CHECKS,
      'M05',
      withHtml(input, `<img alt="" src="https://tide.example.org/i/${image?.sha256}.png" width="${width}">`),
    )

  expect(shown(301)).toEqual([expect.stringContaining('has 300 pixels for 301, and will look coarse')])
  expect(shown(300)).toEqual([])
})

test('M06: a large image with few words is a warning, with words or small it is none', async () => {
  const image = '![A gate](images/gate.png)'

  expect(await findingsOf('M06', `Look!\n\n${image}`)).toEqual([
    expect.stringMatching(/^warn 8: the issue is an image and 5 characters of text/),
  ])
  expect(await findingsOf('M06', `${words}\n\n${image}`)).toEqual([])
  expect(await findingsOf('M06', `Look!\n\n${image}`, [100, 100])).toEqual([])
})

test('M07: a background image without a colour is a warning in the template’s file and line', async () => {
  const url = 'background-url="https://tide.example.org/sea.png"'
  const section = (attributes: string) => ({
    'partials/opening.mjml': `<mj-section\n${url} ${attributes}><mj-column><mj-text>{{opening}}</mj-text></mj-column></mj-section>`,
  })
  const found = async (attributes: string) =>
    runCheck(IMAGE_CHECKS, 'M07', await proofOf({ body: '\nA note.\n', templates: section(attributes) }))

  expect(
    await findingsIn('M07', '<div style="background: url(https://a.example/a.png)">Closed</div>'),
  ).toHaveLength(1)
  expect(
    await findingsIn('M07', '<div style="background: navy url(https://a.example/a.png)">Closed</div>'),
  ).toEqual([])
  expect(
    await findingsIn('M07', '<table><tr><td background="https://a.example/a.png">Closed</td></tr></table>'),
  ).toHaveLength(1)
  expect(
    await findingsIn(
      'M07',
      '<table><tr><td bgcolor="#000080" background="https://a.example/a.png">A</td></tr></table>',
    ),
  ).toEqual([])
  expect(await found('background-color="#001122"')).toEqual([])
  // The project's head gives every section a ground.
  expect(await found('background-color="transparent"')).toEqual([
    expect.stringMatching(/^warn 2: the background image/),
  ])
})
