/**
 * The tables as types, one interface a noun. Portable on SQLite and Postgres: times are integer milliseconds since
 * 1970, flags 0/1, JSON is text. The SQL stands in `migrations/`.
 */

import type { ColumnType, Generated } from 'kysely'

export const SUBSCRIPTION_STATUSES = ['pending', 'active', 'unsubscribed'] as const
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number]

export type SendState =
  | 'draft'
  | 'scheduled'
  | 'waiting'
  | 'preparing'
  | 'sending'
  | 'paused'
  | 'finished'
  | 'cancelled'

export const DELIVERY_STATES = [
  'queued',
  'sending',
  'deferred',
  'sent',
  'bounced',
  'failed',
  'uncertain',
  'excluded',
] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export type EventKind =
  | 'subscribed'
  | 'unsubscribed'
  /** Back on a List after a mistaken unsubscribe, by their own act or by an editor's. */
  | 'restored'
  /** Preferences of a Subscription: topics, frequency, pause; the language of a Subscriber. */
  | 'preferred'
  /** Another address. */
  | 'moved'
  | 'exported'
  | 'erased'
  | 'suppressed'
  /** A Suppression is lifted. */
  | 'allowed'
  | 'commented'
  | 'bounced'
  | 'complained'
  | 'opened'
  | 'clicked'

/** `trap`: the link that no person sees. `form`: a page's form that only a person passes, other than to unsubscribe. */
export const HIT_KINDS = ['open', 'click', 'trap', 'unsubscribe', 'form'] as const
export type HitKind = (typeof HIT_KINDS)[number]

export const VERDICTS = ['person', 'unknown', 'machine'] as const
export type Verdict = (typeof VERDICTS)[number]

/** A column that gets its value once. */
type Fixed<T> = ColumnType<T, T, never>

export interface MetaTable {
  key: Fixed<string>
  value: string
}

export interface ListTable {
  id: Generated<number>
  name: Fixed<string>
  title: string
  visibility: 'public' | 'private'
  /** Who may be on it, as its public pages say. */
  description: Generated<string>
  /** 1: people may subscribe to it by themselves. */
  is_open: Generated<number>
  /** What readers may choose among: JSON list of { name, title }; empty: no choice. */
  topics: Generated<string>
  /** 1: readers may ask for one Issue a month at most. */
  has_monthly: Generated<number>
  created_at: Fixed<number>
}

export interface SubscriberTable {
  id: Generated<number>
  /** As given, domain lower-case. */
  address: string
  /** Normalised; unique in the publication. Changed together with the hash beside it, or never. */
  address_key: string
  /** `hashAddress` of the address key, which Suppressions are looked up by; null until a freeze needs it. */
  address_hash: Generated<string | null>
  name: string
  /** JSON object of strings. */
  attributes: string
  /** Language that the person chose for pages and Notices; null: none chosen. */
  lang: string | null
  /** 1: of their opens and clicks nothing is kept. */
  is_untracked: Generated<number>
  created_at: Fixed<number>
  changed_at: number
}

/** Someone who moved to the address of another Subscriber and became one with them; Deliveries keep the old id. */
export interface MergedTable {
  subscriber_id: Fixed<number>
  into_id: number
}

export interface TagTable {
  subscriber_id: Fixed<number>
  name: Fixed<string>
}

export interface SubscriptionTable {
  id: Generated<number>
  list_id: Fixed<number>
  /** Another one once two Subscribers have become one. */
  subscriber_id: number
  status: SubscriptionStatus
  /** JSON object: `topics`, names of the List's topics, and `monthly`, true. */
  preferences: Generated<string>
  /** Gets nothing before. */
  paused_until: number | null
  /** Who ended it; an editor may take back what an editor did, nobody what the person did. */
  left_by: 'person' | 'editor' | null
  created_at: Fixed<number>
  changed_at: number
}

export interface SuppressionTable {
  /** Keyed hash of the address key, hex. */
  address_hash: Fixed<string>
  reason: string
  created_at: Fixed<number>
  /** 1 where its person was erased, whatever the reason: no editor lifts it. */
  is_erased: Generated<number>
}

export interface IssueTable {
  id: Generated<number>
  slug: Fixed<string>
  created_at: Fixed<number>
}

export interface CompiledIssueTable {
  /** SHA-256 of content, hex. */
  hash: Fixed<string>
  slug: Fixed<string>
  /** CompiledIssue as canonical JSON. */
  content: Fixed<string>
  created_at: Fixed<number>
}

export interface ImageTable {
  sha256: Fixed<string>
  ext: Fixed<string>
  bytes: Fixed<Uint8Array>
}

export interface SendTable {
  id: Generated<number>
  issue_id: Fixed<number>
  compiled_hash: Fixed<string>
  list_id: Fixed<number>
  /** A Segment as JSON: its filter as it was written, and parsed; null: all of the List. */
  segment: Fixed<string | null>
  /** JSON list of the Issue's topics; null: none. */
  topics: Generated<string | null>
  /** When its freeze began: what a Segment, a pause and "one a month" take for now. */
  as_of: number | null
  /** IANA name of the time zone whose days and months these are; null: UTC. */
  calendar: Generated<string | null>
  /** 0, or 1, 2, … for a named repeat of the same Issue. */
  copy: Generated<number>
  /** What a repeat is, in a few words; null for a plain Send. */
  label: Fixed<string | null>
  /** The Send whose people a repeat is for, and which of them. */
  of_send: Fixed<number | null>
  of_which: Fixed<'cancelled' | 'failed' | null>
  state: SendState
  /** Why it is paused, waiting or cancelled; a sentence. */
  reason: string | null
  /** It was an engine's start that paused it: the database is a copy, or had no engine for long. `pressrun adopt` resumes it. */
  held: 'copy' | 'silent' | null
  uncertain_policy: Generated<'hold' | 'resend'>
  created_at: Fixed<number>
  scheduled_at: number | null
  /** IANA name of the time zone the time was said in. */
  zone: string | null
  /** Started by itself up to this long after its time; later a person is asked. */
  late_ms: number | null
  /** JSON list of { lane, cause }: whose refusals are taken back while it is paused; null for none. */
  tripped: string | null
  /** When an engine last said why it does not get on (`reason`, while `sending`). */
  explained_at: number | null
  /** The flip to `sending`; also the Date of every Message. */
  started_at: number | null
  /** When it was last told to go on. */
  resumed_at: number | null
  /** When nothing of it was under way any more, for a cancelled one too. */
  finished_at: number | null
  /** The freeze goes by windows of subscriber ids, and within one by address key. Last id of the window it is at. */
  freeze_cursor: Generated<number>
  /** That window begins after this id. */
  freeze_from: Generated<number>
  /** Last address key placed in that window; null when all of it is placed. */
  freeze_key: string | null
  /** Count of the frozen set; null until the flip, or until a Send that was cancelled before it is settled. */
  audience: number | null
  /** SHA-256 over the sorted subscriber ids, hex; null as long as `audience`. */
  set_digest: string | null
  /** What `verify` found wrong at finish; null when clean. */
  alarm: string | null
  /** Grows, by a trigger, with each change of a Delivery or an Attempt that was settled: a tally of before is stale. */
  changes: Generated<number>
}

export interface BatchTable {
  id: Generated<number>
  send_id: Fixed<number>
  lane: Fixed<string>
  /** Closed: no Delivery of it is queued or sending any more. */
  state: Generated<'open' | 'closed'>
  /** Grows by one at each claim; guards the intent. */
  fence: Generated<number>
  lease_owner: string | null
  lease_until: number | null
}

export interface DeliveryTable {
  id: Generated<number>
  send_id: Fixed<number>
  issue_id: Fixed<number>
  subscriber_id: Fixed<number>
  subscription_id: number
  /** Null for those born excluded. */
  batch_id: number | null
  lane: Fixed<string>
  copy: Fixed<number>
  /** As it was frozen; '' once erased. */
  address: string
  /** Null once excluded, so that the unique index speaks of those that may go out. */
  address_key: string | null
  /** Hole values as they were at freeze. */
  name: string
  attributes: string
  state: DeliveryState
  reason: string | null
  /** Number of the last Attempt; 0 before the first. */
  attempt: Generated<number>
  /** How many Attempts were answered with "slow down"; they use up nothing of the retry schedule. */
  slowed: Generated<number>
  not_before: Generated<number>
  reply_code: number | null
  reply_text: string | null
  /** 1: its pixel and Links are answered and nothing is kept of it. */
  is_untracked: Generated<number>
  changed_at: number
}

export interface AttemptTable {
  delivery_id: Fixed<number>
  number: Fixed<number>
  send_id: Fixed<number>
  relay: Fixed<string>
  fence: Fixed<number>
  /** The process that meant it. */
  owner: Fixed<string>
  intended_at: Fixed<number>
  /** What it came to; null while nobody knows. */
  outcome: string | null
  code: number | null
  text: string | null
  replied_at: number | null
  /**
   * What was decided of one that has no reply, by whom and when: `resend` (queued again), `leave` (it stays uncertain),
   * `arrived` or `bounced` (evidence came).
   */
  decision: 'resend' | 'leave' | 'arrived' | 'bounced' | null
  decided_by: string | null
  decided_at: number | null
}

export interface HitTable {
  id: Generated<number>
  kind: Fixed<HitKind>
  delivery_id: Fixed<number>
  link: Fixed<number | null>
  method: Fixed<string>
  /** '' once it is purged or its person erased, as the network is. */
  user_agent: string
  /** /24 or /48 of the client's address. */
  network: string
  /** The request headers that matter to a classification, JSON object; then `{"purged":"1"}`. */
  headers: string
  at: Fixed<number>
  /** 1 when the indexes know it; 0 on SQLite until it is filed (`event/file-hits.ts`). */
  is_filed: Generated<number>
}

export interface EventTable {
  id: Generated<number>
  kind: Fixed<EventKind>
  at: Fixed<number>
  subscriber_id: Fixed<number | null>
  list_id: Fixed<number | null>
  send_id: Fixed<number | null>
  delivery_id: Fixed<number | null>
  link: Fixed<number | null>
  hit_id: Fixed<number | null>
  /** How and from where, JSON object; once its person is erased, how alone. */
  detail: string
}

/** Of a Delivery whose person left by it, complained or did not get it after all: what its Events come to (`event/aftermath.ts`). */
export interface AftermathTable {
  delivery_id: Fixed<number>
  send_id: Fixed<number>
  has_left: Generated<number>
  has_complained: Generated<number>
  /** The worst that was reported after it was accepted: 1 hard, 2 soft, 3 policy or content; 0 none. */
  fault: Generated<number>
  /** 1 where the Delivery itself is: then `fault` is no second bounce. */
  is_bounced: Generated<number>
}

/** What a Hit was last taken for; may be worked out anew, the Hit stays. */
export interface ClassificationTable {
  hit_id: Fixed<number>
  /** Of the rules. */
  version: number
  verdict: Verdict
  /** Names of the rules that spoke, comma-separated, the deciding one first. */
  reasons: string
}

/** Hits of one Delivery on one thing beyond those that are kept one by one. */
export interface SurplusTable {
  delivery_id: Fixed<number>
  kind: Fixed<HitKind>
  /** Index of the Link; -1: none. */
  link: Fixed<number>
  hits: number
  /** How many of them `reach` holds already. */
  counted: Generated<number>
  first_at: Fixed<number>
  last_at: number
}

/** What the Hits of a Send come to: a sum over its Deliveries, kept up to date by ingest, and made anew from raw Hits. */
export interface ReachTable {
  send_id: Fixed<number>
  kind: Fixed<'open' | 'click'>
  /** What it is sorted by: `all`, `link`, `section`, `time`, `lane`, `domain`, `passage`, `version`. */
  sorted: Fixed<string>
  /** Which one of them; '' for `all`. */
  key: Fixed<string>
  verdict: Fixed<Verdict>
  hits: number
  /** Each once, under the best that any of its Hits was taken for. */
  deliveries: number
}

/**
 * A Send whose `reach` is being made anew, in `reach_anew`: its Deliveries up to `after` are in it, and what ingest
 * changes of those is changed in both.
 */
export interface RebuildTable {
  send_id: Fixed<number>
  after: number
  /** 1: its Hits are older than `reach`, which holds nothing of it before this is done. */
  is_first: Fixed<number>
  /** By whoever makes it; when that is long ago, another goes on. */
  touched_at: number
}

/** Deliveries whose Hits were judged while no acceptance was on record: a click soon after it means something else. */
export interface UnrepliedTable {
  delivery_id: Fixed<number>
}

/** Grows with each change of a Send's `reach`: whoever has judged by an earlier one judges again. */
export interface ReachTurnTable {
  send_id: Fixed<number>
  turn: number
}

/** What the Deliveries of a settled Send come to. Stale when the Send's `changes` have grown. */
export interface TallyTable {
  send_id: Fixed<number>
  changes: number
  /** JSON. */
  content: string
}

/** What came back about a Message, or claimed to: a bounce, a complaint, an auto-reply, something nobody understands. */
export interface FeedbackTable {
  id: Generated<number>
  /** SHA-256 of what came, hex: the same counts once. */
  digest: Fixed<string>
  /** `smtp`, `maildir`, `imap`, `pop3`, `ses`, `postmark`, `mailgun`, `sendgrid`. */
  source: Fixed<string>
  /** What it was taken for. */
  verdict: string
  /** Null: it names none of ours, or nothing that verifies. */
  delivery_id: number | null
  /** JSON object. */
  detail: string
  /** Cut, and kept only of what nobody understands. */
  bytes: Uint8Array | null
  at: Fixed<number>
}

/** What a provider has signed a report with that does not cover the report itself: it proves one event. */
export interface HookTokenTable {
  token: Fixed<string>
  /** SHA-256 of the event, hex. */
  event: Fixed<string>
  /** When it came. */
  at: Fixed<number>
}

/** A lane that a receiver has slowed down; no row, and nulls: as its limits say. */
export interface LaneTable {
  name: Fixed<string>
  /** Grows by one at each change: who has not seen the last one may not change it. */
  version: number
  /** Messages an hour, all workers together. */
  per_hour: number | null
  /** Where it climbs to again. */
  goal_per_hour: number
  /** Messages under way at once, for each worker. */
  connections: number | null
  /** Slowed down so often in a row without another answer between. */
  strikes: number
  /** What the receiver said. */
  reason: string | null
  suspended_until: number | null
  /** Since when nothing was accepted. */
  slowed_since: number | null
  changed_at: number
}

/** A process that delivers, as long as it shows signs of life. */
export interface WorkerTable {
  owner: Fixed<string>
  seen_at: number
  /** 1: it does without Redis, and keeps to its share of every limit. */
  is_alone: number
  /** What it does by lane and relay, JSON. */
  seen: string
}

/** Which lane a domain's mail exchangers belong to. */
export interface MxTable {
  domain: Fixed<string>
  lane: string
  looked_up_at: number
}

/** An import of a file, so that it can be undone as a whole. */
export interface ImportTable {
  id: Generated<number>
  file: Fixed<string>
  list_id: Fixed<number>
  mode: Fixed<'add' | 'update' | 'set'>
  state: 'running' | 'done' | 'undoing' | 'undone'
  /** VerdictCounts, JSON. */
  counts: Generated<string>
  created_at: Fixed<number>
  finished_at: number | null
  undone_at: number | null
}

/** What an import has changed about one Subscriber. */
export interface ImportChangeTable {
  import_id: Fixed<number>
  subscriber_id: Fixed<number>
  /** A Change of `audience/standing.ts`, JSON; null: nothing was changed. `{}`: there was no such Subscriber. */
  subscriber_before: Fixed<string | null>
  /** A StatusChange of `audience/import-change.ts`, JSON; null: nothing was changed. `{}`: there was no such Subscription. */
  subscription_before: Fixed<string | null>
}

/** Someone asked on a public page to be subscribed. It is looked at later, so that the answer says nothing of the address. */
export interface SignUpTable {
  id: Generated<number>
  list_id: Fixed<number>
  /** As typed, cut. */
  address: Fixed<string>
  name: Fixed<string>
  lang: Fixed<string>
  network: Fixed<string>
  user_agent: Fixed<string>
  detail: Generated<string>
  at: Fixed<number>
}

/** How often something was done in a span of time. `key` holds keyed hashes, never an address. */
export interface CapTable {
  key: Fixed<string>
  /** The first of them. */
  starts_at: number
  count: number
}

/** What a Notice is for; its person's act follows from it. */
export type NoticeKind =
  /** Confirm a subscription. */
  | 'confirm'
  /** Asked for a subscription that they have: a link to their preferences. */
  | 'known'
  /** Confirm at the present address that it shall change. */
  | 'moveFrom'
  /** Confirm that the new address is theirs. */
  | 'moveTo'
  /** Confirm the export of one's data. */
  | 'export'
  /** Confirm the erasure of one's data. */
  | 'erase'
  /** Confirm a first comment. */
  | 'comment'

export type NoticeState = Exclude<DeliveryState, 'excluded'>

/** A mail to one person caused by their own act. Its `notice` Token is what the link in it carries. */
export interface NoticeTable {
  id: Generated<number>
  kind: Fixed<NoticeKind>
  /** '' once erased. */
  address: string
  /** `hashAddress` of its key. */
  address_hash: string
  name: string
  lang: Fixed<string>
  list_id: Fixed<number | null>
  subscriber_id: number | null
  /** What the act needs, JSON object. */
  detail: string
  state: NoticeState
  reason: string | null
  /** Number of the last try; the intent of each is on the disk before its end leaves. */
  attempt: Generated<number>
  not_before: Generated<number>
  /** The process that has it in hand. */
  owner: string | null
  reply_code: number | null
  reply_text: string | null
  created_at: Fixed<number>
  changed_at: number
  /** Its link works up to then; earlier than was said when its person has moved away from the address. */
  expires_at: number
  /** When its person did what it asks about. */
  used_at: number | null
}

/** An erasure; done when no message to the person is under way any more whose reply could name the address. */
export interface ErasureTable {
  /** 0: of people who were no Subscribers. */
  subscriber_id: Fixed<number>
  /** The last one's. */
  at: number
  done_at: number | null
}

/** Many who left from one network within minutes: a machine rather than people, as a rule. */
export interface BurstTable {
  id: Generated<number>
  network: Fixed<string>
  /** `how` of the Events `unsubscribed`. */
  how: Fixed<string>
  /** When the first and the last of them left. */
  since: Fixed<number>
  until: number
  /** How many, each one once. */
  people: number
  flagged_at: Fixed<number>
  undone_at: number | null
  undone_by: string | null
}

export interface CommentTable {
  id: Generated<number>
  issue_id: Fixed<number>
  /** Null once erased. */
  subscriber_id: number | null
  /** As the person wants to be named there. */
  name: string
  text: string
  state: 'unconfirmed' | 'held' | 'shown' | 'hidden'
  at: Fixed<number>
  decided_at: number | null
  decided_by: string | null
}

/** A version of an Issue's web page that was published without being sent. */
export interface CorrectionTable {
  id: Generated<number>
  issue_id: Fixed<number>
  compiled_hash: Fixed<string>
  /** What was corrected, in the editor's words. */
  note: Fixed<string>
  at: Fixed<number>
}

export interface Tables {
  meta: MetaTable
  list: ListTable
  subscriber: SubscriberTable
  subscription: SubscriptionTable
  suppression: SuppressionTable
  issue: IssueTable
  compiled_issue: CompiledIssueTable
  image: ImageTable
  send: SendTable
  batch: BatchTable
  delivery: DeliveryTable
  attempt: AttemptTable
  hit: HitTable
  event: EventTable
  aftermath: AftermathTable
  classification: ClassificationTable
  surplus: SurplusTable
  reach: ReachTable
  reach_anew: ReachTable
  reach_turn: ReachTurnTable
  unreplied: UnrepliedTable
  rebuild: RebuildTable
  tally: TallyTable
  feedback: FeedbackTable
  hook_token: HookTokenTable
  lane: LaneTable
  worker: WorkerTable
  mx: MxTable
  merged: MergedTable
  tag: TagTable
  import: ImportTable
  import_change: ImportChangeTable
  sign_up: SignUpTable
  cap: CapTable
  notice: NoticeTable
  erasure: ErasureTable
  burst: BurstTable
  comment: CommentTable
  correction: CorrectionTable
}
