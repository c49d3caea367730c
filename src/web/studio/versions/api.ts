/** What the server says of the versions that a draft is compared with, as JSON: types alone, for both sides. */

/** One that there is, in the list. */
export interface VersionLine {
  /** `send:12`, `git:3f9a21…` */
  readonly key: string
  /** `send`: of this issue. `issue`: a Send of another. `commit`: one that touched the file. */
  readonly kind: 'send' | 'issue' | 'commit'
  readonly name: string
  readonly detail: string
  /** Ms since 1970. */
  readonly at: number
  /** Of what it pinned; null where that is not known before it is drawn. */
  readonly hash: string | null
}

/** `/api/drafts/SLUG/versions` */
export interface VersionsView {
  readonly versions: readonly VersionLine[]
  /** Why git has no commits of it, one sentence; '' when it has. */
  readonly whyNoCommits: string
}

export interface DiffPiece {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** A paragraph, or a line. */
export type DiffBlock = readonly DiffPiece[]

/** UTF-16 units of a passage, the end not among them. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** `was`, `is`: its place among the passages before, and now. */
export type PassageChange =
  | { readonly kind: 'removed'; readonly was: number }
  | { readonly kind: 'added'; readonly is: number }
  | {
      readonly kind: 'changed'
      readonly was: number
      readonly is: number
      /** Words that only the one before has. */
      readonly gone: readonly Span[]
      /** Words that only the one now has. */
      readonly come: readonly Span[]
    }

/** `/api/passages`, asked by POST: what two pictures say, a passage each. The answer is `PassageChange[]`. */
export interface PassageQuestion {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

export interface LinkChange {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly words: string
  readonly url: string
  /** Of `changed`; else null. */
  readonly was: string | null
}

/** `/api/drafts/SLUG/compare?with=KEY&values=` */
export interface ComparisonView {
  /** As the address names it. */
  readonly key: string
  readonly name: string
  /** Of what it is compared with. */
  readonly hash: string
  /** `all`: every byte. `picture`: the HTML, for every reader. */
  readonly same: 'all' | 'picture' | 'nothing'
  /** One sentence about that; '' when something differs in the picture. */
  readonly verdict: string
  /** Of what stands beside the text, what differs. */
  readonly lines: readonly { readonly what: string; readonly pieces: DiffBlock }[]
  readonly links: readonly LinkChange[]
  readonly text: readonly DiffBlock[]
}
