import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot } from '../rig/cli.js'

let place: CliRoot

afterEach(() => place.close())

test('the demo runs to its end in a folder where nothing has run before', async () => {
  place = await openCliRoot()

  const { code, stdout, stderr } = await place.run('demo')

  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain('audience 1,000 = sent 997 + bounced 1 + excluded 2')
  expect(stdout).toContain('Send 1 is clean: 1,000 accounted for, compared with 997 accepted messages')
  expect(existsSync(path.join(place.root, '.data', 'demo', 'issue', 'email.html'))).toBe(true)
})

test('the demo takes nothing of what an operator has set for real sending', async () => {
  place = await openCliRoot()
  const settings = ['SMTP_URL=smtp://127.0.0.1:9/', 'DKIM_FOLDER=keys', 'PACE=other=1/m', 'MX_LOOKUP=on']
  writeFileSync(path.join(place.root, '.env'), settings.join('\n'))

  const { code, stdout, stderr } = await place.run('demo')

  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain('Send 1 is clean')
})
