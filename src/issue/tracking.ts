/** Tracking: what a publication keeps of its readers' opens and clicks, and for how long. */

export interface Tracking {
  /** Mails hold a pixel. */
  readonly opens: boolean
  /** Links of mails lead through the click redirect. */
  readonly clicks: boolean
  /** Of requests that say `DNT: 1` or `Sec-GPC: 1`: `honour` answers and keeps nothing. */
  readonly doNotTrack: 'honour' | 'ignore'
  /** Days after which network, user agent and headers of a Hit go; null: never. */
  readonly keepDays: number | null
  /** Mails hold a link that no person sees. */
  readonly honeypot: boolean
}

/**
 * Of a publication that says nothing. Thirteen months and a few days: an issue can be judged anew until it is compared with
 * the one of a year later, and the numbers stay after that. `ignore`, since some browsers say Do-Not-Track for everyone, and
 * who of them wants it then nobody can tell; each reader has a switch of their own.
 */
export const USUAL_TRACKING: Tracking = {
  opens: true,
  clicks: true,
  doNotTrack: 'ignore',
  keepDays: 400,
  honeypot: false,
}

/** What the mails of an Issue tell. */
export type MailTracking = Pick<Tracking, 'opens' | 'clicks' | 'honeypot'>

/** What may be tracked at most, whatever the files say. */
export type TrackingLimit = Pick<Tracking, 'opens' | 'clicks'>

export const NO_LIMIT: TrackingLimit = { opens: true, clicks: true }
export const NOTHING: TrackingLimit = { opens: false, clicks: false }

/** A honeypot is a click that is tracked. */
export function limitTracking({ opens, clicks, honeypot }: MailTracking, limit: TrackingLimit): MailTracking {
  return {
    opens: opens && limit.opens,
    clicks: clicks && limit.clicks,
    honeypot: honeypot && limit.clicks,
  }
}
