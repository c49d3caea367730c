/**
 * The short way in for what is asked most, pixels and clicks: answered on Node's own request and response, by the same
 * function as `routes.ts`. Whatever it does not answer goes on to the usual way as if it had not been here.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { clientAddress, type IsProxy } from '../client-address.js'
import type { Answerer } from './answer.js'
import { CLICK_PATH } from './click.js'
import { OPEN_PATH } from './open.js'

/** Answers, or calls `goOn`. */
export type Door = (request: IncomingMessage, response: ServerResponse, goOn: () => void) => void

export function openDoor(answer: Answerer, isProxy: IsProxy): Door {
  return (request, response, goOn) => {
    if (!isOurs(request)) return goOn()
    const { headers, socket, url = '' } = request
    const header = (name: string) => asText(headers[name])
    const query = url.indexOf('?')
    const asked = {
      method: request.method ?? '',
      path: query === -1 ? url : url.slice(0, query),
      client: clientAddress(socket.remoteAddress, header('x-forwarded-for'), isProxy),
      header,
    }
    answer(asked).then(
      (answered) => {
        if (answered === null) return goOn()
        response.writeHead(answered.status, answered.headers)
        response.end(answered.body)
      },
      // It is said there, with a page.
      () => goOn(),
    )
  }
}

function isOurs({ method, url = '', headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if (!url.startsWith(CLICK_PATH) && !url.startsWith(OPEN_PATH)) return false
  // A body that nobody wants has its bounds elsewhere.
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
}

function asText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value
}
