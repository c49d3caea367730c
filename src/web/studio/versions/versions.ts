/**
 * Versions: what a draft is compared with. Pinned bytes of a Send, of this issue or another; a revision that git keeps, drawn
 * as it would be today; what was built here lately.
 */

import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Picture } from '../../../compile/picture.js'
import { InputError } from '../../../errors.js'
import type { IssueSend } from '../../../send/issue-sends.js'
import type { StudioContext } from '../context.js'
import { isSlug } from '../drafts.js'
import type { VersionLine, VersionsView } from './api.js'
import { pinnedPicture } from './pinned-picture.js'
import { isHash, readVersionKey } from './version-key.js'

export interface Version {
  /** `Send 12 to readers` */
  readonly name: string
  readonly picture: Picture
}

export interface Versions {
  list(slug: string): Promise<VersionsView>
  /** Throws InputError when there is none of that name. */
  find(slug: string, key: string): Promise<Version>
}

/** A picture has half a megabyte, and its images. */
const MAX_KEPT = 4
const MAX_LISTED = 10
const SHORT = 7
const HASH_SHORT = 12

export function openVersions({
  draw,
  readSends,
  findPinned,
  revisions,
}: Pick<StudioContext, 'draw' | 'readSends' | 'findPinned' | 'revisions'>): Versions {
  /** By what they are for good; the one that was asked for last stands last. */
  const kept = new Map<string, Promise<Picture>>()

  /** What a Send is of never changes; a page asks for its pictures one by one. */
  const known = new Map<number, IssueSend>()

  async function findSend(id: number): Promise<IssueSend> {
    const send = known.get(id) ?? (await readSends()).find((one) => one.id === id)
    if (send === undefined) throw new InputError(`there is no Send ${id}`)
    known.set(id, send)
    return send
  }

  /** Two who ask at once wait for the same; what failed is tried again. */
  function keep(name: string, make: () => Promise<Picture>): Promise<Picture> {
    const picture = kept.get(name) ?? make()
    kept.delete(name)
    kept.set(name, picture)
    for (const oldest of [...kept.keys()].slice(0, -MAX_KEPT)) kept.delete(oldest)
    picture.catch(() => kept.delete(name))
    return picture
  }

  async function find(slug: string, text: string): Promise<Version> {
    refuseOdd(slug)
    const key = readVersionKey(text)
    switch (key.kind) {
      case 'send': {
        const send = await findSend(key.id)
        return { name: sendName(send), picture: await pinned(send.hash) }
      }
      case 'git':
        return findRevision(slug, key.name)
      case 'hash': {
        const picture = await pinned(key.prefix)
        return { name: `hash ${picture.compilation.hash.slice(0, HASH_SHORT)}`, picture }
      }
      default:
        return key satisfies never
    }
  }

  /** Whoever writes a hash alone may mean either. */
  async function findRevision(slug: string, name: string): Promise<Version> {
    const id = await revisions.find(name).catch((error: unknown) => {
      if (isHash(name)) return null
      throw error
    })
    if (id !== null) {
      const short = id.slice(0, SHORT)
      const called = id.startsWith(name) ? `commit ${short}` : `${name}, commit ${short}`
      return { name: called, picture: await keep(`${id} ${slug}`, () => drawAt(slug, id)) }
    }
    if (isHash(name)) return find(slug, `hash:${name}`)
    throw new InputError(`git knows no branch, tag or commit "${name}"`)
  }

  function pinned(prefix: string): Promise<Picture> {
    return keep(prefix, async () => {
      const compilation = await findPinned(prefix)
      if (compilation !== null) return pinnedPicture(compilation)
      const begins = prefix.slice(0, HASH_SHORT)
      throw new InputError(
        `nothing that was sent, or built here lately, has a hash that begins with ${begins}`,
      )
    })
  }

  function drawAt(slug: string, id: string): Promise<Picture> {
    const short = id.slice(0, SHORT)
    return revisions.take(id, async (root) => {
      const file = `issues/${slug}.md`
      if (!existsSync(path.join(root, file)))
        throw new InputError(`${file} is not in ${short}: it came later, or had another name`)
      try {
        return await draw(slug, root)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        const problems = error.problems.map(({ message, ...problem }) => ({
          ...problem,
          // No link into the file as it is now.
          where: problem.where === '' ? '' : `${short}:${problem.where}`,
          message,
        }))
        throw new InputError(problems, { cause: error })
      }
    })
  }

  return {
    find,
    async list(slug) {
      refuseOdd(slug)
      const [sends, { commits, why }] = await Promise.all([readSends(), revisions.list(`issues/${slug}.md`)])
      const lines = commits.map(
        ({ id, subject, at }): VersionLine => ({
          key: `git:${id.slice(0, HASH_SHORT)}`,
          kind: 'commit',
          name: subject || NO_MESSAGE,
          detail: `commit ${id.slice(0, SHORT)}`,
          at,
          hash: null,
        }),
      )
      return {
        versions: [...listSends(sends, slug), ...lines],
        whyNoCommits: lines.length > 0 ? '' : why || NO_COMMIT,
      }
    },
  }
}

const NO_MESSAGE = 'No message'
const NO_COMMIT = 'no commit holds this issue yet'

/** Those of the issue, and the last of another that had begun before. */
function listSends(sends: readonly IssueSend[], slug: string): readonly VersionLine[] {
  const own = sends.filter((send) => send.slug === slug)
  const began = Math.min(...own.map(({ startedAt }) => startedAt ?? Number.POSITIVE_INFINITY))
  const before = sends
    .filter((send) => send.slug !== slug && send.startedAt !== null && send.startedAt < began)
    .sort((one, other) => (other.startedAt ?? 0) - (one.startedAt ?? 0))
  return [
    ...own.slice(0, MAX_LISTED).map((send) => sendLine(send, 'send')),
    ...before.slice(0, 1).map((send) => sendLine(send, 'issue')),
  ]
}

function sendLine(send: IssueSend, kind: 'send' | 'issue'): VersionLine {
  const { id, slug, state, hash, createdAt, scheduledAt, startedAt } = send
  return {
    key: `send:${id}`,
    kind,
    name: kind === 'send' ? sendName(send) : 'The last issue sent',
    detail: kind === 'send' ? state : slug,
    at: startedAt ?? scheduledAt ?? createdAt,
    hash,
  }
}

function sendName({ id, list }: IssueSend): string {
  return `Send ${id} to ${list}`
}

function refuseOdd(slug: string): void {
  if (!isSlug(slug)) throw new InputError(`"${slug.slice(0, 80)}" names no issue; write its slug`)
}
