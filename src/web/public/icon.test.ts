import { expect, test } from 'vitest'
import { plainFace } from '../face.js'
import { iconRoutes } from './icon.js'

async function iconOf(name: string): Promise<string> {
  const answer = await iconRoutes({ face: async () => plainFace(name) }).request('/icon.svg')
  return answer.text()
}

test.each([
  ['The Harbour Brief', 'H'],
  ['harbour', 'H'],
  ['La', 'L'],
  ['The A', 'T'],
  ['42 Docks', '4'],
  ['المرفأ', 'ا'],
  ['港の便り', '港'],
])('%s is known by its %s', async (name, initial) => {
  expect(await iconOf(name)).toContain(`>${initial}</text>`)
})

test('a name is inert in it', async () => {
  const icon = await iconOf('"><script>alert(1)</script>')

  expect(icon).not.toContain('<script')
  expect(icon).toContain('aria-label="&quot;&gt;&lt;script&gt;')
})

test('nothing is there while nobody knows of a publication', async () => {
  const routes = iconRoutes({ face: async () => null })

  expect((await routes.request('/icon.svg')).status).toBe(404)
})
