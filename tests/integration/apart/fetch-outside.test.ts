/** Fetching a small text from outside: what is read, and where nothing is connected to. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fetchOutside, WORLD } from '../../../src/app/fetch-outside.js'
import type { NetworkGuard } from '../../../src/app/network-guard.js'

let server: Server
let port: number
let asked: string[] = []

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    asked.push(url)
    if (url.startsWith('/to?')) response.writeHead(302, { location: decodeURIComponent(url.slice(4)) }).end()
    else if (url === '/missing') response.writeHead(404).end('no')
    else if (url === '/endless') response.write('x'.repeat(100_000))
    else response.end('a certificate')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address.
  port = (server.address() as AddressInfo).port
})
beforeEach(() => {
  asked = []
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** In which `site.test` is this server, and of all addresses 127.0.0.1 alone may be connected to. */
const near: NetworkGuard = {
  mayConnect: (ip) => ip === '127.0.0.1',
  resolve: async (host) => [{ address: host === 'site.test' ? '127.0.0.1' : '10.0.0.1', family: 4 }],
}

const get = (path: string) => fetchOutside(`http://site.test:${port}${path}`, near)

test('the text is read', async () => {
  expect(await get('/')).toBe('a certificate')
})

test('what is no 200, or does not end, is no answer', async () => {
  await expect(get('/missing')).rejects.toThrow('it was answered with 404, not 200')
  await expect(get('/endless')).rejects.toThrow('the answer is longer than 65536 bytes')
})

test.each([
  'http://127.0.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::1]/',
  'http://10.0.0.1/',
  'http://2130706433/',
  'http://[::ffff:169.254.169.254]/',
  'file:///etc/passwd',
])('V54: a redirect to %s is not followed', async (url) => {
  await expect(get(`/to?${encodeURIComponent(url)}`)).rejects.toThrow('it was answered with 302, not 200')
  expect(asked).toHaveLength(1)
})

test('V54: a name that leads inside is not connected to', async () => {
  await expect(fetchOutside(`http://inner.test:${port}/`, near)).rejects.toMatchObject({
    cause: { message: 'it leads to 10.0.0.1, which is in this network' },
  })
})

test.each(['127.0.0.1', '[::1]', '2130706433', '0x7f.1', 'localhost'])(
  'V54: outside of tests http://%s is not connected to',
  async (host) => {
    await expect(fetchOutside(`http://${host}:${port}/`, WORLD)).rejects.toThrow('was not fetched')
    expect(asked).toEqual([])
  },
)
