/**
 * Door: who may hold a connection to a server that all the world may reach. Whoever is turned away hears why (RFC 5321 section
 * 3.8) and leaves nothing behind. When all places are taken, the network that holds most of them gives one up to a network with
 * fewer, so that a few machines that hold on to theirs keep nobody else out.
 */

import type { Socket } from 'node:net'
import { networkOf } from '../address-range.js'

export interface DoorLimits {
  /** At once. */
  readonly guests: number
  /** Of them, from one network: a /24, or a /48 of IPv6. A proxy before us makes all the world one. */
  readonly ofOneNetwork: number
  /** For one mail, from the connection or the mail before it to its last line, however slowly it goes on. */
  readonly mailMs: number
  /** Lines and bytes of commands for one mail: commands cost little, but without end they cost all there is. */
  readonly talkLines: number
  readonly talkBytes: number
}

export interface Guest {
  /** It has said this. Of a mail nothing is counted; whoever talks on and brings none is sent away. */
  talks(chunk: Buffer): void
  /** From now on a mail comes. */
  brings(): void
  /** Its mail is in, and it waits for us: its time stands still. */
  waits(): void
  /** It has been answered. When a mail was taken, its time begins anew. */
  answered(isTaken: boolean): void
  /** Sends it away with these words. */
  dismiss(words: string): void
}

export interface Door {
  /** Null: it was turned away. Of a guest that goes its place is free at once. */
  admit(socket: Socket): Guest | null
}

interface Place {
  readonly socket: Socket
  readonly network: string
  /** When its last mail was taken; else when it came. */
  broughtAt: number
  state: 'talks' | 'brings' | 'waits'
  lines: number
  bytes: number
  /** Of the time for one mail. */
  leftMs: number
  timer: NodeJS.Timeout | null
  timedAt: number
}

const LF = 0x0a
const NO_PLACE = '421 4.3.2 all places are taken; please come again'
const TOO_MANY = '421 4.3.2 too many connections from your network; please come again'
const TOO_TALKATIVE = '421 4.7.0 too many commands and no mail'
const GIVEN_UP = '421 4.3.2 others are waiting and hold fewer connections; please come again'

/** `onTurnedAway`: each time, also of a guest that gives up its place. */
export function openDoor(
  { guests, ofOneNetwork, mailMs, talkLines, talkBytes }: DoorLimits,
  { onTurnedAway }: { readonly onTurnedAway: () => void },
): Door {
  const places = new Map<Socket, Place>()

  function turnAway(socket: Socket, words: string): null {
    onTurnedAway()
    sendAway(socket, words)
    return null
  }

  function dismiss(place: Place, words: string): void {
    leave(place)
    sendAway(place.socket, words)
  }

  function leave(place: Place): void {
    stopTime(place)
    places.delete(place.socket)
  }

  function startTime(place: Place): void {
    place.timedAt = performance.now()
    const words = `421 4.4.2 no whole mail within ${mailMs / 1_000} s`
    place.timer = setTimeout(() => dismiss(place, words), place.leftMs)
    place.timer.unref()
  }

  return {
    admit(socket) {
      const network = networkOf(socket.remoteAddress ?? '')
      if (countOf(places, network) >= ofOneNetwork) return turnAway(socket, TOO_MANY)
      if (places.size >= guests) {
        const other = findToGiveUp(places, network)
        if (other === null) return turnAway(socket, NO_PLACE)
        onTurnedAway()
        dismiss(other, GIVEN_UP)
      }
      const now = performance.now()
      const place: Place = {
        socket,
        network,
        broughtAt: now,
        state: 'talks',
        lines: 0,
        bytes: 0,
        leftMs: mailMs,
        timer: null,
        timedAt: now,
      }
      places.set(socket, place)
      startTime(place)
      socket.once('close', () => leave(place))
      return {
        talks(chunk) {
          if (place.state === 'brings') return
          place.bytes += chunk.length
          place.lines += countLines(chunk)
          if (place.bytes > talkBytes || place.lines > talkLines) dismiss(place, TOO_TALKATIVE)
        },
        brings() {
          place.state = 'brings'
        },
        waits() {
          stopTime(place)
          place.state = 'waits'
        },
        answered(isTaken) {
          place.state = 'talks'
          if (isTaken)
            Object.assign(place, { broughtAt: performance.now(), leftMs: mailMs, lines: 0, bytes: 0 })
          if (places.has(socket)) startTime(place)
        },
        dismiss: (words) => dismiss(place, words),
      }
    },
  }
}

function stopTime(place: Place): void {
  if (place.timer === null) return
  clearTimeout(place.timer)
  place.timer = null
  place.leftMs = Math.max(0, place.leftMs - (performance.now() - place.timedAt))
}

function countOf(places: ReadonlyMap<Socket, Place>, network: string): number {
  return [...places.values()].filter((place) => place.network === network).length
}

/**
 * Of the network with most places, the one that has brought nothing for longest. Null: the newcomer's would then have more of
 * them, or all wait for us.
 */
function findToGiveUp(places: ReadonlyMap<Socket, Place>, newcomer: string): Place | null {
  const networks = new Set([...places.values()].map(({ network }) => network))
  const counts = new Map([...networks].map((network) => [network, countOf(places, network)]))
  const enough = (counts.get(newcomer) ?? 0) + 2
  const [first = null] = [...places.values()]
    .filter(({ network, state }) => state !== 'waits' && (counts.get(network) ?? 0) >= enough)
    .sort(
      (one, other) =>
        (counts.get(other.network) ?? 0) - (counts.get(one.network) ?? 0) || one.broughtAt - other.broughtAt,
    )
  return first
}

function countLines(chunk: Buffer): number {
  let lines = 0
  for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) lines += 1
  return lines
}

/** What the kernel does not take at once is not waited for: a client that reads nothing holds nothing either. */
function sendAway(socket: Socket, words: string): void {
  socket.on('error', () => {})
  if (socket.writableLength === 0) socket.end(`${words}\r\n`, () => socket.destroy())
  if (socket.writableLength > 0) socket.destroy()
}
