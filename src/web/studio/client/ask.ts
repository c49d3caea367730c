/** Questions to the studio's own server. */

import type { Problem } from '../api.js'

/** What a person must mend, as the server says it. */
export class Refused extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('\n'))
  }
}

/** Throws Refused. `body` makes it a POST. */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(
    path,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
  )
  if (!response.ok) throw new Refused(await problemsOf(response))
  return response.json()
}

async function problemsOf(response: Response): Promise<readonly Problem[]> {
  try {
    return (await response.json()).problems
  } catch {
    return [{ where: '', line: null, message: `the studio answered ${response.status}` }]
  }
}
