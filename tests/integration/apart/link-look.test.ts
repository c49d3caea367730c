/** Asking sites about links: what is answered, and that nothing of this network is ever connected to. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LinkLookContext, lookAtLink, worldContext } from '../../../src/app/link-look.js'

let server: Server
let port: number
/** `HEAD /path`, in order. */
let asked: string[] = []

beforeAll(async () => {
  server = createServer(answer)
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

function answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void {
  asked.push(`${method} ${url}`)
  const hops = Number(/^\/hop\/(\d+)/.exec(url)?.[1] ?? 0)
  if (url === '/silent') return
  if (url.startsWith('/status/')) response.writeHead(Number(url.slice('/status/'.length)))
  else if (url === '/no-head') response.writeHead(method === 'HEAD' ? 405 : 200)
  else if (url === '/agent')
    response.writeHead(/^pressrun\/\S+ \(link check\)$/.test(headers['user-agent'] ?? '') ? 200 : 404)
  else if (url === '/endless') {
    response.writeHead(method === 'HEAD' ? 405 : 200)
    response.write('x')
    return
  } else if (hops > 0) response.writeHead(302, { location: hops === 1 ? '/' : `/hop/${hops - 1}` })
  else if (url.startsWith('/to?')) response.writeHead(302, { location: decodeURIComponent(url.slice(4)) })
  else response.writeHead(200)
  response.end()
}

/** In which `site.test` is this server, and of all addresses 127.0.0.1 alone may be connected to. */
const near: LinkLookContext = {
  mayConnect: (ip) => ip === '127.0.0.1',
  mayAsk: (url) => !url.includes('/u/'),
  resolve: async (host) => {
    if (host === 'site.test') return [{ address: '127.0.0.1', family: 4 }]
    if (host === 'inner.test') return [{ address: '10.0.0.1', family: 4 }]
    if (host === 'both.test')
      return [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ]
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  },
  timeoutMs: 10_000,
}
const look = (path: string, context = near) => lookAtLink(`http://site.test:${port}${path}`, context)

test('a page that is there is asked for once, by HEAD, with a name to the asker', async () => {
  expect(await look('/agent')).toEqual({ kind: 'answered', status: 200 })
  expect(asked).toEqual(['HEAD /agent'])
})

test.each([404, 410, 403, 429, 503])('a %i to HEAD is asked again by GET, and told', async (status) => {
  expect(await look(`/status/${status}`)).toEqual({ kind: 'answered', status })
  expect(asked).toEqual([`HEAD /status/${status}`, `GET /status/${status}`])
})

test('a site that does not know HEAD is asked by GET, and what follows the head is not waited for', async () => {
  expect(await look('/no-head')).toEqual({ kind: 'answered', status: 200 })
  expect(await look('/endless')).toEqual({ kind: 'answered', status: 200 })
})

test('five redirects are followed, six are not', async () => {
  expect(await look('/hop/5')).toEqual({ kind: 'answered', status: 200 })
  expect(await look('/hop/6')).toEqual({ kind: 'refused', why: 'it redirects more than 5 times' })
})

test('a name that is not there, and a site that does not answer', async () => {
  expect(await lookAtLink('http://nowhere.test/', near)).toEqual({ kind: 'nowhere' })
  expect(await look('/silent', { ...near, timeoutMs: 50 })).toMatchObject({ kind: 'silent' })
  expect(await lookAtLink('http://127.0.0.1:1/', near)).toMatchObject({ kind: 'silent', why: 'ECONNREFUSED' })
})

test.each([
  ['an address', 'http://10.0.0.1/'],
  ['one in another notation', 'http://0xa000001/'],
  ['one in IPv6', 'http://[::ffff:10.0.0.1]/'],
  ['a name that leads there', 'http://inner.test/'],
])('nothing is connected to at %s of this network', async (_what, url) => {
  expect(await lookAtLink(url, near)).toMatchObject({
    kind: 'refused',
    why: expect.stringContaining('in this network'),
  })
  expect(await look(`/to?${encodeURIComponent(url)}`)).toMatchObject({ kind: 'refused' })
})

test('a name with one address inside is not asked, whichever comes first', async () => {
  expect(await lookAtLink(`http://both.test:${port}/`, near)).toMatchObject({ kind: 'refused' })
  expect(asked).toEqual([])
})

test('a name that has changed between two look-ups gets no further: what was judged is what is connected to', async () => {
  const answers = ['127.0.0.1', '127.0.0.2']
  const rebinding: LinkLookContext = {
    ...near,
    resolve: async () => [{ address: answers.shift() ?? '127.0.0.2', family: 4 }],
  }

  expect(await lookAtLink(`http://rebind.test:${port}/hop/1`, rebinding)).toMatchObject({
    kind: 'refused',
    why: 'it leads to 127.0.0.2, which is in this network',
  })
  expect(asked).toEqual(['HEAD /hop/1'])
})

test('a redirect to another scheme, or to one reader’s own link, is not followed', async () => {
  expect(await look(`/to?${encodeURIComponent('file:///etc/passwd')}`)).toMatchObject({ kind: 'refused' })
  expect(await look('/to?/u/AAAA')).toMatchObject({ kind: 'refused' })
  expect(asked.filter((line) => line.includes(' /u/'))).toEqual([])
})

test('outside of tests this machine itself is not asked', async () => {
  const world = worldContext(() => true)

  expect(await lookAtLink(`http://127.0.0.1:${port}/`, world)).toMatchObject({ kind: 'refused' })
  expect(await lookAtLink(`http://localhost:${port}/`, world)).toMatchObject({ kind: 'refused' })
  expect(await lookAtLink(`http://[::1]:${port}/`, world)).toMatchObject({ kind: 'refused' })
  expect(asked).toEqual([])
})
