/** The process of the bare insert: reads its request from the first argument, prints how long it took. */

import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import Database from 'libsql'
import type { BareRequest } from './import.js'

// Written by import.ts.
const { file, database } = JSON.parse(process.argv[2] ?? '{}') as BareRequest
const db = new Database(database)
db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16000')
db.exec(
  `create table person (id integer primary key, address text not null unique, name text not null, city text not null,
    plan text not null)`,
)
const insert = db.prepare('insert into person (address, name, city, plan) values (?, ?, ?, ?)')

const began = performance.now()
db.exec('begin')
for await (const [address, name, city, plan] of createReadStream(file).pipe(parse({ from_line: 2 })))
  insert.run([address, name, city, plan])
db.exec('commit')
const seconds = (performance.now() - began) / 1_000
db.close()
process.stdout.write(JSON.stringify({ seconds }))
