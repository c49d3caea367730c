/**
 * InputError: something a person can fix. An edge prints its message alone (the CLI exits 2, the web answers
 * 400); everything else that is thrown is a bug or an outage.
 */

export interface Problem {
  /** File, option or variable the problem stands in, as the person knows it. */
  readonly where: string
  /** 1-based line in that file, or null where lines mean nothing. */
  readonly line: number | null
  /** What is wrong and what would be right, one sentence. */
  readonly message: string
  /** Of the check that lists it, where the file alone does not say it: `C01`. */
  readonly id?: string
}

export class InputError extends Error {
  override readonly name = 'InputError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[] | string, options?: ErrorOptions) {
    const list = typeof problems === 'string' ? [{ where: '', line: null, message: problems }] : problems
    super(list.map(formatProblem).join('\n'), options)
    this.problems = list
  }
}

/** `issues/x.md:3: "subject" is missing` */
export function formatProblem({ where, line, message }: Problem): string {
  const place = line === null ? where : `${where}:${line}`
  return place === '' ? message : `${place}: ${message}`
}

/** The message of whatever was thrown, for a sentence a person reads. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Ends a switch over a closed union; reaching it is a bug. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
