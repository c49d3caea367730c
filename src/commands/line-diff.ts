/** What differs between two texts, line by line, as people read it: `- ` is gone, `+ ` is new. */

export interface ChangedLine {
  readonly sign: '-' | '+'
  readonly line: string
}

/** Cells of the table of common lines; beyond it, all that lies between the first and the last change is shown. */
const MAX_CELLS = 4_000_000

/** In reading order; none when they are the same. */
export function diffLines(before: string, after: string): readonly ChangedLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1
  let [oldEnd, freshEnd] = [old.length, fresh.length]
  while (oldEnd > start && freshEnd > start && old[oldEnd - 1] === fresh[freshEnd - 1]) {
    oldEnd -= 1
    freshEnd -= 1
  }
  const [gone, come] = [old.slice(start, oldEnd), fresh.slice(start, freshEnd)]
  return gone.length * come.length > MAX_CELLS
    ? [...gone.map((line) => sign('-', line)), ...come.map((line) => sign('+', line))]
    : walk(gone, come, countCommon(gone, come))
}

function sign(mark: ChangedLine['sign'], line: string): ChangedLine {
  return { sign: mark, line }
}

/** How many lines the rests from each place on have in common: the longest common subsequence. */
function countCommon(gone: readonly string[], come: readonly string[]): Uint32Array {
  const width = come.length + 1
  const common = new Uint32Array((gone.length + 1) * width)
  for (let row = gone.length - 1; row >= 0; row--)
    for (let column = come.length - 1; column >= 0; column--)
      common[row * width + column] =
        gone[row] === come[column]
          ? (common[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(common[(row + 1) * width + column] ?? 0, common[row * width + column + 1] ?? 0)
  return common
}

function walk(gone: readonly string[], come: readonly string[], common: Uint32Array): readonly ChangedLine[] {
  const width = come.length + 1
  const changed: ChangedLine[] = []
  let [row, column] = [0, 0]
  while (row < gone.length || column < come.length) {
    const [line, other] = [gone[row], come[column]]
    const isDown =
      other === undefined ||
      (common[(row + 1) * width + column] ?? 0) >= (common[row * width + column + 1] ?? 0)
    if (line !== undefined && line === other) {
      row += 1
      column += 1
    } else if (line !== undefined && isDown) {
      changed.push(sign('-', line))
      row += 1
    } else {
      changed.push(sign('+', other ?? ''))
      column += 1
    }
  }
  return changed
}
