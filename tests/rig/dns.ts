/**
 * A DNS server on UDP (RFC 1035) that answers from a table, for the real resolver of a real process. Names of addresses
 * are asked for by their in-addr.arpa names; the table holds them by address.
 */

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Records, Zone } from './zone.js'

type Type = Exclude<keyof Records, 'fails'>
const TYPES: Readonly<Record<number, Type>> = { 1: 'A', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA' }
const TTL_S = 60
const NXDOMAIN = 3
/** Names of the codes that a test may ask for. */
const CODES: Readonly<Record<string, number>> = { EFORMERR: 1, ESERVFAIL: 2, ENOTIMP: 4, EREFUSED: 5 }

export interface DnsServer {
  /** `127.0.0.1:5353` */
  readonly address: string
  stop(): Promise<void>
}

/** The zone is read at each question. `ETIMEOUT`: no answer. */
export async function startDns(zone: () => Zone): Promise<DnsServer> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const reply = answer(query, zone())
    if (reply !== null) socket.send(reply, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async stop() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

function answer(query: Buffer, zone: Zone): Buffer | null {
  const { name, end } = readName(query, 12)
  const type = TYPES[query.readUInt16BE(end)]
  const records = zone[addressIn(name) ?? name]
  if (records?.fails === 'ETIMEOUT') return null
  const found = (type === undefined ? undefined : records?.[type]) ?? []
  const code =
    records === undefined ? NXDOMAIN : records.fails === undefined ? 0 : (CODES[records.fails] ?? 2)
  const header = Buffer.alloc(12)
  header.writeUInt16BE(query.readUInt16BE(0), 0)
  // An answer with recursion available.
  header.writeUInt16BE(0x8180 | code, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(found.length, 6)
  const question = query.subarray(12, end + 4)
  const answers = found.map((record) => {
    const data = type === undefined ? Buffer.alloc(0) : encode(type, record)
    const head = Buffer.alloc(12)
    // The name is the one of the question.
    head.writeUInt16BE(0xc00c, 0)
    head.writeUInt16BE(query.readUInt16BE(end), 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt32BE(TTL_S, 6)
    head.writeUInt16BE(data.length, 10)
    return Buffer.concat([head, data])
  })
  return Buffer.concat([header, question, ...answers])
}

function readName(query: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = start
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

function addressIn(name: string): string | null {
  const reversed = /^(\d+\.\d+\.\d+\.\d+)\.in-addr\.arpa$/.exec(name)?.[1]
  return reversed === undefined ? null : reversed.split('.').reverse().join('.')
}

function encode(type: Type, record: string | readonly string[]): Buffer {
  switch (type) {
    case 'A':
      return Buffer.from(String(record).split('.').map(Number))
    case 'AAAA':
      throw new Error('this server has no AAAA records')
    case 'PTR':
      return encodeName(String(record))
    case 'MX': {
      const [priority = '', exchange = ''] = String(record).split(' ')
      const head = Buffer.alloc(2)
      head.writeUInt16BE(Number(priority))
      return Buffer.concat([head, encodeName(exchange)])
    }
    case 'TXT': {
      const strings = typeof record === 'string' ? (record.match(/.{1,255}/g) ?? ['']) : record
      return Buffer.concat(
        strings.map((text) => Buffer.concat([Buffer.of(text.length), Buffer.from(text, 'latin1')])),
      )
    }
  }
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '')
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])),
    Buffer.of(0),
  ])
}
