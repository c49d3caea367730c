/** What a command says of the relays before anyone is placed. */

import { expect, test } from 'vitest'
import { checkRelays } from '../../../src/app/relay-check.js'
import { readRelays } from '../../../src/app/relays.js'
import { freePort } from '../../rig/free-port.js'
import { startScriptedSmtp } from '../../rig/scripted-smtp.js'

async function check(...urls: readonly string[]): Promise<readonly string[]> {
  const said: string[] = []
  await checkRelays({ smtpUrl: urls.join(' ') }, (line) => said.push(line))
  return said
}

test('one relay that can be used is enough; the other is told of', async () => {
  const server = await startScriptedSmtp()
  const away = `smtp://desk:geheim@127.0.0.1:${await freePort()}`

  expect(await check(server.url)).toEqual([])
  expect(await check(away, server.url)).toEqual([
    expect.stringMatching(
      /^SMTP_URL: nothing listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\); .*; the other relays take its share$/,
    ),
  ])
  await server.stop()
})

test('without one that takes the rest, every problem is said, and nothing goes on', async () => {
  const server = await startScriptedSmtp()
  const away = `smtp://127.0.0.1:${await freePort()}`

  await expect(check(`${server.url}?for=gmail`, away)).rejects.toThrow(/^SMTP_URL: nothing listens at /)
  await expect(check(away, `${away}?label=second`)).rejects.toThrow(
    /nothing listens.*\nSMTP_URL: nothing listens/,
  )
  await server.stop()
})

test('a lane that is none is refused with those there are', () => {
  expect(() => readRelays('smtp://one.example.org?for=gmial smtp://two.example.org')).toThrow(
    /^SMTP_URL: for=gmial names no lane; lanes are gmail, microsoft, .*other, and a domain has a dot$/,
  )
  expect(readRelays('smtp://one.example.org?for=other smtp://two.example.org')).toHaveLength(2)
})
