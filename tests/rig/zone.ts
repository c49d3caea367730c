/** DNS as a table: a Resolver whose records a test writes down. What is not in it is not there. */

import type { Resolver } from '../../src/doctor/dns.js'

export interface Records {
  /** Each record as its strings. */
  readonly TXT?: readonly (string | readonly string[])[]
  /** `10 mx.example.org`; `0 .` is the null MX. */
  readonly MX?: readonly string[]
  readonly A?: readonly string[]
  readonly AAAA?: readonly string[]
  readonly PTR?: readonly string[]
  /** The resolver fails with this code, whatever is asked. */
  readonly fails?: string
}

export type Zone = Readonly<Record<string, Records>>

export interface CountingResolver extends Resolver {
  /** Every question so far: `TXT example.org`. */
  readonly questions: readonly string[]
}

export function resolverOf(zone: Zone): CountingResolver {
  const questions: string[] = []
  async function find(type: Exclude<keyof Records, 'fails'>, name: string): Promise<readonly unknown[]> {
    questions.push(`${type} ${name}`)
    const records = zone[name.toLowerCase()]
    if (records === undefined) throw failure('ENOTFOUND', name)
    if (records.fails !== undefined) throw failure(records.fails, name)
    const found = records[type]
    if (found === undefined) throw failure('ENODATA', name)
    return found
  }
  return {
    questions,
    resolveTxt: async (name) =>
      (await find('TXT', name)).map((record) =>
        Array.isArray(record) ? record.map(String) : [String(record)],
      ),
    resolveMx: async (name) =>
      (await find('MX', name)).map((record) => {
        const [priority = '', exchange = ''] = String(record).split(' ')
        return { priority: Number(priority), exchange: exchange === '.' ? '' : exchange }
      }),
    resolve4: async (name) => (await find('A', name)).map(String),
    resolve6: async (name) => (await find('AAAA', name)).map(String),
    reverse: async (ip) => (await find('PTR', ip)).map(String),
  }
}

function failure(code: string, name: string): Error {
  return Object.assign(new Error(`${code} ${name}`), { code })
}
