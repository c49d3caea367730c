/** The process of the plain server: answers every request with the status, headers and body of its first argument. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PlainAnswer } from './clicks.js'

// Written by clicks.ts.
const { status, headers, body } = JSON.parse(process.argv[2] ?? '{}') as PlainAnswer
const server = createServer((_request, response) => {
  response.writeHead(status, headers).end(body)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
// A TCP server that listens has such an address.
const { port } = server.address() as AddressInfo
process.stdout.write(`http://127.0.0.1:${port}\n`)
