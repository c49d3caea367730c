/**
 * Owner: what a process is called in leases and Attempts, so that others can tell whether it still lives. The place is
 * the boot and the process namespace it runs in: only there does its process id mean anything.
 */

import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface Owner {
  /** `host:place:pid:random` */
  readonly name: string
  /** Certainly gone? False where nobody here can know. */
  readonly isDead: (owner: string) => boolean
}

/** `isAlone`: the engine lock says that no other process can be alive on this database. */
export function makeOwner({ isAlone }: { readonly isAlone: boolean }): Owner {
  const home = `${hostname()}:${placeOf()}`
  const name = `${home}:${process.pid}:${randomUUID().slice(0, 8)}`
  return {
    name,
    isDead(owner) {
      if (owner === name) return false
      if (isAlone) return true
      const pid = Number(owner.slice(home.length + 1).split(':')[0])
      return owner.startsWith(`${home}:`) && Number.isInteger(pid) && pid !== process.pid && !isAlive(pid)
    },
  }
}

/** On systems that say neither, the host name alone has to do. */
function placeOf(): string {
  const parts = [
    () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    () => readlinkSync('/proc/self/ns/pid'),
  ].map((read) => {
    try {
      return read()
    } catch {
      return ''
    }
  })
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, as somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
