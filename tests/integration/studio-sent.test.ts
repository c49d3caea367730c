/** What the studio says of a message that an engine has really sent: the store beside the inbox knows its links and pictures. */

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningStudio } from '../../src/app/studio.js'
import { openPreview } from '../../src/commands/preview.js'
import type { Compilation } from '../../src/compile/compiled.js'
import { openLog } from '../../src/log.js'
import type { InboxMessage } from '../../src/web/studio/inbox/api.js'
import { compilation, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'

/** One white pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg==',
  'base64',
)
const SHA256 = createHash('sha256').update(PNG).digest('hex')

let root: TestRoot
let studio: RunningStudio

beforeAll(async () => {
  root = await openTestRoot({ STUDIO_PORT: '0' })
  const store = await root.store()
  const listId = await subscribe(store, 'readers', ['alice'])
  const sent = await freeze(store, listId, withLinkAndPicture())
  const engine = await root.engine()
  if (sent.kind !== 'created') throw new Error(`the Send is ${sent.kind}`)
  await untilFinished(store, sent.sendId)
  await engine.close()
  studio = await openPreview(root.config, openLog('error'))
})

afterAll(async () => {
  await studio.close()
  await root.close()
})

function withLinkAndPicture(): Compilation {
  const base = compilation()
  const publicUrl = base.compiled.publication.publicUrl
  const read = { kind: 'token', purpose: 'read' } as const
  return {
    ...base,
    imageBytes: new Map([[SHA256, PNG]]),
    compiled: {
      ...base.compiled,
      html: [
        `<a href="${publicUrl}/c/`,
        read,
        `/0">The quay</a><img src="${publicUrl}/i/${SHA256}.png" alt="">`,
      ],
      links: [{ index: 0, url: 'https://quay.example/', section: '', heading: '', text: 'The quay' }],
      images: [{ sha256: SHA256, ext: 'png', sizeBytes: PNG.length }],
    },
  }
}

test('a click is told with where it leads, without following it', async () => {
  const response = await fetch(`${studio.url}/api/inbox/inbox/1`)
  const { to, links } = (await response.json()) as InboxMessage

  expect(to).toEqual(['alice@example.org'])
  expect(links).toMatchObject([
    {
      words: 'The quay',
      kind: 'click',
      leadsTo: 'https://quay.example/',
      what: 'Goes through our redirect: opening it counts as a Hit while the engine runs.',
    },
  ])
})

test('a picture of the Send is shown, though no file of the issues holds it', async () => {
  const frame = await fetch(`${studio.url}/frame/inbox/inbox/1/html`)
  const at = /src="([^"]+)"/.exec(await frame.text())?.[1] ?? ''
  const picture = await fetch(`${studio.url}${at}`)

  expect(at).toBe(`/api/inbox/inbox/1/images/${SHA256}.png`)
  expect(Buffer.from(await picture.arrayBuffer()).equals(PNG)).toBe(true)
})

test('looking at it has counted nothing', async () => {
  const { db } = await root.store()

  expect(await db.query.selectFrom('hit').select('id').execute()).toEqual([])
})
