/** A disk that is small enough to be filled: a tmpfs mounted on a folder, for who may mount. */

import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const CHUNK = Buffer.alloc(64 * 1024)

export interface SmallDisk {
  /** Fills it until nothing is left. */
  readonly fill: () => void
  /** Removes what `fill` wrote. */
  readonly empty: () => void
  readonly freeBytes: () => number
  readonly unmount: () => void
}

/** `folder` is made when it is not there. */
export function mountSmallDisk(folder: string, sizeBytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=0700`, 'tmpfs', folder])
  const file = path.join(folder, 'ballast')
  return {
    fill() {
      const ballast = openSync(file, 'a')
      try {
        while (writeSync(ballast, CHUNK) > 0);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      } finally {
        closeSync(ballast)
      }
    },
    empty: () => rmSync(file, { force: true }),
    freeBytes() {
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize
    },
    unmount: () => {
      execFileSync('umount', ['--lazy', folder])
    },
  }
}

/** Root of a machine, or of a container that is allowed to. */
export function mayMount(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-mount-'))
  try {
    mountSmallDisk(folder, 1024 * 1024).unmount()
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
