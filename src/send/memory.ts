/**
 * Memory that Messages are written into, used again and again: a fresh piece of 80 KB for each would keep the garbage
 * collector busy for a fifth of the time.
 */

/** Larger ones are rare, and not kept. */
const MAX_PIECE_BYTES = 1024 * 1024
const MAX_KEPT = 256
const GRAIN_BYTES = 16 * 1024

export interface Memory {
  /** A piece of exactly this many bytes, with what was in it before. */
  take(bytes: number): Buffer
  /** Nothing reads this piece any more. Of no effect for what was not taken here, or is back already. */
  giveBack(piece: Uint8Array): void
}

export function openMemory(): Memory {
  const kept: ArrayBuffer[] = []
  const lent = new WeakSet<ArrayBuffer>()
  return {
    take(bytes) {
      const last = kept.pop()
      // One that is too small is let go: all Messages of a Send are about as large.
      const whole = last !== undefined && last.byteLength >= bytes ? last : new ArrayBuffer(roundUp(bytes))
      lent.add(whole)
      return Buffer.from(whole, 0, bytes)
    },
    giveBack({ buffer }) {
      // Only what was lent, and once: else two Messages would be written into the same piece.
      if (!(buffer instanceof ArrayBuffer) || !lent.delete(buffer)) return
      if (buffer.byteLength <= MAX_PIECE_BYTES && kept.length < MAX_KEPT) kept.push(buffer)
    },
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / GRAIN_BYTES) * GRAIN_BYTES
}
