/**
 * Relays: the one or several that a Send's messages are handed to. Each has a guard of its own; a message that its
 * relay has certainly not got, and of which no intent is on record, goes to another at once. What a relay answered for
 * a recipient stands: no other is asked for a better answer.
 */

import type { Reply, SendOptions, Transport, WireMessage } from '../smtp/transport.js'
import { type Outcome, readOutcome } from './outcome.js'
import type { Budget } from './pace/budget.js'
import { type Choosable, chooseRelay, type Route, takesLane, takesRoute } from './relay-choice.js'
import { makeRelayGuard, type RelayGuard } from './relay-guard.js'

/** A relay that lets its messages wait so long without one answer is passed over while another is open. */
const STALL_MS = 10_000
/** So many messages in a row ended and without a reply: the relay is left alone, before more become uncertain. */
const SILENCES_IN_A_ROW = 3

export interface RelayOptions extends Omit<Choosable, 'credit'> {
  readonly transport: Transport
  /** What it may be given; not given: all that it takes. */
  readonly budget?: Budget
}

export interface RelaysOptions {
  readonly relays: readonly RelayOptions[]
  /** Milliseconds of a clock that is never set back. */
  readonly monotonic: () => number
  /** Told at each failed try, and when the relay is back. */
  readonly onShut: (relay: string, cause: string, isFirst: boolean) => void
  readonly onOpen: (relay: string) => void
  readonly stallMs?: number
}

export interface RelaySendOptions {
  readonly lane: string
  /** Messages of the lane after which a connection is replaced; null or not given: as the relay says. */
  readonly perConnection?: number | null
  /** Goes before those that wait for a relay: a Notice, which one person waits for. */
  readonly isUrgent?: true
  /** As a Transport's; told which relay has the message. */
  readonly beforeEnd: (relay: string) => Promise<boolean>
}

/** `relay`: name of the one whose answer it is, '' when none was asked. */
export type RelayedReply = Reply & { readonly relay: string }

export interface Refusal {
  /** Name of the relay. */
  readonly relay: string
  readonly refused: 'login' | 'sender'
  /** What it said. */
  readonly text: string
}

export interface Relays {
  /** How many messages the open ones take at once. */
  readonly concurrency: number
  /** … of one lane. */
  concurrencyFor(lane: string): number
  /** May messages of that lane be tried now? Of any lane, when none is given. */
  isOpen(lane?: string): boolean
  /** Rejects only with what `beforeEnd` threw, or for a message that is a bug. */
  send(message: WireMessage, options: RelaySendOptions): Promise<RelayedReply>
  /** Every relay of that lane has refused us so often in a row that a person has to mend it; else null. */
  refusals(lane: string): readonly Refusal[] | null
  /** As each Transport's. */
  close(options?: { readonly withinMs?: number }): Promise<void>
}

interface Relay extends Choosable {
  readonly name: string
  readonly transport: Transport
  readonly budget: Budget | null
  readonly guard: RelayGuard
  underWay: number
  waiting: ((isMine: boolean) => void)[]
  answeredAt: number
  isWatched: boolean
  isStalled: boolean
  silences: number
  refusal: Refusal | null
}

export function makeRelays({
  relays: given,
  monotonic,
  onShut,
  onOpen,
  stallMs = STALL_MS,
}: RelaysOptions): Relays {
  const relays = given.map(({ transport, budget = null, weight, takes, isBackup }): Relay => {
    const { name } = transport
    const guard = makeRelayGuard({
      monotonic,
      onShut: (cause, isFirst) => onShut(name, cause, isFirst),
      onOpen: () => onOpen(name),
    })
    const state = { underWay: 0, waiting: [], answeredAt: monotonic(), isWatched: false, isStalled: false }
    const past = { silences: 0, credit: 0, refusal: null }
    return { name, transport, budget, guard, weight, takes, isBackup, ...state, ...past }
  })
  let isClosed = false

  const isOpen = ({ guard, budget }: Relay) => !isClosed && guard.isOpen() && (budget?.isOpen() ?? true)

  async function send(
    message: WireMessage,
    { lane, perConnection = null, isUrgent, beforeEnd }: RelaySendOptions,
  ): Promise<RelayedReply> {
    const ofLane = perConnection === null ? {} : { lane: { name: lane, perConnection } }
    const route = { lane, domain: domainOf(message) }
    const tried = new Set<Relay>()
    const replies: RelayedReply[] = []
    let isAsked = false
    for (;;) {
      const relay = choose(route, tried)
      if (relay === null) {
        const isLeft = relays.some((other) => !tried.has(other) && takesRoute(other, route))
        return lastWord(replies, { isLeft })
      }
      if (!(await takeTurn(relay, { isUrgent: isUrgent === true }))) continue
      if (relay.budget !== null && !(await relay.budget.take())) {
        // Its day is over, or all ends: whoever waits for it chooses again too.
        relay.underWay -= 1
        sendAway(relay)
        continue
      }
      tried.add(relay)
      const reply = await hand(message, relay, {
        ...ofLane,
        beforeEnd() {
          isAsked = true
          return beforeEnd(relay.name)
        },
      })
      const outcome = readOutcome(reply)
      note(relay, reply, outcome)
      const relayed = { ...reply, relay: relay.name }
      if (isAsked || !mayMove(reply, outcome)) return relayed
      replies.push(relayed)
    }
  }

  async function hand(message: WireMessage, relay: Relay, options: SendOptions): Promise<Reply> {
    try {
      return await relay.transport.send(message, options)
    } catch (error) {
      // What was thrown says nothing of the relay.
      setImmediate(callNext, relay)
      throw error
    } finally {
      relay.budget?.settle()
      relay.underWay -= 1
      relay.answeredAt = monotonic()
      relay.isStalled = false
    }
  }

  function choose(route: Route, tried: ReadonlySet<Relay>): Relay | null {
    const [only] = relays
    if (relays.length === 1 && only !== undefined && only.takes.length === 0)
      return isOpen(only) && !tried.has(only) ? only : null
    const open = relays.filter((relay) => isOpen(relay) && !tried.has(relay))
    // Behind a relay that does not move, or is just being tried again, nobody waits who has another.
    const lively = open.filter((relay) => !relay.isStalled && !isBeingProved(relay))
    return chooseRelay(lively, route) ?? chooseRelay(open, route)
  }

  /** Waits until the relay takes one more at once; false: choose again, it was shut or does not move. */
  function takeTurn(relay: Relay, { isUrgent }: { readonly isUrgent: boolean }): Promise<boolean> | boolean {
    if (relay.underWay < room(relay)) {
      if (relay.underWay === 0) relay.answeredAt = monotonic()
      relay.underWay += 1
      return true
    }
    return new Promise((resolve) => {
      if (isUrgent) relay.waiting.unshift(resolve)
      else relay.waiting.push(resolve)
      if (!relay.isWatched && relays.length > 1) watch(relay)
    })
  }

  function callNext(relay: Relay): void {
    while (relay.underWay < room(relay)) {
      const next = relay.waiting.shift()
      if (next === undefined) return
      relay.underWay += 1
      next(true)
    }
  }

  function sendAway(relay: Relay): void {
    for (const next of relay.waiting.splice(0)) next(false)
  }

  /** While messages wait for it: has it answered anything lately? */
  function watch(relay: Relay): void {
    relay.isWatched = true
    const timer = setTimeout(() => {
      relay.isWatched = false
      if (relay.waiting.length === 0) return
      if (
        monotonic() - relay.answeredAt < stallMs ||
        !relays.some((other) => other !== relay && isOpen(other))
      )
        return watch(relay)
      relay.isStalled = true
      sendAway(relay)
    }, stallMs)
    timer.unref()
  }

  function note(relay: Relay, reply: Reply, outcome: Outcome): void {
    if (isClosed) return
    relay.silences = reply.kind === 'endedWithoutReply' ? relay.silences + 1 : 0
    if (outcome.kind === 'relayDown') {
      const { fault, text } = outcome
      const isHopeless = relay.guard.close({ cause: text, fault })
      const refused = isHopeless && outcome.fault === 'ours' ? outcome.refused : null
      relay.refusal = refused === null ? null : { relay: relay.name, refused, text }
    } else if (reply.kind === 'endedWithoutReply' && relay.silences >= SILENCES_IN_A_ROW) {
      relay.guard.close({ cause: reply.cause, fault: 'relay' })
    } else if (reply.kind === 'replied') {
      relay.refusal = null
      relay.guard.open()
    }
    if (isOpen(relay)) callNext(relay)
    else sendAway(relay)
  }

  return {
    get concurrency() {
      return atOnce(inUse(relays.filter(isOpen)))
    },
    concurrencyFor(lane) {
      const open = relays.filter(isOpen)
      const own = open.filter(({ takes, isBackup }) => !isBackup && takes.includes(lane))
      // Those that are for a domain may have some of the lane's.
      const rest = inUse(open).filter(
        ({ takes }) => takes.length === 0 || takes.some((name) => name.includes('.')),
      )
      return atOnce(own.length > 0 ? own : rest)
    },
    isOpen: (lane) => relays.some((relay) => isOpen(relay) && (lane === undefined || takesLane(relay, lane))),
    send,
    refusals(lane) {
      const own = relays.filter((relay) => takesLane(relay, lane))
      const refusals = own.flatMap(({ refusal }) => (refusal === null ? [] : [refusal]))
      return refusals.length === own.length ? refusals : null
    },
    async close(options) {
      isClosed = true
      for (const relay of relays) sendAway(relay)
      await Promise.all(relays.map(({ transport }) => transport.close(options)))
    },
  }
}

/** Those kept back for when no other is open are left out while another is. */
function inUse(open: readonly Relay[]): readonly Relay[] {
  const front = open.filter(({ isBackup }) => !isBackup)
  return front.length > 0 ? front : open
}

function atOnce(relays: readonly Relay[]): number {
  return Math.max(
    1,
    relays.reduce((sum, { transport }) => sum + transport.concurrency, 0),
  )
}

/** One at a time until a relay that was shut has answered again. */
function room({ guard, transport }: Relay): number {
  return guard.isProving() ? 1 : transport.concurrency
}

/** Not ended for certain, and no answer about the recipient. */
function mayMove(reply: Reply, outcome: Outcome): boolean {
  return reply.kind === 'notEnded' || outcome.kind === 'relayDown'
}

/** What stands when no relay can be asked. `isLeft`: one that would take it is shut. */
function lastWord(replies: readonly RelayedReply[], { isLeft }: { readonly isLeft: boolean }): RelayedReply {
  // Words about this very message go before those about a relay: else it could be tried for ever.
  const last = replies.find((reply) => readOutcome(reply).kind !== 'relayDown') ?? replies.at(-1)
  if (last === undefined)
    return { kind: 'notEnded', cause: 'no relay takes messages now', scope: 'relay', relay: '' }
  if (!isForGood(last) || (!isLeft && replies.every(isForGood))) return last
  const cause = `${last.relay} ${causeOf(last)}; no other relay takes messages now`
  return { kind: 'notEnded', cause, scope: 'message', relay: last.relay }
}

function isBeingProved({ guard, underWay }: Relay): boolean {
  return guard.isProving() && underWay > 0
}

function isForGood(reply: RelayedReply): boolean {
  return readOutcome(reply).kind === 'failed'
}

function causeOf(reply: RelayedReply): string {
  return reply.kind === 'replied' ? reply.text : reply.cause
}

function domainOf({ envelope: { to } }: WireMessage): string {
  return to.slice(to.lastIndexOf('@') + 1).toLowerCase()
}
