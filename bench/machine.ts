/** The machine, as far as figures depend on it. */

import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { availableParallelism, cpus, release, tmpdir, totalmem, type } from 'node:os'
import path from 'node:path'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly kernel: string
  readonly node: string
  readonly fileSystem: string
  /** One small write and fdatasync, the middle one of many, ms. */
  readonly syncMs: number
}

/** Of statfs(2), as far as they are met. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlay',
  801189825: 'zfs',
  16914836: 'tmpfs',
}
const SYNCS = 200
const BYTES_A_SYNC = 4_096

/** A folder that a disk stands behind; the temp folder may be in memory. */
export function diskFolder(): string {
  return fileSystemOf(tmpdir()) === 'tmpfs' ? '/var/tmp' : tmpdir()
}

export function describeMachine(folder: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: `${type()} ${release()}`,
    node: process.version,
    fileSystem: fileSystemOf(folder),
    syncMs: measureSync(folder),
  }
}

/** What else the machine was doing: runnable processes over the last minute. */
export function readLoad(): number {
  return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0])
}

function fileSystemOf(folder: string): string {
  const { type: magic } = statfsSync(folder)
  return FILE_SYSTEMS[magic] ?? `0x${magic.toString(16)}`
}

function measureSync(folder: string): number {
  const file = path.join(folder, 'sync')
  const descriptor = openSync(file, 'w')
  const bytes = Buffer.alloc(BYTES_A_SYNC, 1)
  const times: number[] = []
  for (let count = 0; count < SYNCS; count++) {
    const began = performance.now()
    writeSync(descriptor, bytes)
    fdatasyncSync(descriptor)
    times.push(performance.now() - began)
  }
  closeSync(descriptor)
  rmSync(file)
  times.sort((a, b) => a - b)
  return times[SYNCS / 2] ?? Number.NaN
}
