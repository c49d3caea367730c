import { on } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, spawnCli } from '../rig/cli.js'

let place: CliRoot

afterEach(() => place.close())

test('the demo runs to its end in a folder where nothing has run before', async () => {
  place = await openCliRoot()

  const { code, stdout, stderr } = await place.run('demo')

  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain('audience 1,000 = sent 997 + bounced 1 + excluded 2')
  expect(stdout).toContain('Send 1 is clean: 1,000 accounted for, compared with 997 accepted messages')
  expect(existsSync(path.join(place.root, '.data', 'demo', 'issue', 'email.html'))).toBe(true)
  expect(stdout).toMatch(/^ {2}the report {10}\S*report\.html$/m)
  const page = readFileSync(path.join(place.root, '.data', 'demo', 'report.html'), 'utf8')
  expect(page).toContain('Audience 1,000 = sent 997 + bounced 1 + excluded 2')
})

test('the demo takes nothing of what an operator has set for real sending', async () => {
  place = await openCliRoot()
  const settings = ['SMTP_URL=smtp://127.0.0.1:9/', 'DKIM_FOLDER=keys', 'PACE=other=1/m', 'MX_LOOKUP=on']
  writeFileSync(path.join(place.root, '.env'), settings.join('\n'))

  const { code, stdout, stderr } = await place.run('demo')

  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain('Send 1 is clean')
})

test('with --stay the archive and the page to subscribe on can be looked at until it is told to end', async () => {
  place = await openCliRoot()
  const { child, closed } = spawnCli(['demo', '--stay'], place)

  const url = await read(child.stdout, /the archive +(http:\S+)\/\n/)
  const index = await fetch(`${url}/`)
  const subscribe = await fetch(`${url}/subscribe/readers`)
  child.kill('SIGINT')

  expect(await index.text()).toContain('A levy on cold boxes')
  expect(await subscribe.text()).toContain('Subscribe to Readers')
  expect(await closed).toMatchObject({ code: 0 })
})

/** The first group of what is printed sooner or later. */
async function read(stream: Readable, pattern: RegExp): Promise<string> {
  let printed = ''
  for await (const chunk of on(stream, 'data', { close: ['end'] })) {
    printed += String(chunk)
    const found = pattern.exec(printed)?.[1]
    if (found !== undefined) return found
  }
  throw new Error(`it ended and had printed: ${printed}`)
}
